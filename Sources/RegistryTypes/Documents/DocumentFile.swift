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
            let document = reader.isClean ? Document.read(&reader) : nil
            let problems = document == nil ? reader.problems : reader.finish()
            diagnostics += problems.map { Diagnostic($0, file: name) }
            guard problems.isEmpty, let document else { continue }
            let line = yaml.root.position.line
            if let twin = entries.first(where: { $0.document.hasSameName(as: document) }) {
                let message =
                    "\(document.kindWord) \"\(document.name)\" is already in line \(twin.line): keep one of them"
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

extension Document {
    fileprivate func hasSameName(as other: Document) -> Bool { kindWord == other.kindWord && name == other.name }

    private static let kindWords = ["Policy", "Canary", "Prompt"]

    /// Reads one document; nil when its kind or name cannot be told, or when anything in it is wrong.
    fileprivate static func read(_ reader: inout MappingReader) -> Document? {
        reader.allow(["apiVersion", "kind", "name"])
        if let version = reader.text("apiVersion", isRequired: true), version != apiVersion {
            let shown = RegistryTypesError.shown(version)
            reader.refuse("apiVersion \"\(shown)\" is not known to this build: write \(apiVersion)", at: "apiVersion")
        }
        guard let kind = reader.text("kind", isRequired: true) else { return nil }
        guard kindWords.contains(kind) else {
            let known = kindWords.joined(separator: ", ")
            let near = NearName.nearest(to: kind, in: kindWords)
            let message =
                kind == "SLO"
                ? "kind \"SLO\" comes with service levels in a later version: leave the document out"
                : "kind \"\(RegistryTypesError.shown(kind))\" is not known: use one of \(known)"
            if let near, let node = reader.node("kind") {
                reader.add(
                    .unknownWord(kind, key: "kind", of: "document", near: near, known: kindWords, node.position)
                )
            } else {
                reader.refuse(message, at: "kind")
            }
            return nil
        }
        let name = reader.value("name", isRequired: true, expected: Reading.nameExpected) { try? Name($0) }
        reader.owner = name.map { "\(kind) \"\($0)\"" } ?? kind
        // Read the rest even without a name, so that all problems are shown; the name of such a document is not used.
        guard let usedName = name ?? (try? Name("unnamed")) else { return nil }
        let document: Document? =
            switch kind {
            case "Policy": PolicyDocument.read(name: usedName, &reader).map(Document.policy)
            case "Canary": CanaryDocument.read(name: usedName, &reader).map(Document.canary)
            default: PromptDocument.read(name: usedName, &reader).map(Document.prompt)
            }
        let problems = reader.finish()
        return problems.isEmpty ? document : nil
    }
}

/// Words that several readers of documents share.
enum Reading {
    /// What a name looks like.
    static let nameExpected = "a name of a-z, 0-9, '.', '_', '-', starting with a letter or digit, at most 64"
    /// What a channel is called.
    static let channelExpected = "a channel: a name that is not a number and not r and a number"

    /// A channel's name.
    static func channel(_ text: String) -> Name? {
        (try? Name(text)).flatMap { Reference.isChannelName($0) ? $0 : nil }
    }
}
