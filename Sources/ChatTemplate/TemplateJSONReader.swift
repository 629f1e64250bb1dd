import StrictJSON

extension TemplateValue {
    /// Reads JSON with the order of its keys; its texts count as the conversation's.
    ///
    /// What JSON of this project may be is what ``JSONText`` reads; whole numbers beyond 64 bits with a sign are refused
    /// besides, as no value of a template holds them.
    ///
    /// - Returns: Nil when the text is not such JSON, or nests deeper than `maximumDepth`.
    public init?(json: String, maximumDepth: Int = 64) {
        var reader = JSONTextReader<OrderedJSON>(Array(json.utf8), maximumDepth: maximumDepth)
        guard let value = try? reader.whole().value else { return nil }
        self = value
    }

    /// The value that begins at `offset`, and where it ends; nil where there is none.
    static func first(in bytes: [UInt8], from offset: Int) -> (value: TemplateValue, end: Int)? {
        var reader = JSONTextReader<OrderedJSON>(bytes, from: offset, maximumDepth: JSONText.maximumDepth)
        guard let value = try? reader.first().value else { return nil }
        return (value, reader.index)
    }

    /// The value as JSON in one line, with the order of its keys; nil when it is too large, or no JSON.
    public var json: String? {
        var meter = TemplateMeter(TemplateLimits())
        return try? TemplateJSON().text(self, &meter).string
    }
}

/// JSON as a value of templates; no value where a part of it is none.
private struct OrderedJSON: JSONTree {
    let value: TemplateValue?

    static let noMembers: TemplateMapping? = TemplateMapping()

    static func add(_ member: OrderedJSON, _ key: String, to members: inout TemplateMapping?) -> Bool {
        guard let value = member.value else {
            members = nil
            return true
        }
        guard members?[key] == nil else { return false }
        members?.set(conversation: key, to: value)
        return true
    }

    static func object(_ members: TemplateMapping?) -> OrderedJSON { OrderedJSON(value: members.map { .mapping($0) }) }

    static func array(_ elements: [OrderedJSON]) -> OrderedJSON {
        let values = elements.compactMap(\.value)
        return OrderedJSON(value: values.count == elements.count ? .list(TemplateList(values)) : nil)
    }

    init(value: TemplateValue?) { self.value = value }

    init(_ leaf: JSONLeaf) {
        value =
            switch leaf {
            case .null: .some(.none)
            case .bool(let value): .bool(value)
            case .integer(let value): .integer(Int(value))
            case .unsigned: nil
            // Python's zero has no sign, and a whole number with more digits than fit is not rounded.
            case .number(let value, isWhole: true): value == 0 ? .integer(0) : nil
            case .number(let value, isWhole: false): .real(value)
            case .string(let text): .conversation(text)
            }
    }
}
