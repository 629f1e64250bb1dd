/// Arguments of a call that a family writes in a form of its own instead of JSON. What is not written exactly so is no
/// call.
struct WrittenArguments {
    /// So long may the name of an argument be, in bytes.
    private static let maximumNameBytes = 128
    /// So deep may lists and mappings lie in each other.
    private static let maximumDepth = 64

    private let bytes: [UInt8]
    /// The next byte.
    private(set) var index: Int

    init(_ bytes: [UInt8], from index: Int) {
        self.bytes = bytes
        self.index = index
    }

    // MARK: One marked parameter after another

    /// `<parameter=NAME>`, a line end, the value, a line end, `</parameter>`, for each; then `</function>`.
    ///
    /// The form has no quotes: what is a text and what a number, `tool` must have declared.
    mutating func parameters(of tool: String, _ declared: DeclaredParameters) -> TemplateMapping? {
        var arguments = TemplateMapping()
        while take("<parameter=") {
            guard let name = name(until: ">"), arguments[name] == nil, let value = line(before: "</parameter>") else {
                return nil
            }
            arguments.set(conversation: name, to: declared.value(value, of: name, in: tool))
        }
        return take("</function>") ? arguments : nil
    }

    /// What stands before `marker`, without the line ends around it.
    private mutating func line(before marker: StaticString) -> String? {
        if index < bytes.count, bytes[index] == 0x0a { index += 1 }
        let start = index
        while index < bytes.count, !isNext(marker) { index += 1 }
        guard index < bytes.count else { return nil }
        let end = index > start && bytes[index - 1] == 0x0a ? index - 1 : index
        index += marker.utf8CodeUnitCount
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    // MARK: Pairs whose texts stand between marks

    /// `{NAME:VALUE,…}` with texts between two `<|"|>`; names may stand between them too.
    mutating func pairs(depth: Int = 0) -> TemplateMapping? {
        guard depth < Self.maximumDepth, take("{") else { return nil }
        var members = TemplateMapping()
        if take("}") { return members }
        repeat {
            guard let name = quoted() ?? name(until: ":", takes: false), members[name] == nil, take(":"),
                let value = value(depth: depth + 1)
            else { return nil }
            members.set(conversation: name, to: value)
        } while take(",")
        return take("}") ? members : nil
    }

    private mutating func value(depth: Int) -> TemplateValue? {
        if let text = quoted() { return .conversation(text) }
        if isNext("{") { return pairs(depth: depth).map { .mapping($0) } }
        guard take("[") else { return word() }
        guard depth < Self.maximumDepth else { return nil }
        var elements: [TemplateValue] = []
        if take("]") { return .list(elements) }
        repeat {
            guard let element = value(depth: depth + 1) else { return nil }
            elements.append(element)
        } while take(",")
        return take("]") ? .list(elements) : nil
    }

    /// A number, a truth value, or nothing, as JSON or Python writes it.
    private mutating func word() -> TemplateValue? {
        let start = index
        while index < bytes.count, index - start < 64, !Self.endsWord(bytes[index]) { index += 1 }
        return DeclaredParameters.word(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: "<")].contains(byte)
    }

    private mutating func quoted() -> String? {
        let before = index
        guard take("<|\"|>") else { return nil }
        let start = index
        while index < bytes.count {
            if isNext("<|\"|>") {
                defer { index += 5 }
                return String(decoding: bytes[start..<index], as: UTF8.self)
            }
            index += 1
        }
        index = before
        return nil
    }

    // MARK: Bytes

    /// A name up to a byte that ends it, which is taken as well if it `takes`.
    private mutating func name(until end: Unicode.Scalar, takes: Bool = true) -> String? {
        let start = index
        while index < bytes.count, index - start <= Self.maximumNameBytes, bytes[index] != UInt8(ascii: end) {
            guard bytes[index] > 0x20, !Self.endsWord(bytes[index]) else { return nil }
            index += 1
        }
        guard index > start, index < bytes.count, bytes[index] == UInt8(ascii: end) else { return nil }
        defer { if takes { index += 1 } }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    /// Goes past `marker` and the blanks before it; false, and nothing is taken, when something else is next.
    private mutating func take(_ marker: StaticString) -> Bool {
        let before = index
        index = TextScan.trimmedStart(bytes, index..<bytes.count)
        guard isNext(marker) else {
            index = before
            return false
        }
        index += marker.utf8CodeUnitCount
        return true
    }

    private func isNext(_ marker: StaticString) -> Bool {
        let count = marker.utf8CodeUnitCount
        guard bytes.count - index >= count else { return false }
        for offset in 0..<count where bytes[index + offset] != marker.utf8Start[offset] { return false }
        return true
    }
}

/// What the offered tools say of their parameters: a form that writes values without quotes cannot say what is a text.
public struct DeclaredParameters: Sendable {
    /// The properties of each tool, by its name.
    private var properties = TemplateMapping()

    /// Reads them out of the tools that were offered, as a template takes them; nothing is known of others.
    public init(tools: [TemplateValue] = []) {
        for case .mapping(let tool) in tools {
            guard case .mapping(let function)? = tool["function"], case .text(let name)? = function["name"],
                case .mapping(let schema)? = function["parameters"], let properties = schema["properties"]
            else { continue }
            self.properties.set(name, to: properties)
        }
    }

    /// What was written for a parameter, as the type that is declared for it. What is declared nowhere, may be a text, or
    /// is not written as its type, is the text that it was written as.
    func value(_ written: String, of parameter: String, in tool: String) -> TemplateValue {
        guard case .mapping(let parameters)? = properties[tool], case .mapping(let schema)? = parameters[parameter],
            let value = Self.word(written) ?? TemplateValue(json: written),
            Self.types(schema).contains(where: { Self.is(value, of: $0) }), !Self.types(schema).contains("string")
        else { return .conversation(written) }
        return value
    }

    private static func types(_ schema: TemplateMapping) -> [String] {
        func texts(_ value: TemplateValue?) -> [String] {
            switch value {
            case .text(let text)?: [text.string]
            case .list(let list)?: list.elements.flatMap { texts($0) }
            case .undefined?, .some(.none), .bool?, .integer?, .real?, .mapping?, .handle?, nil: []
            }
        }
        return texts(schema["type"])
            + ["anyOf", "oneOf"].flatMap { key -> [String] in
                guard case .list(let choices)? = schema[key] else { return [] }
                return choices.elements.flatMap { choice -> [String] in
                    if case .mapping(let choice) = choice { return texts(choice["type"]) }
                    return []
                }
            }
    }

    private static func `is`(_ value: TemplateValue, of type: String) -> Bool {
        switch value {
        case .none: type == "null"
        case .bool: type == "boolean"
        case .integer: type == "integer" || type == "number"
        case .real: type == "number"
        case .list: type == "array"
        case .mapping: type == "object"
        case .text, .undefined, .handle: false
        }
    }

    /// A number, a truth value or nothing, in the words of JSON or of Python; nil for what is none of them.
    static func word(_ written: String) -> TemplateValue? {
        switch written {
        case "True", "true": .bool(true)
        case "False", "false": .bool(false)
        case "None", "null": .some(.none)
        default:
            switch TemplateValue(json: written) {
            case .integer(let number)?: .integer(number)
            case .real(let number)?: .real(number)
            case .undefined?, .some(.none), .bool?, .text?, .list?, .mapping?, .handle?, nil: nil
            }
        }
    }
}
