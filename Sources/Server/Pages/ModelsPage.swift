import RegistryRecords
import RegistryTypes
import WireFormat

/// All models.
struct ModelsPage: Page {
    /// A model.
    struct Row: Hashable, Sendable {
        let model: Link
        let production: Link?
        let others: [HTMLText]
        let versions: HTMLText
        let latest: Link?
        let size: HTMLText
        let published: Moment?
        let canary: CanaryRow?
    }

    static let template = "models"
    let frame: Frame
    let summary: HTMLText
    let hasRows: Bool
    let rows: [Row]

    init(_ models: [ModelSummary], visit: Visit) {
        frame = Frame("Models", in: .models, command: "serin model list", visit: visit)
        let versions = models.reduce(0) { $0 + $1.versions }
        summary = "\(Figures.count(models.count, "model")) · \(Figures.count(versions, "version"))"
        hasRows = !models.isEmpty
        rows = models.map { model in
            let production = model.channels.first { $0.channel.text == "production" }
            return Row(
                model: Link(model.name.text, Href.model(model.name)),
                production: production.map {
                    Link("r\($0.release)", Href.release(ReleaseID($0.model, $0.release)))
                },
                others: model.channels.filter { $0.channel.text != "production" }
                    .map { "\($0.channel) r\($0.release)" },
                versions: HTMLText(Figures.count(model.versions)),
                latest: model.latest.map { Link("@\($0.id.number)", Href.version($0.id)) },
                size: HTMLText(model.latest.map { Figures.bytes($0.manifest.sizeBytes) } ?? ""),
                published: model.latest.map { Moment($0.publishedAt) },
                canary: model.lastCanary.map { CanaryRow($0) }
            )
        }
    }
}
