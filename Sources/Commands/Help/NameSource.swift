import ArgumentParser
import AsyncHTTPClient
import Foundation
import RegistryRecords
import RegistryTypes
import WireFormat

/// Where the names come from that completion offers for an argument: mostly a list verb, so that what TAB offers is what
/// `serin … list -o name` prints.
enum NameSource: Hashable, Sendable {
    case models, references, releaseNumbers, prompts, sets, channels, canaryDocuments, keys, eventKinds, decisions
    case canaries, evaluations, driftReports, baselines, policies, levels, incidents, rollouts, requests
    case requestFilters, anything, unfinishedCanaries, unfinishedEvaluations, openIncidents, workingKeys, actors
    case quarantined

    /// What the value of an argument of a verb names; nil when it is no name that somebody else gave. The words of the
    /// verb say what `<id>` and `<name>` are.
    static func of(_ argument: CommandArgument, _ tree: CommandTree) -> NameSource? {
        let noun = tree.words.dropFirst().first ?? ""
        return switch (argument.names.first { $0.hasPrefix("--") }, argument.valueName) {
        case ("--prompt", _), (nil, "prompt"): .prompts
        case ("--on", "id"): .canaries
        case ("--model", "ref"), ("--from", _), ("--base", _), ("--on", _): .references
        case ("--model", _), (nil, "model"): .models
        case ("--against", "ref"): .references
        case ("--against", "id"): .baselines
        case ("--using", _): .canaryDocuments
        case ("--decision", _): .decisions
        case ("--who", _): .actors
        case ("--key", _): .keys
        case ("--subject", _): .anything
        case ("--kind", _): .eventKinds
        case ("--filter", _): .requestFilters
        case (_, "channel"): .channels
        case (_, "set"): .sets
        case (_, "rN"): .releaseNumbers
        case (nil, "ref") where noun == "open": .anything
        case (nil, "ref") where noun == "quarantine": .quarantined
        case (nil, "ref"), (nil, "file|ref"), (nil, "baseline"), (nil, "candidate"): .references
        case (nil, "id"), (nil, "name"): ofVerb[tree.words.dropFirst().joined(separator: " ")] ?? ofNoun[noun]
        default: nil
        }
    }

    /// What `<id>` and `<name>` are where not all of a noun make sense; nil where they are new.
    private static let ofVerb: [String: NameSource?] = [
        "canary cancel": .unfinishedCanaries, "eval cancel": .unfinishedEvaluations, "incident close": .openIncidents,
        "key revoke": .workingKeys, "key create": nil,
    ]

    /// What `<id>` and `<name>` are of a noun. A name that a verb makes, such as `key create NAME`, has other words.
    private static let ofNoun: [String: NameSource] = [
        "canary": .canaries, "eval": .evaluations, "drift": .driftReports, "slo": .levels, "policy": .policies,
        "rollout": .rollouts, "incident": .incidents, "request": .requests, "replay": .requests, "key": .keys,
    ]

    /// What `--filter` of `serin traffic freeze` takes: see serin help refs.
    static let filters = [
        "release", "version", "channel", "arm", "source", "outcome", "key", "labelled", "correct", "liked", "valid",
    ]

    /// The most names that are asked for at once.
    static let maxNames = 100

    /// How long a server is waited for: a person who pressed TAB does not wait longer.
    static let deadline = Duration.milliseconds(900)

    /// The names, or none when the server does not answer in time, or does not want to.
    func names(before: [String], current: String, _ environment: Environment) async -> [String] {
        switch self {
        case .eventKinds: return RegistryEvent.kinds
        case .requestFilters: return Self.filters.map { "\($0)=" }
        default: break
        }
        // The first of the answer and the time; whoever is left is cancelled.
        return await withTaskGroup(of: [String].self) { group in
            group.addTask { (try? await ask(before: before, current: current, environment)) ?? [] }
            group.addTask {
                try? await Task.sleep(for: Self.deadline)
                return []
            }
            defer { group.cancelAll() }
            return await group.next() ?? []
        }
    }

    private func ask(before: [String], current: String, _ environment: Environment) async throws -> [String] {
        // What was already typed may say which server, and who asks; in one word or in two.
        func given(_ flag: String) -> String? {
            for (place, word) in before.enumerated() {
                if word == flag, place + 1 < before.count { return before[place + 1] }
                if word.utf8.starts(with: "\(flag)=".utf8) { return String(word.dropFirst(flag.count + 1)) }
            }
            return nil
        }
        // More than anybody reads; who types on is offered what begins so.
        var flags = ["--limit", String(Self.maxNames), "--quiet"]
        if let server = given("--server") { flags += ["--server", server] }
        let options = try GlobalOptions.parse(flags)
        let settings = try Settings(options, environment, now: Timestamp(Date()))
        let token = try Token.find(for: settings.server, file: given("--token-file"), environment)
        return try await HTTPClient.withHTTPClient(configuration: RegistryClient.configuration) { http in
            let client = RegistryClient(
                http: http,
                server: settings.server,
                serverOrigin: settings.serverOrigin,
                token: token,
                detail: { _ in }
            )
            let work = WorkInHand()
            let session = Session(settings: settings, environment: environment, client: client, work: work)
            return try await names(session, before: before, current: current)
        }
    }

    /// The names, asked through a session.
    ///
    /// - Throws: what the client throws.
    func names(_ session: Session, before: [String], current: String) async throws -> [String] {
        switch self {
        case .models: try await named(APIPath.models, current, session, \ModelSummary.name).map(\.text)
        case .prompts:
            try await items(APIPath.prompts, current, session, of: PromptSummary.self).flatMap {
                [$0.latest.id.name.text, $0.latest.id.description]
            }
        case .sets: try await named(APIPath.trafficSets, current, session, \TrafficRecord.name).map(\.text)
        case .keys: try await named(APIPath.keys, current, session, \KeyRecord.name).map(\.text)
        case .actors: try await named(APIPath.keys, current, session, \KeyRecord.name).map(\.text) + ["serin"]
        case .workingKeys:
            try await items(APIPath.keys, current, session, of: KeyRecord.self).filter { $0.revokedAt == nil }
                .map(\.name.text)
        case .unfinishedCanaries: try await status(session).running.map(\.record.id.description)
        case .unfinishedEvaluations: try await status(session).runningEvaluations?.map(\.id.description) ?? []
        case .openIncidents: try await listed(IncidentList.self, session, "--open")
        case .canaries: try await listed(CanaryList.self, session)
        case .evaluations: try await listed(EvaluationList.self, session)
        case .driftReports: try await listed(DriftList.self, session)
        case .baselines: try await listed(BaselineList.self, session)
        case .policies: try await listed(PolicyList.self, session)
        case .levels: try await listed(SLOList.self, session)
        case .incidents: try await listed(IncidentList.self, session)
        case .rollouts: try await listed(RolloutList.self, session)
        case .decisions: try await subjects(of: "decision.recorded", session)
        case .canaryDocuments:
            try await subjects(of: "document.applied", session).filter { $0.hasPrefix("canary:") }
                .map { String($0.dropFirst("canary:".count)) }
        case .channels: try await channels(session)
        case .releaseNumbers: try await releaseNumbers(before, session)
        case .requests:
            try await (session.client.get(APIPath.requests, [("limit", "50")]) as RequestPage).items
                .map(\.record.id.text)
        case .references: try await references(current, session)
        case .anything:
            try await references(current, session) + listed(CanaryList.self, session)
                + listed(IncidentList.self, session) + listed(RolloutList.self, session)
        case .quarantined: try await listed(QuarantineList.self, session)
        case .eventKinds, .requestFilters: []
        }
    }

    /// What a list verb prints with `-o name`.
    private func listed<V: ListVerb>(_ verb: V.Type, _ session: Session, _ arguments: String...) async throws
        -> [String]
    {
        let verb = try V.parse(arguments)
        return try await verb.ask(session).items.map(verb.name(of:))
    }

    /// The things of a list by name whose names begin as what stands at the cursor, up to an `@`.
    private func items<Item: Hashable & Sendable & Codable>(
        _ address: APIPath.Address,
        _ current: String,
        _ session: Session,
        of item: Item.Type = Item.self
    ) async throws -> [Item] {
        let prefix = String(decoding: current.utf8.prefix { $0 != 0x40 }, as: UTF8.self)
        guard prefix.isEmpty || Name.isValid(prefix) else { return [] }
        let found: ListAnswer<Item> = try await session.client.get(
            address,
            [("prefix", prefix.isEmpty ? nil : prefix), ("limit", String(Self.maxNames))]
        )
        return found.items
    }

    private func named<Item: Hashable & Sendable & Codable>(
        _ address: APIPath.Address,
        _ current: String,
        _ session: Session,
        _ name: (Item) -> Name
    ) async throws -> [Name] {
        try await items(address, current, session, of: Item.self).map(name)
    }

    /// What runs, without the models.
    private func status(_ session: Session) async throws -> StatusView {
        try await session.client.get(APIPath.status, [("limit", "1")])
    }

    private func subjects(of kind: String, _ session: Session) async throws -> [String] {
        let entries: ListAnswer<AuditEntry> = try await session.client.get(
            APIPath.audit,
            [("kind", kind), ("limit", String(ListLimit.max))]
        )
        return entries.items.map(\.event.subject)
    }

    private func channels(_ session: Session) async throws -> [String] {
        let models = try await items(APIPath.models, "", session, of: ModelSummary.self)
        return Set(models.flatMap { $0.channels.map(\.channel.text) } + ["production", "staging"]).sorted()
    }

    /// The releases of the model that stands in the line already.
    private func releaseNumbers(_ before: [String], _ session: Session) async throws -> [String] {
        var model = session.settings.model
        for word in before where !word.hasPrefix("-") {
            let part = String(decoding: word.utf8.prefix { $0 != 0x40 }, as: UTF8.self)
            let models = try await items(APIPath.models, part, session, of: ModelSummary.self)
            // Of names that begin alike, the shortest comes first.
            if let first = models.first, first.name.text == part {
                model = part
                break
            }
        }
        if model == nil {
            let models = try await items(APIPath.models, "", session, of: ModelSummary.self)
            if models.count == 1 { model = models[0].name.text }
        }
        guard let model else { return [] }
        return try await listed(ReleaseList.self, session, model).map { String($0.drop { $0 != "@" }.dropFirst()) }
    }

    /// Models, and of the one that is meant its versions, releases and channels.
    private func references(_ current: String, _ session: Session) async throws -> [String] {
        let models = try await items(APIPath.models, current, session, of: ModelSummary.self)
        let part = String(decoding: current.utf8.prefix { $0 != 0x40 }, as: UTF8.self)
        let hasMark = part.utf8.count < current.utf8.count
        let meant = models.filter {
            hasMark ? $0.name.text == part : $0.name.text.utf8.starts(with: part.utf8)
        }
        guard meant.count == 1, let model = meant.first else { return models.map(\.name.text) }
        let versions = try await listed(ModelVersions.self, session, model.name.text)
        let releases = try await listed(ReleaseList.self, session, model.name.text)
        return [model.name.text] + model.channels.map { "\(model.name)@\($0.channel)" } + versions + releases
    }
}
