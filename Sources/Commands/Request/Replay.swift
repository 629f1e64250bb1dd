import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin replay`
struct Replay: Verb {
    static let configuration = CommandConfiguration.verb(
        "replay",
        "Answer a captured request again and compare token by token.",
        discussion: """
            Without --on the release that answered answers again; @8 is a version of the request's model. Exits 0 \
            whether or not the answers differ; with --exit-code 10 when they do. A replay counts for no SLO.
            """,
        examples: "replay 01KAJ5W1T8Z3V0Q9M7R2X4B6CD",
        "replay 01KAJ5W1T8Z3V0Q9M7R2X4B6CD --on @8 --exit-code",
        "replay 01KAJ5W1T8Z3V0Q9M7R2X4B6CD --prompt triage@4"
    )

    @Argument(help: ArgumentHelp("A captured request.", valueName: "id")) var id: String
    @Option(help: ArgumentHelp("Who answers. (default: the release that did)", valueName: "ref")) var on: String?
    @OptionGroup var release: ReleaseOptions
    @Flag(help: "Exit 10 when the answers differ.") var exitCode = false
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let id = try RequestID(id)
        let answer: ReplayAnswer = try await session.client.post(
            APIPath.replay(id),
            ReplayRequest(on: try await choice(id, session))
        )
        try session.show(
            answer,
            kind: "Replay",
            names: [answer.release?.description ?? answer.version.description],
            RequestOutput.replay(answer)
        )
        session.talkAddress("page", .request(id))
        return exitCode && !answer.isSame ? .checkFailed : .ok
    }

    /// The release to answer; nil for the one that did, unchanged. What stands without a model means the request's.
    private func choice(_ id: RequestID, _ session: Session) async throws -> ReleaseChoice? {
        if let on, on.utf8.first != 0x40 { return try release.choice(Reference(on)) }
        guard on != nil || release.prompt != nil || !release.set.isEmpty else { return nil }
        // What is wrong with the flags is said before the server is asked.
        _ = try on.map { try Reference("m" + $0) }
        _ = try KeyValues.read(release.set, flag: "--set", example: "--set temperature=0.2")
        let view: RequestView = try await session.client.get(APIPath.request(id))
        let model = view.record.model
        guard let on else {
            let selector: Reference.Selector =
                view.record.release == RequestRecord.noRelease
                ? .version(view.record.version) : .release(view.record.release)
            return try release.choice(Reference(model: model, selector: selector))
        }
        return try release.choice(Reference(model.text + on))
    }
}
