import RegistryTypes
import StrictJSON
import StrictYAML

/// What a reader should fix in the front matter of a card.
enum CardLint {
    /// Keys of Hugging Face that name one thing or a list of things.
    private static let knownKeys = [
        "license", "license_name", "license_link", "language", "tags", "base_model", "base_model_relation",
        "pipeline_tag", "library_name", "datasets", "metrics", "model-index", "inference", "widget", "co2_eq_emissions",
        "thumbnail", "new_version", "extra_gated_prompt",
    ]

    static func warnings(entries: [YAMLNode.Entry], firstLine: Int, file: String) -> [Diagnostic] {
        var warnings: [Diagnostic] = []
        func warn(_ position: YAMLPosition, _ message: String, near: String? = nil) {
            warnings.append(Diagnostic(file: file, line: position.line + firstLine - 1, message: message, near: near))
        }
        let ours = CardField.allCases.map(\.rawValue)
        for entry in entries {
            if entry.value.isEmpty {
                warn(entry.position, "\"\(entry.key)\" is empty: fill it or remove it")
            }
            if !ours.contains(entry.key), !knownKeys.contains(entry.key),
                let near = NearName.nearest(to: entry.key, in: ours + knownKeys)
            {
                warn(entry.position, "key \"\(entry.key.printable)\" is not a known field", near: near)
            }
        }
        func entry(_ key: String) -> YAMLNode.Entry? { entries.first { $0.key == key } }
        if let license = entry("license"), !license.value.isEmpty {
            switch license.value.value {
            case .scalar("other", _) where entry("license_name") == nil:
                warn(license.position, "license \"other\" needs license_name and license_link")
            case .scalar(let text, _) where text.utf8.contains(0x20):
                warn(license.position, "license is a sentence: name it by its SPDX id, such as apache-2.0")
            default: break
            }
        }
        return warnings.sorted { $0.line < $1.line }
    }
}
