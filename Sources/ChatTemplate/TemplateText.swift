/// A text inside a template's run, with what of it came from the conversation.
///
/// Text of the template may hold special tokens; text of the conversation may not, whatever it spells. Every operation
/// that keeps the bytes of a text keeps this distinction byte by byte; one that changes them (upper case, JSON) counts
/// its whole result as the conversation's when any of it was.
public struct TemplateText: Sendable {
    /// Who wrote a text.
    enum Origin: Sendable {
        case template
        case conversation
        /// The byte ranges that the conversation wrote: in order, apart from each other, none empty.
        case mixed([Range<Int>])
    }

    /// The text.
    public let string: String
    let origin: Origin
    /// Whether the filter `safe` went over it: what is added to it with `+` is then escaped as in HTML. Templates hardly
    /// mean that; it is what happens where their models were made.
    private(set) var isMarkup = false

    init(_ string: String, _ origin: Origin = .template) {
        self.string = string
        self.origin = origin
    }

    init(_ string: String, ranges: [Range<Int>]) {
        let isWhole = ranges.count == 1 && ranges[0] == 0..<string.utf8.count
        self.init(string, ranges.isEmpty ? .template : isWhole ? .conversation : .mixed(ranges))
    }

    /// The same text after the filter `safe`.
    var markup: TemplateText { marked(true) }

    func marked(_ isMarkup: Bool) -> TemplateText {
        var text = self
        text.isMarkup = isMarkup
        return text
    }

    /// This text with its characters changed to `string`.
    func changed(to string: String) -> TemplateText { TemplateText(string, derived).marked(isMarkup) }

    /// Both as `+` joins them, where either went through `safe`.
    static func joinedAsMarkup(_ left: TemplateText, _ right: TemplateText) -> TemplateText {
        (left.escaped + right.escaped).markup
    }

    private var escaped: TemplateText {
        guard !isMarkup, string.utf8.contains(where: { Self.entities[$0] != nil }) else { return self }
        var bytes: [UInt8] = []
        for byte in string.utf8 {
            if let entity = Self.entities[byte] {
                bytes.append(contentsOf: entity.utf8)
            } else {
                bytes.append(byte)
            }
        }
        return TemplateText(String(decoding: bytes, as: UTF8.self), derived)
    }

    private static let entities: [UInt8: String] = [
        UInt8(ascii: "&"): "&amp;", UInt8(ascii: "<"): "&lt;", UInt8(ascii: ">"): "&gt;", UInt8(ascii: "'"): "&#39;",
        UInt8(ascii: "\""): "&#34;",
    ]

    /// The byte ranges of ``string`` that the conversation wrote.
    public var conversationRanges: [Range<Int>] {
        switch origin {
        case .template: []
        case .conversation: string.utf8.isEmpty ? [] : [0..<string.utf8.count]
        case .mixed(let ranges): ranges
        }
    }

    /// A text put together from parts, each written by the conversation or not.
    public init(parts: [(text: String, isConversation: Bool)]) {
        var builder = TemplateTextBuilder()
        for part in parts { builder.append(TemplateText(part.text, part.isConversation ? .conversation : .template)) }
        self = builder.text
    }

    /// The text in parts, by who wrote them; none is empty.
    public var parts: [(text: String, isConversation: Bool)] {
        let utf8 = string.utf8
        func part(_ range: Range<Int>) -> String {
            let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
            return String(string[start..<utf8.index(start, offsetBy: range.count)])
        }
        var parts: [(text: String, isConversation: Bool)] = []
        var start = 0
        for range in conversationRanges {
            if range.lowerBound > start { parts.append((part(start..<range.lowerBound), false)) }
            parts.append((part(range), true))
            start = range.upperBound
        }
        if start < utf8.count { parts.append((part(start..<utf8.count), false)) }
        return parts
    }

    /// Whether all of it is the template's.
    var isTemplates: Bool {
        if case .template = origin { return true }
        return false
    }

    /// The origin of a text that was worked out from this one.
    var derived: Origin { isTemplates ? .template : .conversation }

    var byteCount: Int { string.utf8.count }

    /// The bytes from `bounds`, which lie between scalars.
    func slice(_ bounds: Range<Int>) -> TemplateText { part(bounds).marked(isMarkup) }

    private func part(_ bounds: Range<Int>) -> TemplateText {
        let utf8 = string.utf8
        if bounds == 0..<utf8.count { return self }
        let start = utf8.index(utf8.startIndex, offsetBy: bounds.lowerBound)
        let end = utf8.index(start, offsetBy: bounds.count)
        let part = String(string[start..<end])
        switch origin {
        case .template: return TemplateText(part)
        case .conversation: return TemplateText(part, .conversation)
        case .mixed(let ranges):
            var inside: [Range<Int>] = []
            var index = Self.firstRange(endingAfter: bounds.lowerBound, in: ranges)
            while index < ranges.count, ranges[index].lowerBound < bounds.upperBound {
                let common = ranges[index].clamped(to: bounds)
                if !common.isEmpty {
                    inside.append(common.lowerBound - bounds.lowerBound..<common.upperBound - bounds.lowerBound)
                }
                index += 1
            }
            return TemplateText(part, ranges: inside)
        }
    }

    /// Found by halves: cutting a text into many parts must not look at all of it for each.
    private static func firstRange(endingAfter offset: Int, in ranges: [Range<Int>]) -> Int {
        var low = 0, high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    static func + (left: TemplateText, right: TemplateText) -> TemplateText {
        if left.string.utf8.isEmpty { return right }
        if right.string.utf8.isEmpty { return left }
        let whole = left.string + right.string
        switch (left.origin, right.origin) {
        case (.template, .template): return TemplateText(whole)
        case (.conversation, .conversation): return TemplateText(whole, .conversation)
        case (.template, _), (.conversation, _), (.mixed, _):
            var ranges = left.conversationRanges
            TemplateTextBuilder.append(right.conversationRanges, at: left.byteCount, to: &ranges)
            return TemplateText(whole, ranges: ranges)
        }
    }

    /// Whether both have the same bytes. `==` of two strings would take different scalars for the same text.
    static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
    }

    /// Whether `left` comes first in the order of scalars, which is that of the bytes.
    static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

/// Texts put one after the other.
struct TemplateTextBuilder {
    private(set) var bytes: [UInt8] = []
    private(set) var ranges: [Range<Int>] = []

    mutating func append(_ text: TemplateText) {
        let start = bytes.count
        bytes.append(contentsOf: text.string.utf8)
        switch text.origin {
        case .template: break
        case .conversation: Self.append([0..<bytes.count - start], at: start, to: &ranges)
        case .mixed(let inside): Self.append(inside, at: start, to: &ranges)
        }
    }

    mutating func append(_ string: String) { bytes.append(contentsOf: string.utf8) }

    var text: TemplateText { TemplateText(String(decoding: bytes, as: UTF8.self), ranges: ranges) }

    /// Moves `added` by `offset` and joins it to what is there; neighbours become one range.
    static func append(_ added: [Range<Int>], at offset: Int, to ranges: inout [Range<Int>]) {
        for range in added where !range.isEmpty {
            let moved = range.lowerBound + offset..<range.upperBound + offset
            if let last = ranges.last, last.upperBound == moved.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<moved.upperBound
            } else {
                ranges.append(moved)
            }
        }
    }
}
