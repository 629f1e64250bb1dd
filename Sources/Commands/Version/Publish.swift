import ArgumentParser
import Digests
import Foundation
import Inference
import RegistryRecords
import RegistryTypes
import Synchronization
import WireFormat
import Wording

/// `serin publish`
struct Publish: Verb {
    static let configuration = CommandConfiguration.verb(
        "publish",
        "Upload a version of a model with its card; touches no channel.",
        discussion: """
            PATH is a GGUF file, or a folder with the model, card.md and whatever else belongs to it; a snapshot of a \
            Hugging Face cache is one. One file of a split model stands for all of them. Headers are read before anything \
            is sent. Only what the server lacks is sent, and a broken upload goes on where it stopped. The same content \
            again is the same version.
            What the engine cannot run (another architecture, safetensors, any other file) is kept all the same, and \
            every reason is said. Exits 10 when a GGUF file was published that cannot be run here.
            An adapter (LoRA, GGUF) is published with --base: the version whose weights it is laid over becomes part of it.
            A model may be named as the world does, HuggingFaceTB/SmolLM2-135M-Instruct: that is shown, and the name that \
            commands take is made of it.
            """,
        examples: "publish build/ticket-bot --model ticket-bot -m \"more German tickets\"",
        "publish q4.gguf --card card.md --from ticket-bot@7 --method quantize",
        "publish m-00001-of-00003.gguf --model HuggingFaceTB/SmolLM2-135M",
        "publish lora.gguf --model ticket-bot --base ticket-bot@7",
        "publish build/ticket-bot --model ticket-bot --dry-run"
    )

    @Argument(help: ArgumentHelp("Files and folders.", valueName: "path"), completion: .file())
    var paths: [String]

    @Option(help: ArgumentHelp("The model (SERIN_MODEL).", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("What it is called where it comes from, shown beside its name.", valueName: "text"))
    var displayName: String?

    @Option(help: ArgumentHelp("The model card, when it is elsewhere.", valueName: "file"), completion: .file())
    var card: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("What is new.", valueName: "text"))
    var message: String?

    @Option(help: ArgumentHelp("The version it was made from.", valueName: "ref"))
    var from: String?

    @Option(help: ArgumentHelp("The version that an adapter (LoRA) is laid over.", valueName: "ref"))
    var base: String?

    @Option(help: ArgumentHelp("How it was made: fine-tune, quantize, distill, …", valueName: "word"))
    var method: String?

    @Option(help: ArgumentHelp("The number it must get; another is a conflict.", valueName: "n"))
    var expectVersion: Int?

    @Flag(help: "Say what would be sent; store nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if method != nil && from == nil { throw ValidationError("--method needs --from REF.") }
        if let expectVersion, expectVersion < 1 { throw ValidationError("--expect-version must be 1 or more.") }
    }

    func run(_ session: Session) async throws -> Exit {
        let named = try publishedModel(session)
        let model = named.name
        if named.isDerived, let displayName = named.displayName {
            session.printer.talk("\(displayName) is shown as its name; commands take \(model)")
        }
        let headers = try PublishedHeaders(PublishedFiles(paths: paths, card: card), hasBase: base != nil)
        if let words = headers.files.leftOutWords { session.printer.talk(words) }
        for reason in headers.reasons { session.printer.talk("▲ cannot be run here: \(reason)") }
        let manifest = try await manifest(headers, session)
        let answer: PublishAnswer
        if dryRun {
            answer = try await ask(manifest, [], named, session)
            if answer.unseen != nil { return try tell(manifest, answer, named, headers, session) }
        } else {
            answer = try await send(manifest, named, session)
        }
        try session.show(
            answer,
            kind: "PublishedVersion",
            names: [answer.version.id.description],
            VersionOutput.published(answer)
        )
        for warning in answer.warnings ?? [] { session.printer.warn(warning) }
        if dryRun { session.printer.talk("nothing was stored (--dry-run)") }
        if let fit = answer.fit, TemplateOutput.notice(fit) != nil, !dryRun {
            session.printer.next("\(.promptRender(fit.prompt, model: .version(fit.version)))")
        }
        let isRefused = answer.version.cannotRun != nil && answer.version.manifest.weights != nil
        try await sayBase(answer.version, headers, session)
        guard answer.version.smoke?.passed != false, !isRefused else { return .checkFailed }
        if answer.version.isLoadable, !dryRun { session.printer.next(promotion(after: answer)) }
        return .ok
    }

    /// Sends what the server lacks, then publishes. Where the server finds then that bytes it had are damaged, they are sent too.
    private func send(_ manifest: Hashed, _ model: PublishedModel, _ session: Session) async throws -> PublishAnswer {
        session.work.set(
            .init(
                what: "what is uploaded stays on the server",
                next: "run the same command again: it goes on where it stopped"
            )
        )
        let lacking = try await missing(manifest.described, session)
        do {
            return try await publish(manifest, lacking, model, session)
        } catch let problem as Problem where problem.exit == ExitCode.badData.rawValue {
            let damaged = try await missing(manifest.described, session)
            // Small files travel with the request, and are not there after one that was refused.
            guard damaged.contains(where: { blob in !lacking.contains { $0.digest == blob.digest } }) else {
                throw problem
            }
            session.printer.talk("\(problem.title); sending again what is missing")
            return try await publish(manifest, damaged, model, session)
        }
    }

    private func publish(
        _ manifest: Hashed,
        _ missing: [MissingBlob],
        _ model: PublishedModel,
        _ session: Session
    ) async throws -> PublishAnswer {
        let small = try SmallFiles(missing.compactMap { manifest.sources[$0.digest]?.blob })
        for blob in missing {
            guard let file = manifest.sources[blob.digest], !small.digests.contains(blob.digest) else { continue }
            try await upload(file.blob, called: file.name.lastPathPart, from: blob.offsetBytes, session)
        }
        let present = manifest.described.files.filter { file in !missing.contains { $0.digest == file.digest } }
        if !present.isEmpty, !missing.isEmpty {
            session.printer.talk("\(present.map(\.path).joined(separator: ", "))  already on the server")
        }
        session.work.set(
            .init(what: "the version may be published all the same", next: "\(.modelVersions(model.name))")
        )
        return try await ask(manifest, small.contents, model, session)
    }

    private func ask(
        _ manifest: Hashed,
        _ contents: [SmallFile],
        _ model: PublishedModel,
        _ session: Session
    ) async throws -> PublishAnswer {
        try await session.client.post(
            APIPath.versions(model.name),
            PublishRequest(
                manifest: manifest.described,
                message: message,
                expectedVersion: expectVersion,
                dryRun: dryRun ? true : nil,
                contents: contents.isEmpty ? nil : contents,
                displayName: model.displayName,
                isDerivedName: model.isDerived ? true : nil
            )
        )
    }

    /// How it goes out, with what has to be there before.
    private func promotion(after answer: PublishAnswer) -> Advice {
        let version = NextStep.Subject.version(answer.version.id)
        guard let prompts = answer.prompts else {
            return "\(.promote(version, to: .production, runMissing: true))"
        }
        let promotion: Advice = "\(.promote(version, to: .production, runMissing: true)) --prompt"
        guard let first = prompts.first else { return "\(.promptPush), then: \(promotion) NAME@1" }
        // Which of several it is, only a person knows.
        guard prompts.count == 1 else {
            let names = prompts.prefix(5).map(\.text).joined(separator: ", ")
            return "\(promotion) NAME, which is one of \(names)\(prompts.count > 5 ? ", …" : "")"
        }
        return "\(promotion) \(first)"
    }

    /// Says how an adapter that was kept without a base gets one.
    private func sayBase(_ version: VersionRecord, _ headers: PublishedHeaders, _ session: Session) async throws {
        guard let adapter = headers.adapter, version.manifest.base == nil else { return }
        let known = try await session.likelyBase(of: adapter)
        if let known {
            session.printer.talk("\(known) is what its file calls \(adapter.baseNames.joined(separator: ", "))")
        }
        session.printer.next("\(.publish(model: version.id.name, base: known.map { .version($0) } ?? .some))")
    }

    /// The manifest, and where the bytes of each blob are.
    private struct Hashed {
        let described: Manifest
        let sources: [Digest: (blob: BlobUpload, name: String)]
    }

    private func publishedModel(_ session: Session) throws -> PublishedModel {
        guard let text = model ?? session.settings.model else {
            return try PublishedModel(session.model(nil).text, displayName: displayName)
        }
        return try PublishedModel(text, displayName: displayName)
    }

    private func manifest(_ headers: PublishedHeaders, _ session: Session) async throws -> Hashed {
        let found = headers.files
        // Before minutes of hashing: does the server answer, and does it know what this was made from?
        try await session.requireLogin()
        var lineage: Manifest.Lineage?
        if let from {
            lineage = Manifest.Lineage(from: try await session.version(from), method: try method.map { try Name($0) })
        }
        var under: AdapterBase?
        if let base, let adapter = headers.adapter {
            under = try await session.adapterBase(base, for: adapter, file: paths.joined(separator: " "))
        }
        var files: [ArtifactFile] = [], sources: [Digest: (blob: BlobUpload, name: String)] = [:]
        let clock = ContinuousClock()
        for file in found.files {
            let start = clock.now
            let total = Int(try FileReader(file.source).sizeBytes)
            var line = ProgressLine(
                "hashing \(file.name)",
                mode: total > 64 << 20 ? session.settings.progress : .none,
                unit: .bytes,
                style: session.printer.talkStyle
            )
            let hashed = try FileHashing.digest(of: file.source) { done in
                let progress = WorkProgress(
                    done: Int(done),
                    total: total,
                    elapsedSeconds: start.duration(to: clock.now) / .seconds(1)
                )
                Streams.talk(line.update(progress))
            }
            Streams.talk(line.close())
            files.append(
                try ArtifactFile(path: file.name, digest: hashed.digest, sizeBytes: hashed.sizeBytes, role: file.role)
            )
            let blob = BlobUpload(path: file.source, digest: hashed.digest, sizeBytes: hashed.sizeBytes)
            sources[hashed.digest] = (blob, file.name)
        }
        do {
            let manifest = try Manifest(files: files, lineage: lineage, base: under)
            return Hashed(described: manifest, sources: sources)
        } catch {
            throw CommandsError.badFile(
                path: paths.joined(separator: " "),
                problem: "\(error)",
                next: "name the files of one version only"
            )
        }
    }

    private func missing(_ manifest: Manifest, _ session: Session) async throws -> [MissingBlob] {
        let digests = Array(Set(manifest.files.map(\.digest))).sorted()
        let answer: MissingAnswer = try await session.client.post(
            APIPath.missingBlobs,
            MissingRequest(digests: digests)
        )
        return answer.missing
    }

    private func upload(
        _ file: BlobUpload,
        called name: String,
        from offset: Int64,
        _ session: Session
    ) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let line = Mutex(
            ProgressLine(name, mode: session.settings.progress, unit: .bytes, style: session.printer.talkStyle)
        )
        let total = Int(file.sizeBytes)
        if offset > 0 { session.printer.talk("\(name)  goes on at \(NumberText.bytes(offset))") }
        try await file.send(session.client, from: offset) { done in
            let seconds = start.duration(to: clock.now) / .seconds(1)
            let text = line.withLock { $0.update(WorkProgress(done: Int(done), total: total, elapsedSeconds: seconds)) }
            if !text.isEmpty { Streams.talk(text) }
        }
        Streams.talk(line.withLock { $0.close() })
        let seconds = start.duration(to: clock.now) / .seconds(1)
        session.printer.talk(
            "\(name)  \(NumberText.bytes(file.sizeBytes - offset)) sent in \(NumberText.duration(seconds))"
        )
    }

    private func tell(
        _ hashed: Hashed,
        _ answer: PublishAnswer,
        _ model: PublishedModel,
        _ headers: PublishedHeaders,
        _ session: Session
    ) throws -> Exit {
        let lacking = Set(answer.unseen ?? [])
        try session.show(
            PublishPlan(
                manifest: hashed.described,
                version: answer.version.id,
                model: model,
                cannotRun: headers.reasons
            ),
            kind: "Manifest",
            names: hashed.described.files.map(\.path),
            Report { report in
                report.line(StatusCell.unknown("would be \(answer.version.id)"), Cell("   nothing was sent"))
                if let base = hashed.described.base { report.line("  laid over \(base.version)") }
                var table = Table(
                    .text("FILE"),
                    .text("ROLE"),
                    .figure("SIZE"),
                    .text("DIGEST"),
                    .text("SERVER"),
                    indent: 2
                )
                for file in hashed.described.files {
                    table.row(
                        Cell(file.path),
                        Cell(file.role.rawValue),
                        Cell(NumberText.bytes(file.sizeBytes)),
                        Cell(file.digest.short),
                        Cell(lacking.contains(file.digest) ? "lacks it" : "has it")
                    )
                }
                report.table(table)
                VersionOutput.cannotRun(headers.reasons, in: &report)
            }
        )
        session.printer.talk("what the server lacks was read here only: whether it loads there is not known yet")
        return .ok
    }
}

/// What would be published, for programs: the manifest, and what is known before anything is sent.
private struct PublishPlan: Encodable {
    let manifest: Manifest
    let version: VersionID
    let model: PublishedModel
    let cannotRun: [String]

    private enum CodingKeys: String, CodingKey { case version, model, displayName, cannotRun }

    func encode(to encoder: any Encoder) throws {
        try manifest.encode(to: encoder)
        var own = encoder.container(keyedBy: CodingKeys.self)
        try own.encode(version, forKey: .version)
        try own.encode(model.name, forKey: .model)
        try own.encodeIfPresent(model.displayName, forKey: .displayName)
        if !cannotRun.isEmpty { try own.encode(cannotRun, forKey: .cannotRun) }
    }
}
