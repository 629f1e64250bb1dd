import GGUF
import Inference
import RegistryRecords
import RegistryTypes
import Safetensors
import UserDocuments
import Wording

/// What the headers of files say before any of them is sent: which part each is, and why the engine here would not run
/// them. The server finds the same: it runs the same checks.
struct PublishedHeaders: Sendable {
    /// The files with their roles.
    let files: PublishedFiles
    /// Every reason why the engine of this build cannot run them; none where it can, or where there is nothing to run.
    let reasons: [String]
    /// The weights where they are an adapter that can be applied.
    let adapter: AdapterDescription?

    /// Reads the headers of all weights among `found`.
    ///
    /// - Parameter hasBase: whether a base was named, so that the weights must be an adapter without a fault.
    /// - Throws: ``CommandsError/badFile(path:problem:next:)`` with everything that is wrong in all of them, for headers
    ///   that cannot be believed and for files that are no one model.
    init(_ found: PublishedFiles, hasBase: Bool = false) throws(CommandsError) {
        var adapter: AdapterDescription?
        var faults: [(path: String, problem: String)] = []
        var reasons: [String] = []
        let ggufs = found.files.filter { $0.role == .weights }
        var isVision: Set<String> = []
        var groups: [String: [PublishedFiles.File]] = [:]
        for file in ggufs {
            let shard = ShardName(file.name)
            groups[shard.map { "\($0.prefix) \($0.count)" } ?? file.name, default: []].append(file)
        }
        var models: [String] = []
        for (_, parts) in groups.sorted(by: { $0.key < $1.key }) {
            do throws(GGUFError) {
                let file = try GGUFFile(paths: parts.map(\.source))
                if groups.count > 1, Self.isVisionPart(file) {
                    isVision.formUnion(parts.map(\.name))
                } else {
                    models.append(parts[0].name)
                    adapter = try? AdapterDescription(file)
                    if !hasBase {
                        reasons += HeaderCheck.reasons(against: file)
                    } else if AdapterDescription.isAdapter(file) {
                        faults += HeaderCheck.reasons(againstAdapter: file).map { (parts[0].source, $0) }
                    }
                }
            } catch {
                if error.isOfAnotherForm {
                    models.append(parts[0].name)
                    reasons.append("\(error)")
                } else {
                    let faulty = Self.faulty(parts)
                    faults.append((faulty.map(\.path) ?? parts[0].source, Self.words(faulty?.error ?? error)))
                }
            }
        }
        let safetensors = found.files.filter { $0.role == .safetensors }
        for file in safetensors {
            do throws(SafetensorsError) { _ = try SafetensorsHeader(path: file.source) } catch {
                faults.append((file.source, "\(error)"))
            }
        }
        if let card = found.files.first(where: { $0.role == .card }) {
            do {
                let bytes = try FileReader(card.source).contents(limit: ModelCard.maximumBytes + 1)
                _ = try ModelCard(bytes: Array(bytes), file: card.name)
            } catch let error as DocumentError {
                // Alone it is shown line by line, as every document is.
                guard !faults.isEmpty else { throw .badDocuments(error.diagnostics) }
                faults += error.diagnostics.map { (card.source, "line \($0.line): \($0.message)") }
            } catch {
                faults.append((card.source, "cannot be read"))
            }
        }
        if let missing = ShardName.missing(in: (ggufs + safetensors).map(\.name)) {
            faults.append((missing, "is missing: a split model is published with all of its files"))
        }
        if let first = faults.first {
            let others = faults.dropFirst().map { "\($0.path): \($0.problem)" }
            throw .badFile(
                path: first.path,
                problem: ([first.problem] + others).joined(separator: "; "),
                next: Self.remedy(faults.map(\.problem))
            )
        }
        guard models.count <= 1 else {
            throw .badFile(
                path: models.prefix(4).joined(separator: ", "),
                problem: "are \(models.count) models, and a version holds one",
                next: "name the one that is meant"
            )
        }
        if models.isEmpty { reasons.append(safetensors.isEmpty ? CannotRun.noWeights : CannotRun.safetensors) }
        if hasBase, adapter == nil {
            throw .badFile(
                path: found.files.first?.source ?? "",
                problem: "holds no adapter in GGUF that could be laid over --base",
                next: "name the adapter, or leave --base out"
            )
        }
        self.adapter = adapter
        files = found.with { isVision.contains($0.name) ? .vision : $0.role }
        self.reasons = reasons
    }

    /// The first of several files of a model that is wrong by itself; nil where only all of them together are.
    private static func faulty(_ parts: [PublishedFiles.File]) -> (path: String, error: GGUFError)? {
        guard parts.count > 1 else { return nil }
        for part in parts {
            do throws(GGUFError) { _ = try GGUFFile(path: part.source) } catch {
                // That the others are not beside it is no fault of a file.
                if case .incompleteSet = error { continue }
                return (part.source, error)
            }
        }
        return nil
    }

    /// What to do about faults, in the words that fit all of them.
    private static func remedy(_ problems: [String]) -> Advice {
        problems.allSatisfy { $0.utf8.starts(with: "this is file ".utf8) || $0.utf8.starts(with: "is missing: ".utf8) }
            ? "name a folder that holds all of its files under their own names; nothing was sent"
            : "download or convert it again, or leave it out; nothing was sent"
    }

    /// Whether a file is the part of a model that sees pictures, which stands beside its weights.
    static func isVisionPart(_ file: GGUFFile) -> Bool {
        file.metadata["general.architecture"] == .string("clip") || file.metadata["general.type"] == .string("mmproj")
    }

    private static func words(_ error: GGUFError) -> String {
        if case .notGGUF = error { return "is named .gguf and is no GGUF file: it does not start with \"GGUF\"" }
        return "\(error)"
    }
}

/// What `--model` says: a name, or what the model is called where it comes from, of which the name is made.
struct PublishedModel: Hashable, Sendable {
    let name: Name
    let displayName: DisplayName?
    let isDerived: Bool

    /// Reads `--model` and `--display-name`.
    ///
    /// - Throws: `RegistryTypesError`.
    init(_ model: String, displayName: String?) throws(RegistryTypesError) {
        if let name = try? Name(model) {
            self.name = name
            self.displayName = try displayName.map { text throws(RegistryTypesError) in try DisplayName(text) }
            isDerived = false
            return
        }
        guard let known = try? DisplayName(model) else { throw .badName(model) }
        name = try known.identifier
        self.displayName = try displayName.map { text throws(RegistryTypesError) in try DisplayName(text) } ?? known
        isDerived = true
    }
}
