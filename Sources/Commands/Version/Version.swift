import ArgumentParser
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// `serin version`
struct VersionGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "version",
        "A version of a model.",
        [VersionShow.self, VersionCard.self]
    )
}

/// `serin version show`
struct VersionShow: ShowVerb {
    static let configuration = CommandConfiguration.verb(
        "show",
        "Show a version: facts, files, smoke run, and whether it may go up.",
        examples: "version show ticket-bot@8",
        "version show ticket-bot@production -o json"
    )

    @Argument(help: ArgumentHelp("A version, release or channel.", valueName: "ref")) var reference: String
    @OptionGroup var global: GlobalOptions

    static let kind = "Version"

    func ask(_ session: Session) async throws -> VersionView {
        try await session.client.get(APIPath.version(session.version(reference)))
    }

    func name(of view: VersionView) -> String { view.version.id.description }
    func report(_ view: VersionView, now: Timestamp) -> Report { VersionOutput.show(view) }
    func page(of view: VersionView) -> PagePath? { .version(view.version.id) }
}

/// `serin version card`
struct VersionCard: Verb {
    static let configuration = CommandConfiguration.verb(
        "card",
        "Print the card of a version as it was written.",
        examples: "version card ticket-bot@8",
        "version card ticket-bot@8 > card.md"
    )

    @Argument(help: ArgumentHelp("A version, release or channel.", valueName: "ref")) var reference: String
    @OptionGroup var global: GlobalOptions

    /// What is printed for programs.
    private struct Answer: Encodable {
        let version: VersionID
        let card: CardSummary?
        let text: String
    }

    func run(_ session: Session) async throws -> Exit {
        let id = try await session.version(reference)
        let view: VersionView = try await session.client.get(APIPath.version(id))
        guard let text = view.cardText else {
            let base = view.version.manifest.base.map { NextStep.AdapterBaseChoice.version($0.version) }
            let publish = NextStep.publish(model: id.name, card: true, base: base ?? .none)
            throw Problem(
                status: 404,
                title: "\(id) has no card",
                next: "\(publish) makes a version with one",
                exit: Exit.notFound.rawValue
            )
        }
        let answer = Answer(version: id, card: view.version.card, text: text)
        try session.show(answer, kind: "Card", names: [id.description], text: text)
        if let card = view.version.card, !card.missing.isEmpty {
            let missing = card.missing.joined(separator: ", ")
            session.printer.talk("\(NumberText.share(card.completeness)) complete: missing \(missing)")
        }
        return .ok
    }
}
