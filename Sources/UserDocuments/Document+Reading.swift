import RegistryTypes
import StrictJSON
import StrictYAML

extension Document {
    /// The kinds as documents write them.
    private enum Kind: String, CaseIterable {
        case policy = "Policy"
        case canary = "Canary"
        case prompt = "Prompt"
        case slo = "SLO"
    }

    /// Reads one document; nil when anything is wrong, with all problems in `reader`.
    static func read(_ reader: inout MappingReader) -> Document? {
        reader.allow(["apiVersion", "kind", "name"])
        if let version = reader.text("apiVersion", isRequired: true), version != apiVersion {
            let shown = version.printable
            reader.refuse("apiVersion \"\(shown)\" is not known to this build: write \(apiVersion)", at: "apiVersion")
        }
        guard let kind = reader.choice("kind", isRequired: true, as: Kind.self) else { return nil }
        let name = reader.value("name", isRequired: true, expected: Reading.nameExpected) { try? Name($0) }
        reader.owner = name.map { "\(kind.rawValue) \"\($0)\"" } ?? kind.rawValue
        // Read the rest even without a name, so that all problems are shown; such a document is not used.
        guard let usedName = name ?? (try? Name("unnamed")) else { return nil }
        let document: Document? =
            switch kind {
            case .policy: PolicyDocument.read(name: usedName, &reader).map(Document.policy)
            case .canary: CanaryDocument.read(name: usedName, &reader).map(Document.canary)
            case .prompt: PromptDocument.read(name: usedName, &reader).map(Document.prompt)
            case .slo: SLODocument.read(name: usedName, &reader).map(Document.slo)
            }
        return reader.finish().isEmpty ? document : nil
    }
}
