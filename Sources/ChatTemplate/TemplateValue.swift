/// What a template works with: JSON's values, and Python's distinction of whole and real numbers.
public enum TemplateValue: Sendable {
    /// Nothing of that name, which the value keeps for messages.
    case undefined(String)
    /// Python's `None`, JSON's `null`.
    case none
    /// A truth value.
    case bool(Bool)
    /// A whole number of 64 bits; more is an error, not a rounding.
    case integer(Int)
    /// A number with a fraction.
    case real(Double)
    /// A text, with who wrote it.
    case text(TemplateText)
    /// Values in order.
    case list(TemplateList)
    /// Values by text, in the order in which they were put in.
    case mapping(TemplateMapping)
    /// Something of a run: a loop, a namespace, a macro. It means nothing outside of it.
    case handle(TemplateHandle)

    /// A text that the conversation brings: what it spells is never a special token.
    public static func conversation(_ string: String) -> TemplateValue { .text(TemplateText(string, .conversation)) }

    /// A text that counts as the template's own.
    public static func template(_ string: String) -> TemplateValue { .text(TemplateText(string)) }

    /// Values in order.
    public static func list(_ elements: [TemplateValue]) -> TemplateValue { .list(TemplateList(elements)) }

    /// Values by key, in this order; of a key that occurs twice, the later value.
    public static func mapping(_ members: KeyValuePairs<String, TemplateValue>) -> TemplateValue {
        var mapping = TemplateMapping()
        for (key, value) in members { mapping.set(TemplateText(key), to: value) }
        return .mapping(mapping)
    }

    /// How many lists and mappings lie in each other, this one included.
    var depth: Int {
        switch self {
        case .list(let list): list.depth
        case .mapping(let mapping): mapping.depth
        case .undefined, .none, .bool, .integer, .real, .text, .handle: 0
        }
    }

    /// Whether a condition holds for it, as in Python.
    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .real(let value): value != 0
        case .text(let text): !text.string.utf8.isEmpty
        case .list(let list): list.isLazy || !list.elements.isEmpty
        case .mapping(let mapping): mapping.count > 0
        case .handle: true
        }
    }

    var isUndefined: Bool {
        if case .undefined = self { return true }
        return false
    }

    /// What it is, in an error.
    var kind: String {
        switch self {
        case .undefined(let name): name.utf8.isEmpty ? "undefined" : "undefined (\(name.quotedForMessage))"
        case .none: "none"
        case .bool: "a truth value"
        case .integer: "a whole number"
        case .real: "a number"
        case .text: "a text"
        case .list(let list): list.isTuple ? "a tuple" : "a list"
        case .mapping: "a mapping"
        case .handle(let handle): handle.kind
        }
    }
}

/// Values in order. Its depth is known at once, so that nothing that recurses over it goes deeper than a limit.
public struct TemplateList: Sendable {
    /// The values.
    public private(set) var elements: [TemplateValue]
    private(set) var depth: Int
    /// Whether it is written with round brackets and never equals a list.
    let isTuple: Bool
    /// Whether a filter made it that Python works out only when it is gone through: a condition holds for it even when
    /// nothing is in it, as templates were tried out with that.
    private(set) var isLazy = false

    init(_ elements: [TemplateValue], isTuple: Bool = false) {
        self.elements = elements
        self.isTuple = isTuple
        depth = 1
        for element in elements { depth = max(depth, 1 + element.depth) }
    }

    /// The same as a filter gives it that Python works out later.
    var lazily: TemplateList {
        var list = self
        list.isLazy = true
        return list
    }

    mutating func append(_ element: TemplateValue) {
        elements.append(element)
        depth = max(depth, 1 + element.depth)
    }

    /// The place of Python's index: negative ones count from the end.
    func position(_ index: Int) -> Int? {
        let place = index < 0 ? index + elements.count : index
        return elements.indices.contains(place) ? place : nil
    }

    /// Takes an element out; nil when there is none.
    mutating func remove(at index: Int) -> TemplateValue? {
        position(index).map { elements.remove(at: $0) }
    }
}

/// Something that lives in one run of a template: a place in the run's tables, so that values hold no reference to it.
public struct TemplateHandle: Sendable, Equatable {
    enum Kind: Sendable { case loop, namespace, macro, function, method }

    let type: Kind
    let index: Int

    var kind: String {
        switch type {
        case .loop: "a loop"
        case .namespace: "a namespace"
        case .macro: "a macro"
        case .function: "a function"
        case .method: "a method"
        }
    }
}

extension String {
    /// At most 60 bytes of it between quotes, control bytes as `?`: safe in one line of an error.
    var quotedForMessage: String {
        let bytes = utf8.prefix(60).map { $0 < 0x20 || $0 == 0x7f ? UInt8(ascii: "?") : $0 }
        return "\"" + String(decoding: bytes, as: UTF8.self) + (utf8.count > 60 ? "…\"" : "\"")
    }
}
