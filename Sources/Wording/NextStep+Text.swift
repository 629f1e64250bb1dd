import RegistryTypes

/// How each next step is typed: one switch over all of them, so that a new one cannot be left out.
extension NextStep: CustomStringConvertible {
    /// The command line, from `serin` on.
    public var text: String { line.text }

    public var description: String { text }

    private var line: Line {
        switch self {
        case .publish(let files, let model, let card, let version, let displayName, let base):
            Line("publish").words(files.rawValue).flag("--model", model?.text ?? "NAME")
                .flag("--display-name", displayName?.text).flag("--card", card ? "card.md" : nil)
                .flag("--expect-version", version).flag("--base", base.text)
        case .promote(let subject, let channel, let runMissing, let dryRun, let override):
            Line("promote").argument(subject.text).flag("--to", channel?.text ?? "CHANNEL")
                .flag("--run-missing", if: runMissing).flag("--dry-run", if: dryRun).flag("--override", if: override)
                .flag("--reason", override ? "TEXT" : nil)
        case .rollback(let model, let channel, let reason, let choosesRelease, let dryRun):
            Line("rollback").argument(model.text).channel(channel).flag("--to", choosesRelease ? "rN" : nil)
                .flag("--reason", reason).flag("--dry-run", if: dryRun)
        case .status(let model, let watch): Line("status").argument(model?.text).flag("-w", if: watch)
        case .chat(let subject): Line("chat").argument(subject.text).argument("…")
        case .openLogin: Line("open --login")
        case .apply(let file): Line("apply").flag("-f", file ?? "FILE")
        case .replay(let request, let release): Line("replay").argument(request.text).flag("--on", release)
        case .inspect(let file): Line("inspect").argument(file ?? "FILE")
        case .compare(let baseline, let candidate, let traffic):
            Line("compare").argument(baseline.text).argument(candidate.text).flag("--traffic", traffic)
                .flag("--text", traffic == nil ? "FILE" : nil)

        case .canaryList(let model): Line("canary list").argument(model?.text)
        case .canaryShow(let id): Line("canary show").argument("\(id)")
        case .canaryWatch(let id): Line("canary watch").argument("\(id)")
        case .canaryRun(let subject, let baseline, let document, let traffic, let requests, let seed):
            Line("canary run").argument(subject.text).flag("--against", baseline?.text).flag("--using", document)
                .flag("--traffic", traffic).flag("--requests", requests).flag("--seed", seed)
        case .canarySamples(let id, let only): Line("canary samples").argument("\(id)").flag("--only", only)
        case .canaryRecompute(let id): Line("canary recompute").argument("\(id)")
        case .canaryExtend(let id, let requests): Line("canary extend").argument("\(id)").flag("--to", requests)
        case .canaryCancel(let id): Line("canary cancel").argument("\(id)")
        case .evaluationCancel(let id): Line("eval cancel").argument("\(id)")
        case .evaluationList(let model): Line("eval list").argument(model?.text)
        case .evaluationShow(let id): Line("eval show").argument("\(id)")
        case .evaluationShowJob(let job): Line("eval show").argument(job)
        case .evaluationRun(let subject, let suite):
            Line("eval run").argument(subject.text).flag("--suite", suite?.text ?? "SET")

        case .driftList(let model): Line("drift list").argument(model?.text)
        case .driftShow(let id): Line("drift show").argument("\(id)")
        case .driftRun(let model, let days, let seconds):
            Line("drift run").argument(model?.text ?? "MODEL")
                .flag("--window", days.map { "\($0)d" } ?? seconds.map { "\($0)s" })
        case .baselineList(let model): Line("drift baseline list").argument(model?.text)
        case .baselineSet(let model, let channel, let stretch):
            Line("drift baseline set").argument(model?.text ?? "MODEL").channel(channel).stretch(stretch)
        case .sloList(let model): Line("slo list").flag("--model", model)
        case .sloShow(let name, let model): Line("slo show").argument(name?.text ?? "NAME").flag("--model", model)
        case .sloExplain(let name, let model): Line("slo explain").argument(name.text).flag("--model", model)
        case .sloLint(let file): Line("slo lint").flag("-f", file ?? "FILE")
        case .policyList: Line("policy list")
        case .policyShow(let name): Line("policy show").argument(name.text)
        case .policyExplain(let subject, let channel):
            Line("policy explain").argument(subject.text).flag("--to", channel)
        case .policyExplainDecision(let id): Line("policy explain").flag("--decision", id)
        case .policyLint(let file): Line("policy lint").argument(file ?? "FILE")

        case .requestList(let filters):
            RequestFilter.allCases.reduce(Line("request list")) { $0.flag("--\($1.rawValue)", filters[$1]) }
        case .requestShow(let id): Line("request show").argument(id?.text ?? "ID")
        case .requestLabelWrong(let id): Line("request label").argument(id.text).flag("--wrong", if: true)
        case .rolloutList(let model): Line("rollout list").argument(model?.text)
        case .rolloutShow(let id, let watch): Line("rollout show").argument("\(id)").flag("-w", if: watch)
        case .rolloutResume(let model, let channel):
            Line("rollout resume").argument(model.text).channel(channel).flag("--reason", "TEXT")
        case .incidentList(let model, let open):
            Line("incident list").flag("--model", model).flag("--open", if: open)
        case .incidentShow(let id): Line("incident show").argument("\(id)")
        case .incidentNote(let id): Line("incident note").argument("\(id)").argument("TEXT")
        case .incidentClose(let id): Line("incident close").argument("\(id)").flag("--reason", "TEXT")
        case .incidentExport(let id, let toFile):
            Line("incident export").argument("\(id)").words(toFile ? "> \(id).md" : nil)

        case .modelList: Line("model list")
        case .modelShow(let name): Line("model show").argument(name.text)
        case .modelVersions(let name): Line("model versions").argument(name.text)
        case .versionShow(let id): Line("version show").argument("\(id)")
        case .versionCard(let id): Line("version card").argument("\(id)")
        case .quarantineList: Line("quarantine list")
        case .quarantineLift(let subject):
            Line("quarantine lift").argument(subject.text).flag("--reason", "TEXT")
        case .promptList: Line("prompt list")
        case .promptShow(let name): Line("prompt show").argument(name.text)
        case .promptPush: Line("prompt push FILE")
        case .promptRender(let prompt, let model):
            Line("prompt render").argument("\(prompt)").flag("--model", model.text)
        case .promptDiff(let from, let to): Line("prompt diff").argument("\(from)").argument("\(to)")
        case .releaseList(let model): Line("release list").argument(model.text)
        case .releaseShow(let id): Line("release show").argument("\(id)")
        case .trafficList: Line("traffic list")
        case .trafficShow(let name): Line("traffic show").argument(name.text)
        case .trafficImport(_, asksForHelp: true): Line("traffic import --help")
        case .trafficImport(let name, asksForHelp: false): Line("traffic import FILE").flag("--name", name)
        case .trafficFreeze(let name, let model, let since, let until, let filter, let sample, let seed):
            filter.sorted { $0.key < $1.key }.reduce(
                Line("traffic freeze").argument(name?.text ?? "NAME").flag("--model", model).flag("--since", since)
                    .flag("--until", until)
            ) { $0.flag("--filter", "\($1.key)=\($1.value)") }.flag("--sample", sample).flag("--seed", seed)
        case .auditList(let kind, let subject, let who, let since, let until):
            Line("audit list").flag("--kind", kind).flag("--subject", subject).flag("--who", who)
                .flag("--since", since).flag("--until", until)

        case .login: Line("login")
        case .whoAmI: Line("whoami")
        case .keyList: Line("key list")
        case .keyCreate(let name, let role, let capture):
            Line("key create").argument(name?.text ?? "NAME").flag("--role", role?.rawValue ?? "ROLE")
                .flag("--capture", capture?.rawValue)
        case .keyRevoke(let key): Line("key revoke").argument(key.text)
        case .help(let topic): Line("help").argument(topic)
        case .serve(let option): Line("serve").words(option.rawValue)
        case .serveData(let folder): Line("serve").flag("--data", folder)
        case .serverCheck: Line("server check")
        case .serverRebuild: Line("server rebuild")
        case .serverLogAccept(let event): Line("server log accept").flag("--event", event).flag("--reason", "TEXT")
        case .demoCreate: Line("demo create DIR")
        case .demoTraffic: Line("demo traffic --rate 5 --for 60s")
        }
    }
}

/// A command line as it grows, word by word; what is nil is left out.
private struct Line {
    var text: String

    init(_ verb: String) { text = "serin " + verb }

    /// Words that are known to need no quotes.
    func words(_ words: String?) -> Line {
        guard let words, !words.isEmpty else { return self }
        var line = self
        line.text += " " + words
        return line
    }

    func argument(_ value: String?) -> Line { words(value.map(Line.quoted)) }

    func flag(_ name: String, _ value: (some CustomStringConvertible)?) -> Line {
        value.map { words(name).argument($0.description) } ?? self
    }

    func flag(_ name: String, if isSet: Bool) -> Line { isSet ? words(name) : self }

    /// The channel, unless it is the one that is meant when none is named.
    func channel(_ channel: Name?) -> Line { flag("--channel", channel == .production ? nil : channel) }

    func stretch(_ stretch: NextStep.BaselineStretch) -> Line {
        switch stretch {
        case .chosen: words("--since TIME --until TIME")
        case .lastHours(let hours): flag("--since", "\(hours)h")
        case .since(let time): flag("--since", time)
        case .week(let start): flag("--window", "\(start.description.prefix(10))/7d")
        }
    }

    /// The word as a shell reads it back: bare where it can be, in double quotes where nothing in it means anything
    /// there, else in single ones.
    static func quoted(_ word: String) -> String {
        let isBare =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x3a, 0x3d, 0x40, 0x5f: true
                default: false
                }
            }
        if isBare { return word }
        // ! " $ \ and ` mean something to a shell within double quotes; a line break would end the command.
        let isCalm = word.utf8.allSatisfy { $0 >= 0x20 && ![0x21, 0x22, 0x24, 0x5c, 0x60, 0x7f].contains($0) }
        if isCalm { return "\"\(word)\"" }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
