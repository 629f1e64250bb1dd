public import Digests
public import RegistryTypes

/// A command line that serin suggests: what to run next, in an error, under an answer and on a page.
///
/// A value and not a text, so that each is written in one place and a test can give it to the real command tree: a
/// suggestion that its own verb refuses is worse than none. What only the reader knows stands in capitals: `REF`,
/// `FILE`, `TEXT`.
public enum NextStep: Hashable, Sendable {
    // MARK: Daily

    /// `serin publish PATH --model ticket-bot`; without a model `--model NAME`; for an adapter `--base REF`.
    case publish(
        PublishedFiles = .path,
        model: Name? = nil,
        card: Bool = false,
        expectVersion: Int? = nil,
        displayName: DisplayName? = nil,
        base: AdapterBaseChoice = .none
    )
    /// `serin promote ticket-bot@8 --to production`; without a channel `--to CHANNEL`.
    case promote(
        Subject = .any,
        to: Name? = nil,
        runMissing: Bool = false,
        dryRun: Bool = false,
        override: Bool = false
    )
    /// `serin rollback ticket-bot`; `choosesRelease` adds `--to rN`.
    case rollback(
        Name,
        channel: Name? = nil,
        reason: String? = nil,
        choosesRelease: Bool = false,
        dryRun: Bool = false
    )
    /// `serin status ticket-bot -w`.
    case status(Name? = nil, watch: Bool = false)
    /// `serin chat ticket-bot "…"`.
    case chat(Subject)
    /// `serin open --login`.
    case openLogin
    /// `serin apply -f FILE`.
    case apply(file: String? = nil)
    /// `serin replay ID --on ticket-bot@r3`.
    case replay(RequestID, on: ReleaseID? = nil)

    /// `serin inspect model.gguf`; without a file `FILE`.
    case inspect(file: String? = nil)
    /// `serin compare ticket-bot@7 ticket-bot@8 --text FILE`.
    case compare(Subject = .any, Subject = .any, traffic: Name? = nil)

    // MARK: Checks

    /// `serin canary list ticket-bot`.
    case canaryList(Name? = nil)
    /// `serin canary show c-204`.
    case canaryShow(CanaryID)
    /// `serin canary watch c-204`.
    case canaryWatch(CanaryID)
    /// `serin canary run ticket-bot@8 --traffic week47`.
    case canaryRun(
        Subject = .any,
        against: Subject? = nil,
        using: Name? = nil,
        traffic: Name? = nil,
        requests: Int? = nil,
        seed: UInt64? = nil
    )
    /// `serin canary samples c-204 --only worse`.
    case canarySamples(CanaryID, only: String? = nil)
    /// `serin canary recompute c-204`.
    case canaryRecompute(CanaryID)
    /// `serin canary extend c-204 --to 4000`.
    case canaryExtend(CanaryID, to: Int? = nil)
    /// `serin canary cancel c-204`.
    case canaryCancel(CanaryID)
    /// `serin eval cancel e-51`.
    case evaluationCancel(EvaluationID)
    /// `serin eval list ticket-bot`.
    case evaluationList(Name? = nil)
    /// `serin eval show e-51`.
    case evaluationShow(EvaluationID)
    /// `serin eval show job-3`: an evaluation that still runs.
    case evaluationShowJob(String)
    /// `serin eval run ticket-bot@8 --suite golden`; without a suite `--suite SET`.
    case evaluationRun(Subject = .any, suite: Name? = nil)
    /// `serin drift list ticket-bot`.
    case driftList(Name? = nil)
    /// `serin drift show d-88`.
    case driftShow(DriftID)
    /// `serin drift run ticket-bot --window 7d`; without a model `MODEL`.
    case driftRun(Name? = nil, windowDays: Int? = nil, windowSeconds: Int? = nil)
    /// `serin drift baseline list ticket-bot`.
    case baselineList(Name? = nil)
    /// `serin drift baseline set ticket-bot --since 2h`; without a model `MODEL`.
    case baselineSet(Name? = nil, channel: Name? = nil, over: BaselineStretch = .chosen)
    /// `serin slo list --model ticket-bot`.
    case sloList(model: Name? = nil)
    /// `serin slo show answers --model ticket-bot`; without a name `NAME`.
    case sloShow(Name? = nil, model: Name? = nil)
    /// `serin slo explain answers --model ticket-bot`.
    case sloExplain(Name, model: Name)
    /// `serin slo lint -f FILE`.
    case sloLint(file: String? = nil)
    /// `serin policy list`.
    case policyList
    /// `serin policy show production`.
    case policyShow(Name)
    /// `serin policy explain ticket-bot@8 --to production`.
    case policyExplain(Subject, to: Name)
    /// `serin policy explain --decision dec-1190`.
    case policyExplainDecision(DecisionID)
    /// `serin policy lint FILE`.
    case policyLint(file: String? = nil)

    // MARK: What is live

    /// `serin request list --model ticket-bot --since 2h`.
    case requestList([RequestFilter: String] = [:])
    /// `serin request show ID`.
    case requestShow(RequestID? = nil)
    /// `serin request label ID --wrong`.
    case requestLabelWrong(RequestID)
    /// `serin rollout list ticket-bot`.
    case rolloutList(Name? = nil)
    /// `serin rollout show ro-7 -w`.
    case rolloutShow(RolloutID, watch: Bool = false)
    /// `serin rollout resume ticket-bot --reason TEXT`.
    case rolloutResume(Name, channel: Name? = nil)
    /// `serin incident list --model ticket-bot --open`.
    case incidentList(model: Name? = nil, open: Bool = false)
    /// `serin incident show i-12`.
    case incidentShow(IncidentID)
    /// `serin incident note i-12 TEXT`.
    case incidentNote(IncidentID)
    /// `serin incident close i-12 --reason TEXT`.
    case incidentClose(IncidentID)
    /// `serin incident export i-12`; `toFile` adds `> i-12.md`.
    case incidentExport(IncidentID, toFile: Bool = false)

    // MARK: Registry

    /// `serin model list`.
    case modelList
    /// `serin model show ticket-bot`.
    case modelShow(Name)
    /// `serin model versions ticket-bot`.
    case modelVersions(Name)
    /// `serin version show ticket-bot@7`.
    case versionShow(VersionID)
    /// `serin version card ticket-bot@7`.
    case versionCard(VersionID)
    /// `serin quarantine list`.
    case quarantineList
    /// `serin quarantine lift ticket-bot@2 --reason TEXT`.
    case quarantineLift(QuarantineSubject)
    /// `serin prompt list`.
    case promptList
    /// `serin prompt show triage`.
    case promptShow(Name)
    /// `serin prompt push FILE`.
    case promptPush
    /// `serin prompt render triage@3 --model ticket-bot@8`.
    case promptRender(VersionID, model: Subject)
    /// `serin prompt diff triage@3 triage@4`.
    case promptDiff(VersionID, VersionID)
    /// `serin release list ticket-bot`.
    case releaseList(Name)
    /// `serin release show ticket-bot@r12`.
    case releaseShow(ReleaseID)
    /// `serin traffic list`.
    case trafficList
    /// `serin traffic show week47`.
    case trafficShow(Name)
    /// `serin traffic import FILE --name week47`; `asks` is `--help`.
    case trafficImport(name: Name? = nil, asksForHelp: Bool = false)
    /// `serin traffic freeze week47 --model ticket-bot --since 2h --sample 200`; without a name `NAME`.
    case trafficFreeze(
        Name? = nil,
        model: Name? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil,
        filter: [String: String] = [:],
        sample: Int? = nil,
        seed: UInt64? = nil
    )
    /// `serin audit list --kind channel.moved --who admin --since 24h`.
    case auditList(
        kind: String? = nil,
        subject: String? = nil,
        who: String? = nil,
        since: String? = nil,
        until: String? = nil
    )

    // MARK: Access and service

    /// `serin login`.
    case login
    /// `serin whoami`.
    case whoAmI
    /// `serin key list`.
    case keyList
    /// `serin key create ci --role publisher`; what is not given is `NAME` and `ROLE`.
    case keyCreate(Name? = nil, role: Role? = nil, capture: CapturePolicy? = nil)
    /// `serin key revoke ci`.
    case keyRevoke(Name)
    /// `serin help refs`: a topic or a verb.
    case help(String)
    /// `serin serve`.
    case serve(ServeOption = .none)
    /// `serin serve --data demo/data`.
    case serveData(folder: String)
    /// `serin server check`.
    case serverCheck
    /// `serin server rebuild`.
    case serverRebuild
    /// `serin server log accept --event 41 --reason TEXT`.
    case serverLogAccept(event: Int)
    /// `serin demo create DIR`.
    case demoCreate
    /// `serin demo traffic --rate 5 --for 60s`.
    case demoTraffic

    // MARK: Parts

    /// A version, a release or a channel of a model, as far as it is known.
    public enum Subject: Hashable, Sendable {
        /// `REF`.
        case any
        /// `ticket-bot@VERSION`: the reader chooses the version.
        case someVersion(of: Name)
        /// `ticket-bot@8`.
        case version(VersionID)
        /// `ticket-bot@r12`.
        case release(ReleaseID)
        /// What the reader named: `ticket-bot@staging`.
        case reference(Reference)

        /// As it is typed.
        public var text: String {
            switch self {
            case .any: "REF"
            case .someVersion(let model): "\(model)@VERSION"
            case .version(let id): "\(id)"
            case .release(let id): "\(id)"
            case .reference(let reference): "\(reference)"
            }
        }
    }

    /// What is quarantined: a version, or weights that were only being published.
    public enum QuarantineSubject: Hashable, Sendable {
        /// `ticket-bot@2`.
        case version(VersionID)
        /// `sha256:9c1e…`.
        case weights(Digest)

        /// As it is typed.
        public var text: String {
            switch self {
            case .version(let id): "\(id)"
            case .weights(let digest): "\(digest)"
            }
        }
    }

    /// What a suggestion to publish an adapter lays it over.
    public enum AdapterBaseChoice: Hashable, Sendable {
        /// Nothing: it is no adapter.
        case none
        /// Whatever the reader has.
        case some
        /// This version.
        case version(VersionID)

        var text: String? {
            switch self {
            case .none: nil
            case .some: "REF"
            case .version(let id): id.description
            }
        }
    }

    /// The files that a suggestion to publish names.
    public enum PublishedFiles: String, Hashable, Sendable {
        /// Whatever the reader has.
        case path = "PATH"
        /// Weights alone.
        case weights = "model.gguf"
        /// Weights and a model card.
        case weightsAndCard = "model.gguf card.md"
    }

    /// The time that a reference of drift is taken from.
    public enum BaselineStretch: Hashable, Sendable {
        /// `--since TIME --until TIME`.
        case chosen
        /// `--since 2h`.
        case lastHours(Int)
        /// `--since 2026-11-21T10:00:00Z`.
        case since(Timestamp)
        /// `--window 2026-11-21/7d`: the seven days from that day on, in UTC.
        case week(from: Timestamp)
    }

    /// What narrows a list of captured requests, in the order in which it is written.
    public enum RequestFilter: String, Hashable, Sendable, CaseIterable {
        case model, release, arm, outcome, correct, labelled, valid, key, since, until, before
    }

    /// The one flag of `serin serve` that a suggestion is about.
    public enum ServeOption: String, Hashable, Sendable, CaseIterable {
        /// No flag.
        case none = ""
        /// Another name that browsers may ask under.
        case hostName = "--host-name NAME"
        /// This machine only.
        case loopback = "--host 127.0.0.1"
        /// Any free port.
        case anyPort = "--port 0"
        /// A certificate of one's own.
        case tls = "--tls-cert FILE --tls-key FILE"
    }
}
