import StrictYAML

/// The documents of one file that a person wrote, each with the lines it was written in.
public struct DocumentFile: Hashable, Sendable {
    /// One document of a file.
    public struct Entry: Hashable, Sendable {
        /// What it says.
        public let document: Document
        /// The line on which it starts, from 1 on.
        public let line: Int
        /// Its own text, comments included; reading it again gives the same document.
        public let source: String
    }

    /// The most bytes of a file.
    public static let maximumBytes = YAMLLimits().bytes

    /// The documents in the order of the file; never empty.
    public let entries: [Entry]

    /// Reads `bytes` as documents; `name` stands in messages only.
    ///
    /// - Throws: ``DocumentError`` with every problem of every document; nothing of a broken file is used.
    public init(bytes: [UInt8], name: String) throws(DocumentError) {
        let file: YAMLFile
        do {
            file = try YAMLFile(bytes)
        } catch {
            throw DocumentError([Diagnostic(error, file: name)])
        }
        var entries: [Entry] = []
        var diagnostics: [Diagnostic] = []
        for yaml in file.documents {
            var reader = MappingReader(yaml.root, owner: "document")
            guard reader.isClean, let document = Document.read(&reader) else {
                diagnostics += reader.problems.map { Diagnostic($0, file: name) }
                continue
            }
            let line = yaml.root.position.line
            let (kind, documentName) = (document.kindWord, document.name)
            if let first = entries.first(where: { $0.document.kindWord == kind && $0.document.name == documentName }) {
                let message = "\(kind) \"\(documentName)\" is already in line \(first.line): keep one of them"
                diagnostics.append(Diagnostic(file: name, line: line, message: message))
            }
            entries.append(Entry(document: document, line: line, source: yaml.source))
        }
        if entries.isEmpty, diagnostics.isEmpty {
            let message = "file has no document: start one with apiVersion: \(Document.apiVersion), kind and name"
            diagnostics.append(Diagnostic(file: name, line: 1, message: message))
        }
        guard diagnostics.isEmpty else { throw DocumentError(diagnostics) }
        self.entries = entries
    }
}

extension Diagnostic {
    /// A problem of a file as a diagnostic.
    init(_ error: StrictYAMLError, file: String) {
        self.init(file: file, line: error.position.line, message: error.message, near: error.near)
    }
}

/// One thing that is wrong in a file a person wrote: where, what, and what was probably meant.
public struct Diagnostic: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The file, as the person named it.
    public let file: String
    /// The line, from 1 on.
    public let line: Int
    /// What is wrong and what to do, one lower-case line.
    public let message: String
    /// The known word nearest to the unknown one; nil when none is near.
    public let near: String?

    /// Something wrong at `line` of `file`.
    public init(file: String, line: Int, message: String, near: String? = nil) {
        self.file = file
        self.line = line
        self.message = message
        self.near = near
    }

    /// `production.yaml line 7: unknown key "requre" in gate "card": did you mean "require"?`
    public var description: String {
        "\(file) line \(line): \(message)" + (near.map { ": did you mean \"\($0)\"?" } ?? "")
    }
}
