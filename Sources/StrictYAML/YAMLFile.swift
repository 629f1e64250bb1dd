import Yams

/// The documents of a YAML file, read strictly.
///
/// Scalars stay text (`1.10`, `no` and `1:30` are what they look like), and what makes YAML dangerous or
/// surprising is refused: anchors and aliases, tags, directives, duplicate keys, keys that are not text, invisible
/// line ends, and anything past ``YAMLLimits``.
public struct YAMLFile: Hashable, Sendable {
    /// The documents that are not empty, in order.
    public let documents: [YAMLDocument]

    /// Reads `bytes`.
    ///
    /// - Throws: ``StrictYAMLError`` for the first thing that is refused.
    public init(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(StrictYAMLError) {
        guard bytes.count <= limits.bytes else { throw .tooLarge(bytes: bytes.count, limit: limits.bytes) }
        let text = try YAMLBytes.check(bytes)
        switch AliasDecoy.answer(for: bytes) {
        case .notNeeded: break
        case .text(let decoy): try YAMLFile.refuseAliases(in: decoy)
        case .hostile(let offset): throw .alias(YAMLBytes.position(of: offset, in: bytes))
        }
        let lines = DocumentLines(bytes)
        var documents: [YAMLDocument] = []
        var budget = NodeBudget(limits: limits)
        do {
            let parser = try Parser(yaml: text, resolver: .basic, constructor: .default, encoding: .utf8)
            while let node = try parser.nextRoot() {
                let root = try budget.convert(node, depth: 1)
                if !root.isEmpty {
                    documents.append(YAMLDocument(root: root, source: lines.source(at: root.position.line)))
                }
            }
        } catch let error as StrictYAMLError {
            throw error
        } catch let error as YamlError {
            throw YAMLFile.translate(error, lines: lines)
        } catch {
            throw .syntax("\(error)", YAMLPosition(line: 1))
        }
        self.documents = documents
    }

    /// Throws when the text, whose aliases all name nothing, has one.
    private static func refuseAliases(in decoy: String) throws(StrictYAMLError) {
        do {
            let parser = try Parser(yaml: decoy, resolver: .basic, constructor: .default, encoding: .utf8)
            while try parser.nextRoot() != nil {}
        } catch YamlError.composer(_, "found undefined alias", let mark, _) {
            throw .alias(YAMLPosition(line: mark.line, column: mark.column))
        } catch {
            // Whatever else is wrong is wrong with the real text too, at the same place or before any alias.
        }
    }

    private static func translate(_ error: YamlError, lines: DocumentLines) -> StrictYAMLError {
        func syntax(_ context: YamlError.Context?, _ problem: String, _ mark: Mark) -> StrictYAMLError {
            let position = YAMLPosition(line: mark.line, column: mark.column)
            if lines.isIndentedWithTab(mark.line) { return .syntax("a tab cannot indent: use spaces", position) }
            let hint =
                switch problem {
                case "mapping values are not allowed in this context":
                    "a second ':' in one line: quote a text that has ': ' in it"
                case "found character that cannot start any token":
                    "a text cannot start with this character: quote it"
                case let nested where nested.hasPrefix("Maximum nesting level"):
                    "nested far too deep: make it flatter"
                case "found unexpected end of stream":
                    "a quote or a bracket is never closed"
                default: problem
                }
            guard let context, context.mark.line != mark.line else { return .syntax(hint, position) }
            return .syntax("\(hint) (\(context.text) that starts in line \(context.mark.line))", position)
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            return syntax(context, problem, mark)
        case .composer(_, "found undefined alias", let mark, _):
            return .alias(YAMLPosition(line: mark.line, column: mark.column))
        case .composer(let context, let problem, let mark, _):
            return syntax(context, problem, mark)
        case .reader(let problem, let offset, _, let yaml):
            let before = yaml.prefix(offset ?? 0).utf8.count { $0 == 0x0a }
            return .syntax(problem, YAMLPosition(line: before + 1))
        case .duplicatedKeysInMapping(let keys, let context):
            return .duplicateKey(
                keys.first ?? "",
                YAMLPosition(line: context.mark.line, column: context.mark.column)
            )
        default:
            return .syntax("the parser gave up: \(error)", YAMLPosition(line: 1))
        }
    }
}

/// Turns nodes of Yams into ours as long as the limits allow it.
private struct NodeBudget {
    let limits: YAMLLimits
    var nodes = 0

    init(limits: YAMLLimits) { self.limits = limits }

    mutating func convert(_ node: Node, depth: Int) throws(StrictYAMLError) -> YAMLNode {
        let position = YAMLPosition(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        nodes += 1
        guard nodes <= limits.nodes else { throw .tooManyNodes(limit: limits.nodes, position) }
        guard depth <= limits.depth else { throw .tooDeep(limit: limits.depth, position) }
        guard node.anchor == nil else { throw .anchor(position) }
        switch node {
        case .alias:
            throw .alias(position)
        case .scalar(let scalar):
            // The parser gives quoted texts the tag of texts, so on a plain one it was written by hand.
            let tag = scalar.tag.description
            let isText = tag == Tag.Name.str.rawValue && scalar.style != .plain
            guard isText || tag == Tag.Name.implicit.rawValue else { throw .tag(tag, position) }
            return YAMLNode(position: position, value: .scalar(scalar.string, isQuoted: scalar.style != .plain))
        case .sequence(let sequence):
            let tag = sequence.tag.description
            guard tag == Tag.Name.implicit.rawValue else { throw .tag(tag, position) }
            var elements: [YAMLNode] = []
            for element in sequence { elements.append(try convert(element, depth: depth + 1)) }
            return YAMLNode(position: position, value: .sequence(elements))
        case .mapping(let mapping):
            let tag = mapping.tag.description
            guard tag == Tag.Name.implicit.rawValue else { throw .tag(tag, position) }
            var entries: [YAMLNode.Entry] = []
            for (key, value) in mapping {
                let entry = try keyText(key)
                entries.append(
                    .init(key: entry.text, position: entry.position, value: try convert(value, depth: depth + 1))
                )
            }
            return YAMLNode(position: position, value: .mapping(entries))
        }
    }

    /// The text of a key. Looking for duplicates has given plain keys the tag of texts already.
    private mutating func keyText(_ node: Node) throws(StrictYAMLError) -> (text: String, position: YAMLPosition) {
        let position = YAMLPosition(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        nodes += 1
        guard nodes <= limits.nodes else { throw .tooManyNodes(limit: limits.nodes, position) }
        guard node.anchor == nil else { throw .anchor(position) }
        guard case .scalar(let scalar) = node else { throw .keyNotText(position) }
        let tag = scalar.tag.description
        guard tag == Tag.Name.str.rawValue || tag == Tag.Name.implicit.rawValue else { throw .tag(tag, position) }
        return (scalar.string, position)
    }
}

/// One document of a file: its content, and the lines it was written in.
public struct YAMLDocument: Hashable, Sendable {
    /// The content; never empty.
    public let root: YAMLNode
    /// The text of the document, from its `---` line (or the start of the file) to the next one.
    public let source: String

    /// A document.
    public init(root: YAMLNode, source: String) {
        self.root = root
        self.source = source
    }
}

/// How much YAML is read before it is refused.
public struct YAMLLimits: Hashable, Sendable {
    /// The most bytes of a file.
    public var bytes: Int
    /// The most nodes (texts, lists, mappings and keys) of a file.
    public var nodes: Int
    /// The deepest nesting; a text alone has depth 1.
    public var depth: Int

    /// Limits; 64 KiB, 2,000 nodes and 20 levels unless said otherwise.
    public init(bytes: Int = 65_536, nodes: Int = 2_000, depth: Int = 20) {
        self.bytes = bytes
        self.nodes = nodes
        self.depth = depth
    }
}

/// The lines of a file, cut at the `---` lines. YAML ends every text at such a line, so the cut is exact.
struct DocumentLines {
    private let lines: [ArraySlice<UInt8>]
    private let starts: [Int]

    init(_ bytes: [UInt8]) {
        lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
        starts = [0] + lines.indices.dropFirst().filter { [lines] in DocumentLines.isMarker(lines[$0]) }
    }

    /// The text of the document that has something in `line`, from 1 on.
    func source(at line: Int) -> String {
        let next = starts.firstIndex { $0 > line - 1 } ?? starts.endIndex
        let first = starts[max(0, next - 1)]
        let end = next < starts.endIndex ? starts[next] : lines.endIndex
        let joined = lines[first..<max(first, min(end, lines.endIndex))].joined(separator: [0x0a])
        let text = String(decoding: Array(joined), as: UTF8.self)
        return end < lines.endIndex ? text + "\n" : text
    }

    /// Whether the blanks at the start of `line`, from 1 on, have a tab among them.
    func isIndentedWithTab(_ line: Int) -> Bool {
        guard lines.indices.contains(line - 1) else { return false }
        return lines[line - 1].prefix { $0 == 0x20 || $0 == 0x09 }.contains(0x09)
    }

    private static func isMarker(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.starts(with: "---".utf8) else { return false }
        guard let next = line.dropFirst(3).first else { return true }
        return next == 0x20 || next == 0x09 || next == 0x0d
    }
}
