/// Cuts text into the pieces within which byte-level BPE merges. Each kind is a hand-written scanner for one regular
/// expression over Unicode categories (given with its function); there is no regex engine at run time.
enum PreTokenizer: Sendable, Equatable, CaseIterable {
    case gpt2
    /// At most three digits a piece.
    case llamaBPE
    /// One digit a piece; otherwise as `llamaBPE`.
    case qwen2

    /// The names that files use for it (`tokenizer.ggml.pre`), the usual one first.
    var names: [String] {
        switch self {
        case .gpt2: ["gpt-2"]
        case .llamaBPE: ["llama-bpe", "llama3", "llama-v3"]
        case .qwen2: ["qwen2"]
        }
    }

    /// - Throws: `InferenceError.unsupportedPreTokenizer`.
    init(name: String) throws(InferenceError) {
        guard let kind = Self.allCases.first(where: { $0.names.contains(name) }) else {
            throw .unsupportedPreTokenizer(name)
        }
        self = kind
    }

    /// The pieces of valid UTF-8 as byte offsets where they end; the first starts at 0, each next one where the one
    /// before ends.
    func pieceEnds(_ text: ScalarText) -> [Int] {
        var ends: [Int] = []
        var start = 0
        while start < text.count {
            start =
                switch self {
                case .gpt2: Self.gpt2End(text, start)
                case .llamaBPE: Self.modernEnd(text, start, digits: 3)
                case .qwen2: Self.modernEnd(text, start, digits: 1)
                }
            ends.append(text.offsets[start])
        }
        return ends
    }

    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
    private static func gpt2End(_ text: ScalarText, _ start: Int) -> Int {
        if let end = contractionEnd(text, start, ignoringCase: false) { return end }
        let first = text.scalar(start) == 0x20 ? start + 1 : start
        let kind = text.kind(first)
        if kind != .space, kind != .end { return text.runEnd(of: kind, from: first) }
        return spaceEnd(text, start)
    }

    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
    private static func modernEnd(_ text: ScalarText, _ start: Int, digits: Int) -> Int {
        if let end = contractionEnd(text, start, ignoringCase: true) { return end }
        let kind = text.kind(start)
        if kind == .letter { return text.runEnd(of: .letter, from: start) }
        if kind != .number, !text.isNewline(start), text.kind(start + 1) == .letter {
            return text.runEnd(of: .letter, from: start + 1)
        }
        if kind == .number { return min(text.runEnd(of: .number, from: start), start + digits) }
        let first = text.scalar(start) == 0x20 ? start + 1 : start
        if text.kind(first) == .other {
            var end = text.runEnd(of: .other, from: first)
            while text.isNewline(end) { end += 1 }
            return end
        }
        let spaces = text.runEnd(of: .space, from: start)
        if let newline = (start..<spaces).last(where: text.isNewline) { return newline + 1 }
        return spaceEnd(text, start)
    }

    private static func contractionEnd(_ text: ScalarText, _ start: Int, ignoringCase: Bool) -> Int? {
        guard text.scalar(start) == 0x27 else { return nil }
        func letter(_ index: Int) -> UInt32 {
            let value = text.scalar(index)
            return ignoringCase && (0x41...0x5a).contains(value) ? value + 0x20 : value
        }
        switch (letter(start + 1), letter(start + 2)) {
        case (0x73, _), (0x74, _), (0x6d, _), (0x64, _): return start + 2  // 's 't 'm 'd
        case (0x72, 0x65), (0x76, 0x65), (0x6c, 0x6c): return start + 3  // 're 've 'll
        default: return nil
        }
    }

    /// `\s+(?!\S)|\s+`: all of a run at the end of the text, else all but its last, which may belong to the next word.
    private static func spaceEnd(_ text: ScalarText, _ start: Int) -> Int {
        let end = text.runEnd(of: .space, from: start)
        return end == text.count || end - start == 1 ? end : end - 1
    }
}

/// Text as Unicode scalars with the classes that pre-tokenizers ask for. Reading past the end gives `end` and 0.
struct ScalarText {
    enum Kind: UInt8 {
        case letter, number, space, other, end
    }

    /// Byte offset of each scalar in UTF-8, and of the end.
    private(set) var offsets: [Int] = [0]
    private var scalars: [UInt32] = []
    private var kinds: [Kind] = []

    var count: Int { scalars.count }

    init(_ text: String) {
        for scalar in text.unicodeScalars {
            scalars.append(scalar.value)
            kinds.append(Self.kind(of: scalar))
            offsets.append(offsets[offsets.count - 1] + UTF8.width(scalar))
        }
    }

    func scalar(_ index: Int) -> UInt32 { index < scalars.count ? scalars[index] : 0 }

    func kind(_ index: Int) -> Kind { index < kinds.count ? kinds[index] : .end }

    func isNewline(_ index: Int) -> Bool { scalar(index) == 0x0a || scalar(index) == 0x0d }

    /// The first index from `start` on whose kind is another.
    func runEnd(of kind: Kind, from start: Int) -> Int {
        var end = start
        while end < kinds.count, kinds[end] == kind { end += 1 }
        return end
    }

    /// ASCII from a table.
    private static let ascii: [Kind] = (0..<128).map { byte in
        Unicode.Scalar(UInt32(byte)).map(slowKind) ?? .other
    }

    private static func kind(of scalar: Unicode.Scalar) -> Kind {
        scalar.value < 128 ? ascii[Int(scalar.value)] : slowKind(scalar)
    }

    private static func slowKind(_ scalar: Unicode.Scalar) -> Kind {
        if scalar.properties.isWhitespace { return .space }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
        case .decimalNumber, .letterNumber, .otherNumber: return .number
        default: return .other
        }
    }
}
