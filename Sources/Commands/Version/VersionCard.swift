import ArgumentParser
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// `serin version card`
struct VersionCard: Verb {
    static let configuration = CommandConfiguration(
        commandName: "card",
        abstract: "Print the card of a version as it was written.",
        discussion: """
            Examples:
              serin version card ticket-bot@8
              serin version card ticket-bot@8 > card.md
            """
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
            throw Problem(
                status: 404,
                title: "\(id) has no card",
                next: "serin publish … --card card.md makes a version with one",
                exit: Exit.notFound.rawValue
            )
        }
        let answer = Answer(version: id, card: view.version.card, text: text)
        try session.show(answer, kind: "Card", names: [id.description], text: text)
        if let card = view.version.card, !card.missing.isEmpty {
            session.printer.talk(
                "\(NumberText.share(card.completeness)) complete: missing \(card.missing.joined(separator: ", "))"
            )
        }
        return .ok
    }
}
