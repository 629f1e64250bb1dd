import Catalog
public import RegistryRecords
public import RegistryTypes
import TrafficLog
public import WireFormat
import Wording

/// Incidents: what burned or failed, what changed before, what was done since.
public struct Incidents: Sendable {
    let ledger: Ledger
    let requests: CapturedRequests

    /// Lines of a timeline that are shown.
    private static let timelineLimit = 500

    /// Incidents of a model, or all, newest first; only open or only closed ones when asked.
    public func list(model: Name?, open: Bool?, before: Int?, limit: Int) async throws -> [IncidentRow] {
        try await ledger.read { state in
            try model.map(state.requireModel)
            return try state.incidents(
                of: model,
                isOpen: open,
                limit: limit,
                before: before.map { IncidentID($0) }
            ).map { IncidentRow($0) }
        }
    }

    /// How many are open, and since when.
    public func open() async throws -> OpenIncidents {
        let count = ledger.openIncidents
        return try await ledger.read { try count.of($0) }
    }

    /// All about an incident.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `notFound`.
    public func show(_ id: IncidentID) async throws -> IncidentView { try await view(id) }

    private func view(_ id: IncidentID, note: String? = nil) async throws -> IncidentView {
        let (record, entries, isHeld) = try await ledger.read { state in
            let record = try state.requireIncident(id)
            let hold = try record.channel.flatMap { try state.hold(record.model, $0) }
            // A hold that another rollout left is not what this incident is about.
            let isHeld = record.rollout != nil && hold?.rollout == record.rollout
            return (record, try state.timeline(of: id, limit: Self.timelineLimit), isHeld)
        }
        return IncidentView(
            row: IncidentRow(record),
            sentence: record.sentence,
            facts: record.facts,
            changedBefore: record.lastMoves.map { TimelineRow($0) },
            timeline: entries.map { TimelineRow($0) },
            samples: try await requests.rows(of: record.samples),
            rollout: record.rollout,
            next: Self.next(after: record, isHeld: isHeld).text,
            at: ledger.now(),
            note: note
        )
    }

    /// Writes a remark to an incident, also to one that is closed.
    ///
    /// - Throws: ``ControlPlaneError``: `notFound`; `badRequest` for an empty remark.
    public func note(_ id: IncidentID, _ request: NoteRequest, by caller: Caller) async throws -> IncidentView {
        try caller.require(.noteIncident)
        let text = try Remark.check(request.text, called: "remark")
        try await ledger.append(by: caller, urgency: .incident) { state in
            _ = try state.requireIncident(id)
            return Change([.incidentNoted(IncidentNoted(id: id, text: text))])
        }
        return try await show(id)
    }

    /// Closes an incident; one that is closed stays as it is.
    ///
    /// - Throws: ``ControlPlaneError``: `notFound`; `badRequest` without a reason.
    public func close(_ id: IncidentID, _ request: ReasonRequest, by caller: Caller) async throws
        -> IncidentView
    {
        try caller.require(.closeIncident)
        let reason = try Remark.check(request.reason, called: "reason")
        let note = try await ledger.append(by: caller, urgency: .incident) { state -> Change<String?> in
            if let closed = try state.requireIncident(id).closed {
                let words = "\(id) was closed before, \(TimeText.second(closed.at)), by \(closed.by): "
                return Change([], answer: words + "\(closed.event.reason); nothing was stored now")
            }
            return Change([.incidentClosed(IncidentClosed(id: id, reason: reason))], answer: nil)
        }.answer
        return try await view(id, note: note)
    }

    /// What ends it: lifting the hold that its rollout left, else closing it. One of missing traffic ends by itself.
    private static func next(after record: IncidentRecord, isHeld: Bool) -> Advice {
        guard record.closedAt == nil else { return "\(.incidentExport(record.id))" }
        if isHeld {
            return "\(.rolloutResume(record.model, channel: record.channel)), once the cause is understood"
        }
        if record.family == .store {
            return "\(.publish(.path, model: record.model)): the same bytes; then it ends by itself"
        }
        if record.family == .traffic { return "\(.status(record.model))" }
        return "\(.incidentClose(record.id)), once it is over and the cause is understood"
    }
}

/// A text that a person wrote into the log.
enum Remark {
    /// What is said where a message comes with content that is stored already.
    static func notStored(_ id: VersionID, has message: String?) -> String {
        "the message was not stored: \(id) " + (message == nil ? "was stored before, without one" : "has its own")
    }

    /// Not empty, and at most 4,000 bytes.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badRequest`.
    static func check(_ text: String, called what: String) throws(ControlPlaneError) -> String {
        let bytes = text.utf8
        let isBlank = bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }
        guard !isBlank, bytes.count <= 4000 else {
            throw ControlPlaneError(
                .badRequest,
                isBlank
                    ? "the \(what) is empty"
                    : "the \(what) has \(NumberText.count(bytes.count, "byte")), 4,000 are the most",
                next: "say in a sentence what the next reader has to know"
            )
        }
        try refuseNull(text, called: what)
        return text
    }

    /// SQLite's bound texts end at U+0000.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badRequest`.
    static func refuseNull(_ text: String, called what: String) throws(ControlPlaneError) {
        guard text.utf8.contains(0) else { return }
        throw ControlPlaneError(
            .badRequest,
            "the \(what) holds the character U+0000",
            why: "what comes after it would be lost",
            next: "send it without"
        )
    }

    /// At most 4,000 bytes, where there is one: texts in the log are shown wherever what they are about is.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badRequest`.
    static func checkLength(_ text: String?, called what: String) throws(ControlPlaneError) {
        guard let text, !text.isEmpty else { return }
        _ = try check(text, called: what)
    }
}

extension IncidentRow {
    init(_ record: IncidentRecord) {
        self.init(
            id: record.id,
            model: record.model,
            channel: record.channel,
            family: record.family.rawValue,
            severity: record.severity.rawValue,
            title: record.title,
            openedAt: record.openedAt,
            closedAt: record.closedAt,
            release: record.release
        )
    }
}

extension TimelineRow {
    init(_ entry: IncidentEntry) {
        let kind: String =
            switch entry.kind {
            case .opened: "opened"
            case .updated: "changed"
            case .noted: "note"
            case .closed: "closed"
            }
        self.init(at: entry.at, by: entry.by, text: entry.text, kind: kind, event: entry.seq)
    }

    /// A move of a channel.
    init(_ move: ChannelMove) {
        let way = (move.from.map { "r\($0) → " } ?? "") + "r\(move.to)"
        let how: String =
            switch move.how {
            case .promoted: "promoted"
            case .overridden: "promoted by override"
            case .rolledBack: "rolled back"
            case .returned: "rolled back automatically"
            }
        self.init(
            at: move.at,
            by: move.by,
            text: "\(move.model)@\(move.channel): \(way), \(how)" + (move.reason.map { ": \($0)" } ?? ""),
            kind: "move",
            event: move.seq
        )
    }
}
