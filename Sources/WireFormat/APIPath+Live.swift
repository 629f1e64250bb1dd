public import RegistryTypes

/// Addresses of what happens after a promotion: requests, service levels, rollouts, incidents and drift.
extension APIPath {
    /// The captured requests: `?model=&release=&arm=&outcome=&labelled=&correct=&since=&until=&before=&limit=`.
    public static let requests = Address(.fixed("requests"))
    /// A captured request.
    public static func request(_ id: RequestID) -> Address { request(text: id.text) }
    /// Labels a captured request by POST.
    public static func labels(_ id: RequestID) -> Address {
        Address(.fixed("requests"), .variable("request", id.text), .fixed("labels"))
    }
    /// Answers a captured request again by POST.
    public static func replay(_ id: RequestID) -> Address {
        Address(.fixed("requests"), .variable("request", id.text), .fixed("replay"))
    }
    /// Freezes captured requests as a traffic set by POST.
    public static func freeze(_ name: Name) -> Address {
        Address(.fixed("traffic"), .variable("traffic", name.text), .fixed("freeze"))
    }
    /// How the capture stands.
    public static let capture = Address(.fixed("capture"))
    /// The SLOs with how they stand: `?model=`.
    public static let slos = Address(.fixed("slos"))
    /// An SLO: `?model=` where it is about several.
    public static func slo(_ name: Name) -> Address { Address(.fixed("slos"), .variable("slo", name.text)) }
    /// The rollouts: `?model=&before=&limit=`.
    public static let rollouts = Address(.fixed("rollouts"))
    /// A rollout.
    public static func rollout(_ id: RolloutID) -> Address {
        Address(.fixed("rollouts"), .variable("rollout", id.description))
    }
    /// Lifts the hold on a channel by POST.
    public static func resume(_ model: Name, _ channel: Name) -> Address {
        Address(
            .fixed("models"),
            .variable("model", model.text),
            .fixed("channels"),
            .variable("channel", channel.text),
            .fixed("resume")
        )
    }
    /// The incidents: `?model=&open=&before=&limit=`.
    public static let incidents = Address(.fixed("incidents"))
    /// An incident.
    public static func incident(_ id: IncidentID) -> Address {
        Address(.fixed("incidents"), .variable("incident", id.description))
    }
    /// Adds a remark to an incident by POST.
    public static func incidentNotes(_ id: IncidentID) -> Address {
        Address(.fixed("incidents"), .variable("incident", id.description), .fixed("notes"))
    }
    /// Closes an incident by POST.
    public static func closeIncident(_ id: IncidentID) -> Address {
        Address(.fixed("incidents"), .variable("incident", id.description), .fixed("close"))
    }
    /// The drift reports: `?model=&before=&limit=`; POST asks for one.
    public static let driftReports = Address(.fixed("drift"))
    /// A drift report.
    public static func drift(_ id: DriftID) -> Address {
        Address(.fixed("drift"), .variable("drift", id.description))
    }
    /// The references that drift is measured against: `?model=`; POST sets one.
    public static let baselines = Address(.fixed("baselines"))
    /// What a person on call needs first.
    public static let onCall = Address(.fixed("oncall"))

    private static func request(text: String) -> Address { Address(.fixed("requests"), .variable("request", text)) }
}
