public import RegistryTypes

/// Who looks at a page, when, and at which address: all that a page depends on besides its data.
public struct PageContext: Hashable, Sendable {
    /// Who is logged in.
    public struct Person: Hashable, Sendable {
        /// The name of the key.
        let name: Name
        /// What it may do.
        let role: Role
        /// The token of its forms.
        let token: String

        /// Somebody with a key.
        public init(name: Name, role: Role, token: String) {
            self.name = name
            self.role = role
            self.token = token
        }
    }

    /// Who is logged in; nil before the login.
    let person: Person?
    /// The path and the query.
    let path: String
    /// The time of the request.
    public let now: Timestamp
    /// The version of the style sheet.
    let styleSheetTag: String
    /// Seconds until the page loads itself again; nil when it does not.
    let refreshSeconds: Int?
    /// How many incidents are open; nil when nobody asked.
    let openIncidents: Int?
    /// Why nothing can be changed now, and what ends it; nil when it can.
    let readOnly: String?

    /// What a page depends on besides its data; `path` may carry a query.
    public init(
        person: Person?,
        path: String,
        now: Timestamp,
        styleSheetTag: String,
        refreshSeconds: Int? = nil,
        openIncidents: Int? = nil,
        readOnly: String? = nil
    ) {
        self.readOnly = readOnly
        self.person = person
        self.path = Self.isOfThisSite(path) ? path : "/"
        self.now = now
        self.styleSheetTag = styleSheetTag
        self.refreshSeconds = refreshSeconds
        self.openIncidents = openIncidents
    }

    /// Whether an address leads to this site wherever it stands in a link: browsers read `//name` and `/\\name` as the
    /// address of another server, and take a backslash for a slash anywhere in a path.
    public static func isOfThisSite(_ path: String) -> Bool {
        let path = path.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard path.first == UInt8(ascii: "/") else { return false }
        var before: UInt8?
        for byte in path {
            if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "/") && before == byte { return false }
            before = byte
        }
        return true
    }

    /// Whether the person may do this, and it would not be refused because nothing can be changed.
    func may(_ operation: Operation) -> Bool {
        operation.permission.isGranted(to: person?.role) && (readOnly == nil || !operation.isChange)
    }

    /// Whether the person may cancel what a key asked for: one's own, or with the role for it that of others.
    func mayCancel(_ operation: Operation, startedBy: String?) -> Bool {
        may(operation) && (person.map(\.name.text) == startedBy || may(.cancelForOthers))
    }
}

extension Operation {
    /// Whether it writes to the log, which is refused while events are missing from it.
    fileprivate var isChange: Bool {
        switch self {
        case .callModel, .labelAnswer, .useSession, .readRegistry, .replayRequest, .renderPrompt, .readTexts,
            .cancelReading, .labelAnyAnswer, .runUnreleased, .cancelAnyReading, .readKeys:
            false
        case .uploadFile, .applyDocuments, .publishVersion, .pushPrompt, .makeRelease, .importTraffic, .freezeTraffic,
            .runCanary, .runEvaluation, .cancelCanary, .cancelEvaluation, .runDrift, .cancelForOthers, .promote,
            .rollBack, .liftHold, .liftQuarantine, .noteIncident, .closeIncident, .setDriftReference, .overridePolicy,
            .changeDocument, .makeKey, .revokeKey:
            true
        }
    }
}
