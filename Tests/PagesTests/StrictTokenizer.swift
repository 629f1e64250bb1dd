/// A strict reader of the HTML that the pages are allowed to be made of: it refuses everything that a browser would
/// have to guess about, so that what it reads is what a browser sees.
struct StrictTokenizer {
    /// What is wrong, and where.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// An element with its attributes, or a run of text; closing tags are checked and left out.
    enum Node: Hashable {
        case element(String, attributes: [String: String])
        case text(String)
    }

    static let void: Set<String> = ["meta", "link", "input", "br"]

    private let bytes: [UInt8]
    private var position = 0
    private var open: [String] = []
    private(set) var nodes: [Node] = []

    init(_ html: String) throws {
        bytes = Array(html.utf8)
        let doctype = Array("<!doctype html>\n".utf8)
        guard bytes.starts(with: doctype) else { throw Fault(description: "no doctype") }
        position = doctype.count
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "<") { try readTag() } else { try readText() }
        }
        guard open.isEmpty else { throw fault("\(open) not closed") }
    }

    /// The elements and the names of their attributes, in order: the shape of the page.
    var shape: [String] {
        nodes.compactMap { node in
            if case .element(let name, let attributes) = node {
                return ([name] + attributes.keys.sorted()).joined(separator: " ")
            }
            return nil
        }
    }

    private func fault(_ text: String) -> Fault {
        let from = max(0, position - 40), to = min(bytes.count, position + 40)
        return Fault(description: "\(text) at \(position): …\(String(decoding: bytes[from..<to], as: UTF8.self))…")
    }

    private mutating func readText() throws {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "<") {
            switch bytes[position] {
            case UInt8(ascii: ">"): throw fault("a bare > in text")
            case UInt8(ascii: "&"): try checkReference()
            case 0x00...0x08, 0x0b...0x1f, 0x7f: throw fault("a control in text")
            default: break
            }
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if text.utf8.contains(where: { $0 > 0x20 }) { nodes.append(.text(text)) }
    }

    private func checkReference() throws {
        let rest = bytes[position...].prefix(8)
        guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { throw fault("a bare &") }
        let name = String(decoding: rest[(position + 1)..<end], as: UTF8.self)
        guard ["amp", "lt", "gt", "#34", "#39", "#96", "#xFE0E"].contains(name) else { throw fault("&\(name);") }
    }

    private mutating func readTag() throws {
        position += 1
        let closes = position < bytes.count && bytes[position] == UInt8(ascii: "/")
        if closes { position += 1 }
        let name = word()
        guard !name.isEmpty else { throw fault("no name after <") }
        if closes {
            guard open.popLast() == name, take(">") else { throw fault("</\(name)> closes nothing") }
            return
        }
        var attributes: [String: String] = [:]
        while true {
            let hasSpace = take(" ")
            if take(">") {
                if !StrictTokenizer.void.contains(name) { open.append(name) }
                break
            }
            if take("/") {
                guard take(">") else { throw fault("/ inside a tag") }
                break
            }
            guard hasSpace else { throw fault("no space before an attribute") }
            let attribute = word()
            guard !attribute.isEmpty, attributes[attribute] == nil else { throw fault("attribute \"\(attribute)\"") }
            attributes[attribute] = take("=") ? try value() : ""
        }
        guard !["script", "style", "iframe", "object", "base"].contains(name) else { throw fault("<\(name)>") }
        guard !attributes.keys.contains(where: { $0 == "style" || $0.utf8.starts(with: "on".utf8) }) else {
            throw fault("style or on… attribute")
        }
        for link in ["href", "action", "src"] {
            if let target = attributes[link], !target.utf8.starts(with: "/".utf8), !target.utf8.starts(with: "#".utf8),
                !target.utf8.starts(with: "data:image/svg+xml,".utf8)
            {
                throw fault("\(link) leads to \(target)")
            }
        }
        nodes.append(.element(name, attributes: attributes))
    }

    private mutating func value() throws -> String {
        guard take("\"") else { throw fault("a value without quotes") }
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            switch bytes[position] {
            case UInt8(ascii: "<"), UInt8(ascii: ">"), 0x00...0x08, 0x0b...0x1f, 0x7f:
                throw fault("\(bytes[position]) in a value")
            case UInt8(ascii: "&"): try checkReference()
            default: break
            }
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard take("\"") else { throw fault("a value without an end") }
        return text
    }

    private mutating func word() -> String {
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: ":"): position += 1
            default: return String(decoding: bytes[start..<position], as: UTF8.self)
            }
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }
}
