import Catalog
import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// A version or a release as rows of text, ready to be held against another one.
struct ComparedThing {
    /// What it is, such as `ticket-bot@r1`.
    let name: String
    private let fields: [(group: String, field: String, value: String)]

    /// Reads what a reference names: a version for `@7`, else a release.
    init(_ reference: Reference, in state: CatalogState) throws {
        let version: VersionRecord
        var fields: [(group: String, field: String, value: String)] = []
        if case .version(let number) = reference.selector {
            version = try state.requireVersion(VersionID(reference.model, number))
            name = version.id.description
        } else {
            let release = try state.requireRelease(state.releaseID(of: reference))
            version = try state.requireVersion(release.version)
            name = release.id.description
            let prompt = try state.requirePrompt(release.content.prompt)
            fields.append(("release", "version", version.id.description))
            fields.append(("release", "prompt", prompt.id.description))
            fields.append(("release", "prompt digest", prompt.digest.short))
            fields += Self.rows(of: release.content.decoding).map { ("decoding", $0.0, $0.1) }
        }
        fields.append(("version", "size", NumberText.count(Int(version.manifest.sizeBytes), "byte")))
        if let lineage = version.lineage {
            fields.append(("version", "made from", "\(lineage.from)" + (lineage.method.map { " by \($0)" } ?? "")))
        }
        if let base = version.manifest.base {
            fields.append(("version", "adapter over", base.version.description))
            fields += (version.manifest.weights?.base.files ?? []).map {
                ("version", "base \($0.path)", "\($0.digest.short), \(NumberText.count(Int($0.sizeBytes), "byte"))")
            }
        }
        if let adapter = version.adapter {
            fields.append(("facts", "adapter rank", adapter.ranks.map(String.init).joined(separator: ", ")))
            fields.append(("facts", "adapter alpha", "\(adapter.alpha)"))
            fields.append(("facts", "adapter matrices", NumberText.count(adapter.matrixCount)))
        }
        let obstacles = version.obstacles
        if !obstacles.isEmpty { fields.append(("version", "cannot be run here", obstacles.joined(separator: "; "))) }
        if let license = version.card?.license { fields.append(("card", "license", license)) }
        if let card = version.card {
            fields.append(("card", "complete", NumberText.share(card.completeness)))
            fields.append(("card", "fields", card.present.joined(separator: ", ")))
        }
        if let facts = version.facts {
            fields.append(("facts", "architecture", facts.architecture))
            fields.append(("facts", "parameters", NumberText.count(facts.parameterCount)))
            fields.append(("facts", "precision", facts.precision))
            let types = facts.tensorTypes.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
            fields.append(("facts", "tensors", types.joined(separator: ", ")))
            fields.append(("facts", "context", NumberText.count(facts.contextLength)))
            fields.append(("facts", "layers", NumberText.count(facts.layerCount)))
            fields.append(("facts", "width", NumberText.count(facts.width)))
            fields.append(("facts", "vocabulary", NumberText.count(facts.vocabularySize)))
            fields.append(("facts", "tokenizer", facts.tokenizer))
        }
        if let header = version.cannotRun?.header {
            fields.append(("facts", "format", header.format.rawValue))
            if version.facts == nil {
                if let architecture = header.architecture { fields.append(("facts", "architecture", architecture)) }
                fields.append(("facts", "parameters", NumberText.count(header.parameterCount)))
                fields.append(("facts", "precision", header.precision))
                let types = header.tensorTypes.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
                fields.append(("facts", "tensors", types.joined(separator: ", ")))
            }
            let shapes = header.shapes.sorted { $0.key < $1.key }.map { "\($0.value) × (\($0.key))" }
            fields.append(("facts", "shapes", shapes.joined(separator: ", ")))
        }
        for file in version.manifest.files {
            fields.append(
                ("files", file.path, "\(file.digest.short), \(NumberText.count(Int(file.sizeBytes), "byte"))")
            )
        }
        // What is empty says nothing.
        self.fields = fields.filter { !$0.value.isEmpty }
    }

    /// Both things row by row, in the order of the left one, with the rows only the right one has at the end of their group.
    func difference(to other: ComparedThing) -> Difference {
        let groups = ["release", "decoding", "version", "facts", "card", "files"]
        var rows: [DifferenceRow] = []
        for group in groups {
            let left = fields.filter { $0.group == group }
            let right = other.fields.filter { $0.group == group }
            for row in left {
                let match = right.first { $0.field == row.field }?.value
                rows.append(DifferenceRow(group: group, field: row.field, left: row.value, right: match))
            }
            for row in right where !left.contains(where: { $0.field == row.field }) {
                rows.append(DifferenceRow(group: group, field: row.field, left: nil, right: row.value))
            }
        }
        return Difference(left: name, right: other.name, rows: rows)
    }

    /// Decoding settings as pairs of name and value; settings that are not set are left out.
    static func rows(of settings: DecodingSettings) -> [(String, String)] {
        var rows = [("temperature", "\(settings.temperature)"), ("max tokens", String(settings.maxTokens))]
        if let topK = settings.topK { rows.append(("top k", String(topK))) }
        if let topP = settings.topP { rows.append(("top p", "\(topP)")) }
        if let minP = settings.minP { rows.append(("min p", "\(minP)")) }
        rows += settings.penalties.map { ($0, "\($1)") }
        if !settings.stop.isEmpty { rows.append(("stop", settings.stop.joined(separator: " | "))) }
        return rows
    }
}
