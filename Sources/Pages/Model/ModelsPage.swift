import RegistryRecords
import RegistryTypes
public import WireFormat
import Wording

/// All models.
public struct ModelsPage: Page {
    /// A model.
    struct Row: Hashable, Sendable {
        let model: Link
        let displayName: HTMLText?
        let production: Link?
        let others: [HTMLText]
        let versions: HTMLText
        let latest: Link?
        let obstacle: StatusBadge?
        let size: HTMLText
        let published: PageTime?
        let canary: CanaryRow?
    }

    public static let template = "models"
    public let layout: PageLayout
    let summary: HTMLText
    let hasRows: Bool
    /// That there is nothing at all, not only in this part.
    let hasNone: Bool
    let rows: [Row]
    let publishCommand: HTMLText
    let paging: Paging?
    let search: NameSearch?

    /// Shows `list`, the `part` of all models, to the reader whom `context` names.
    public init(_ list: ListAnswer<ModelSummary>, part: NamedPart = NamedPart(), context: PageContext) {
        let models = list.items
        layout = PageLayout("Models", in: .models, command: .modelList, context: context)
        let versions = models.reduce(0) { $0 + $1.versions }
        let isWhole = part.after == nil && part.prefix.isEmpty && list.next == nil
        let whole = "\(NumberText.count(models.count, "model")) · \(NumberText.count(versions, "version"))"
        summary = isWhole ? HTMLText(whole) : Paging.summary(list, part, "model")
        paging = Paging(list, part, of: .models) { $0.name }
        search = NameSearch(list, part, what: "model")
        hasRows = !models.isEmpty
        hasNone = models.isEmpty && search == nil
        publishCommand = HTMLText(.publish(.weightsAndCard))
        rows = models.map { model in
            let production = model.channels.first { $0.channel.text == "production" }
            return Row(
                model: Link(model.name.text, .model(model.name)),
                displayName: model.displayName.map { HTMLText($0.text) },
                production: production.map {
                    Link("r\($0.release)", .release(ReleaseID($0.model, $0.release)))
                },
                others: HTMLText.first(
                    4,
                    of: model.channels.filter { $0.channel.text != "production" }.map { "\($0.channel) r\($0.release)" }
                ),
                versions: HTMLText(NumberText.count(model.versions)),
                latest: model.latest.map { Link("@\($0.id.number)", .version($0.id)) },
                obstacle: model.latest.flatMap { version in
                    version.obstacles.isEmpty ? nil : StatusBadge("–", "cannot be run here", .off)
                },
                size: HTMLText(model.latest.map { NumberText.bytes($0.manifest.sizeBytes) } ?? ""),
                published: model.latest.map { PageTime($0.publishedAt) },
                canary: model.lastCanary.map { CanaryRow($0) }
            )
        }
    }
}
