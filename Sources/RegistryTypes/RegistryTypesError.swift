import StrictJSON

/// What is wrong with a value that came from outside.
public enum RegistryTypesError: Error, Equatable, Sendable {
    /// The text is not a name.
    case badName(String)
    /// The text is not a digest.
    case badDigest(String)
    /// The text is not a reference such as `ticket-bot@7`.
    case badReference(String)
    /// The text is not an identifier with the wanted prefix such as `c-204`.
    case badIdentifier(String, expectedPrefix: String)
    /// A stored event has a kind this build does not know.
    case unknownEventKind(String)
    /// A file name inside a manifest is not acceptable.
    case badFileName(String)
    /// A manifest lists no file, or lists the same name twice.
    case badManifest(String)
    /// The text cannot be shown as the name of a model.
    case badDisplayName(String)
    /// The text is not the number of a request.
    case badRequestID(String)
}

extension RegistryTypesError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .badName(let text):
            "\"\(text.printable)\" is not a name: use 1 to 64 of a-z, 0-9, '.', '_', '-', starting with a letter or digit"
                + ((try? DisplayName(text).identifier).map { "; a model known as that is called \($0)" } ?? "")
        case .badDigest(let text):
            "\"\(text.printable)\" is not a digest: expected sha256: and 64 hexadecimal digits"
        case .badReference(let text):
            "\"\(text.printable)\" is not a reference: use NAME, NAME@7, NAME@CHANNEL or NAME@r12"
        case .badIdentifier(let text, let prefix):
            "\"\(text.printable)\" is not an identifier: expected \(prefix) and a number, such as \(prefix)12"
        case .unknownEventKind(let kind):
            "event kind \"\(kind.printable)\" is not known to this build: run the build that wrote it, or a newer one"
        case .badFileName(let text):
            "file name \"\(text.printable)\" is not allowed: use letters, digits, '.', '_', '-' and single '/' between parts"
        case .badManifest(let why):
            "manifest is not valid: \(why)"
        case .badDisplayName(let text):
            "\"\(text.printable)\" cannot be the name of a model: use letters, digits, '.', '_', '-' and one '/', such as HuggingFaceTB/SmolLM2-135M-Instruct"
        case .badRequestID(let text):
            "\"\(text.printable)\" is not a request: expected 26 signs such as 01KAJ5W1T8Z3V0Q9M7R2X4B6CD"
        }
    }
}
