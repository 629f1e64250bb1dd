/// A call of a tool that a model wrote.
public struct WrittenToolCall: Sendable {
    /// The name of the function.
    public let name: String
    /// The arguments as JSON in one line, in the order in which the model wrote them.
    public let arguments: String
    /// The same by name.
    let members: TemplateMapping

    /// Nil for arguments that are too large to be written again: what they are is text then.
    init?(name: String, arguments: TemplateMapping) {
        guard let json = TemplateValue.mapping(arguments).json else { return nil }
        self.name = name
        self.arguments = json
        members = arguments
    }
}

/// How a family of models writes calls of tools into an answer.
public struct ToolCallFamily: Sendable, Equatable {
    /// Where the JSON of calls stands.
    enum Form: Sendable, Equatable {
        /// Between two markers, an object or a list of them; an empty closing marker is the end of the answer.
        case between(open: String, close: String)
        /// The whole answer, after an optional marker.
        case whole(open: String)
        /// After a marker the name, after a second one the arguments.
        case named(open: String, beforeArguments: [String], close: String)
        /// Between two markers a function with one marked parameter after another.
        case parameters(open: String, close: String)
        /// After a marker the name, then pairs whose texts stand between marks of their own.
        case pairs(open: String, close: String)
    }

    /// The name that the family is known by.
    public let name: String
    let forms: [Form]
    /// The keys of name and arguments in an object.
    let nameKey: String
    let argumentsKeys: [String]

    init(_ name: String, _ forms: [Form], nameKey: String = "name", argumentsKeys: [String] = ["arguments"]) {
        self.name = name
        self.forms = forms
        self.nameKey = nameKey
        self.argumentsKeys = argumentsKeys
    }

    /// The families that are known here, those with the clearest markers first.
    public static let known = [
        ToolCallFamily("hermes", [.between(open: "<tool_call>", close: "</tool_call>")]),
        ToolCallFamily(
            "mistral",
            [
                .named(open: "[TOOL_CALLS]", beforeArguments: ["[ARGS]"], close: ""),
                .between(open: "[TOOL_CALLS]", close: ""),
            ]
        ),
        ToolCallFamily(
            "gpt-oss",
            [
                .named(
                    open: "<|channel|>commentary to=functions.",
                    beforeArguments: [" <|constrain|>json<|message|>", "<|constrain|>json<|message|>", "<|message|>"],
                    close: "<|call|>"
                ),
                .named(
                    open: " to=functions.",
                    beforeArguments: [
                        "<|channel|>commentary <|constrain|>json<|message|>",
                        "<|channel|>commentary json<|message|>", "<|channel|>commentary<|message|>",
                    ],
                    close: "<|call|>"
                ),
            ]
        ),
        ToolCallFamily("qwen-3.5", [.parameters(open: "<tool_call>", close: "</tool_call>")]),
        ToolCallFamily("gemma-4", [.pairs(open: "<|tool_call>call:", close: "<tool_call|>")]),
        ToolCallFamily(
            "functionary",
            [.named(open: "<function=", beforeArguments: [">"], close: "</function>")]
        ),
        ToolCallFamily("granite", [.between(open: "<|tool_call|>", close: "")]),
        ToolCallFamily("nemotron", [.between(open: "<TOOLCALL>", close: "</TOOLCALL>")]),
        ToolCallFamily(
            "command",
            [.between(open: "<|START_ACTION|>", close: "<|END_ACTION|>")],
            nameKey: "tool_name",
            argumentsKeys: ["parameters"]
        ),
        ToolCallFamily(
            "llama-3",
            [.whole(open: "<|python_tag|>")],
            argumentsKeys: ["parameters", "arguments"]
        ),
    ]

    /// The texts by which calls begin, as far as they are marked.
    public var openings: [String] {
        forms.map { form in
            switch form {
            case .between(let open, _), .whole(let open), .named(let open, _, _), .parameters(let open, _),
                .pairs(let open, _):
                open
            }
        }
    }

    /// All texts that mark a part of a call.
    public var marks: [String] {
        forms.flatMap { form in
            switch form {
            case .between(let open, let close): [open, close]
            case .whole(let open): [open]
            case .named(let open, let beforeArguments, let close): [open] + beforeArguments + [close]
            case .parameters(let open, let close):
                [open, "<function=", "<parameter=", "</parameter>", "</function>", close]
            case .pairs(let open, let close): [open, "<|\"|>", close]
            }
        }.filter { !$0.isEmpty }
    }

    /// Whether a call is the whole answer, with nothing that marks it.
    var isWholeAnswer: Bool {
        forms.contains { form in
            if case .whole = form { return true }
            return false
        }
    }

    /// The family of this name; nil when none is known.
    public static func named(_ name: String) -> ToolCallFamily? { known.first { $0.name == name } }
}

/// An answer taken apart into what it says and the tools that it calls. What is no call exactly is text.
public struct ToolCallAnswer: Sendable {
    /// What the answer says around its calls; blanks between calls are left out.
    public let text: String
    /// The calls, in order.
    public let calls: [WrittenToolCall]

    /// Looks for the calls of a family in `answer`, which has no thinking and no end of turn; `declared` are the
    /// parameters of the tools that were offered.
    public init(_ answer: String, family: ToolCallFamily, declared: DeclaredParameters = DeclaredParameters()) {
        for form in family.forms {
            var reader = ToolCallReader(Array(answer.utf8), family, declared)
            guard let calls = reader.read(form) else { continue }
            self.calls = calls
            text = reader.rest
            return
        }
        text = answer
        calls = []
    }
}

/// Goes through an answer from the front.
private struct ToolCallReader {
    /// After so many markers without a call the rest is text: each of them may have been read to the end.
    private static let maximumMalformed = 64

    private let bytes: [UInt8]
    private let family: ToolCallFamily
    private let declared: DeclaredParameters
    private var said: [UInt8] = []

    init(_ bytes: [UInt8], _ family: ToolCallFamily, _ declared: DeclaredParameters) {
        self.bytes = bytes
        self.family = family
        self.declared = declared
    }

    /// What was no call.
    var rest: String {
        let end = TextScan.trimmedEnd(said, 0..<said.count)
        return String(decoding: said[..<end], as: UTF8.self)
    }

    /// The calls in a form; nil when there are none.
    mutating func read(_ form: ToolCallFamily.Form) -> [WrittenToolCall]? {
        var calls: [WrittenToolCall] = []
        switch form {
        case .whole(let open):
            let start = TextScan.trimmedStart(bytes, 0..<bytes.count)
            let isMarked = bytes[start...].starts(with: open.utf8)
            guard let (found, end) = json(from: start + (isMarked ? open.utf8.count : 0)),
                TextScan.trimmedStart(bytes, end..<bytes.count) == bytes.count
            else { return nil }
            calls = found
        case .between(let open, let close): calls = readEach(open) { $0.json(from: $1, close: close) }
        case .named(let open, let beforeArguments, let close):
            calls = readEach(open) { $0.named(from: $1, beforeArguments, close: close) }
        case .parameters(let open, let close): calls = readEach(open) { $0.parameters(from: $1, close: close) }
        case .pairs(let open, let close): calls = readEach(open) { $0.pairs(from: $1, close: close) }
        }
        return calls.isEmpty ? nil : calls
    }

    private mutating func readEach(
        _ open: String,
        _ read: (ToolCallReader, Int) -> (calls: [WrittenToolCall], end: Int)?
    ) -> [WrittenToolCall] {
        var calls: [WrittenToolCall] = []
        var compared = 0
        let places = TextScan.places(of: open, in: String(decoding: bytes, as: UTF8.self), compared: &compared)
        var start = 0, malformed = 0
        for place in places where place >= start && malformed < Self.maximumMalformed {
            guard let (found, end) = read(self, place + open.utf8.count) else {
                malformed += 1
                continue
            }
            say(start..<place)
            calls += found
            start = end
        }
        say(start..<bytes.count)
        return calls
    }

    private mutating func say(_ range: Range<Int>) {
        if TextScan.trimmedStart(bytes, range) < range.upperBound { said += bytes[range] }
    }

    /// JSON and the closing marker after it.
    private func json(from start: Int, close: String) -> (calls: [WrittenToolCall], end: Int)? {
        guard let (calls, end) = json(from: start) else { return nil }
        let next = TextScan.trimmedStart(bytes, end..<bytes.count)
        if close.utf8.isEmpty { return next == bytes.count ? (calls, next) : nil }
        guard bytes[next...].starts(with: close.utf8) else { return nil }
        return (calls, next + close.utf8.count)
    }

    /// One call, or a list of calls.
    private func json(from start: Int) -> (calls: [WrittenToolCall], end: Int)? {
        guard let (value, end) = TemplateValue.first(in: bytes, from: start) else { return nil }
        switch value {
        case .mapping(let mapping): return call(mapping).map { ([$0], end) }
        case .list(let list):
            var calls: [WrittenToolCall] = []
            for case let element in list.elements {
                guard case .mapping(let mapping) = element, let call = call(mapping) else { return nil }
                calls.append(call)
            }
            return calls.isEmpty ? nil : (calls, end)
        case .undefined, .none, .bool, .integer, .real, .text, .handle: return nil
        }
    }

    private func call(_ mapping: TemplateMapping) -> WrittenToolCall? {
        guard case .text(let name)? = mapping[family.nameKey], Self.isName(name.string.utf8),
            let key = family.argumentsKeys.first(where: { mapping[$0] != nil })
        else { return nil }
        switch mapping[key] {
        case .mapping(let arguments)?: return WrittenToolCall(name: name.string, arguments: arguments)
        case .text(let json)?:
            guard case .mapping(let arguments)? = TemplateValue(json: json.string) else { return nil }
            return WrittenToolCall(name: name.string, arguments: arguments)
        case .undefined?, .some(.none), .bool?, .integer?, .real?, .list?, .handle?, nil: return nil
        }
    }

    /// A name up to one of the markers, then an object with the arguments.
    private func named(
        from start: Int,
        _ beforeArguments: [String],
        close: String
    ) -> (calls: [WrittenToolCall], end: Int)? {
        let end = nameEnd(from: start)
        guard end > start, let marker = beforeArguments.first(where: { bytes[end...].starts(with: $0.utf8) }),
            let (value, after) = TemplateValue.first(in: bytes, from: end + marker.utf8.count),
            case .mapping(let arguments) = value
        else { return nil }
        return closed(String(decoding: bytes[start..<end], as: UTF8.self), arguments, at: after, close)
    }

    private func parameters(from start: Int, close: String) -> (calls: [WrittenToolCall], end: Int)? {
        let begin = TextScan.trimmedStart(bytes, start..<bytes.count)
        guard bytes[begin...].starts(with: "<function=".utf8) else { return nil }
        let nameStart = begin + "<function=".utf8.count
        let end = nameEnd(from: nameStart)
        guard end > nameStart, end < bytes.count, bytes[end] == UInt8(ascii: ">") else { return nil }
        let name = String(decoding: bytes[nameStart..<end], as: UTF8.self)
        var reader = WrittenArguments(bytes, from: end + 1)
        guard let arguments = reader.parameters(of: name, declared) else { return nil }
        return closed(name, arguments, at: reader.index, close)
    }

    private func pairs(from start: Int, close: String) -> (calls: [WrittenToolCall], end: Int)? {
        let end = nameEnd(from: start)
        var reader = WrittenArguments(bytes, from: end)
        guard end > start, let arguments = reader.pairs() else { return nil }
        return closed(String(decoding: bytes[start..<end], as: UTF8.self), arguments, at: reader.index, close)
    }

    /// A call whose arguments end at `after`, with the marker that closes it; the last one of an answer may end with it.
    private func closed(
        _ name: String,
        _ arguments: TemplateMapping,
        at after: Int,
        _ close: String
    ) -> (calls: [WrittenToolCall], end: Int)? {
        let next = TextScan.trimmedStart(bytes, after..<bytes.count)
        let isClosed = !close.utf8.isEmpty && bytes[next...].starts(with: close.utf8)
        guard isClosed || close.utf8.isEmpty || next == bytes.count,
            let call = WrittenToolCall(name: name, arguments: arguments)
        else { return nil }
        return ([call], isClosed ? next + close.utf8.count : after)
    }

    /// Where a name ends that begins at `start`.
    private func nameEnd(from start: Int) -> Int {
        var end = start
        while end < bytes.count, end - start < 128, Self.isName(CollectionOfOne(bytes[end])) { end += 1 }
        return end
    }

    private static func isName(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.count <= 128
            && bytes.allSatisfy {
                switch $0 {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x2d, 0x2e: true
                default: false
                }
            }
    }
}
