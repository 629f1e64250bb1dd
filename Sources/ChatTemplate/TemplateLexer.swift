/// Cuts a template into tokens, with the white space rules that chat templates are written for: the newline after a
/// block goes (`trim_blocks`), and so do blanks between the start of a line and a block (`lstrip_blocks`).
struct TemplateLexer {
    private let source: TemplateSource
    private var index = 0
    private var tokens: [TemplateToken] = []
    private var bytes: [UInt8] { source.bytes }

    private init(_ source: TemplateSource) { self.source = source }

    /// The tokens of a template, with ``TemplateToken/Kind/end`` at the end.
    static func tokens(of source: TemplateSource) throws(TemplateError) -> [TemplateToken] {
        var lexer = TemplateLexer(source)
        while lexer.index < source.bytes.count { try lexer.outside() }
        lexer.add(.end, at: lexer.index)
        return lexer.tokens
    }

    private mutating func add(_ kind: TemplateToken.Kind, at offset: Int) {
        tokens.append(TemplateToken(kind: kind, offset: offset))
    }

    private func failure(_ message: String, at offset: Int) -> TemplateError {
        TemplateError(.syntax, message, at: offset, in: source)
    }

    private func has(_ text: StaticString, at offset: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard offset >= 0, offset + count <= bytes.count else { return false }
        for step in 0..<count where bytes[offset + step] != text.utf8Start[step] { return false }
        return true
    }

    // MARK: Outside of braces

    /// Text up to the next opening brace, and what that opens.
    private mutating func outside() throws(TemplateError) {
        let start = index
        var open = start
        while open < bytes.count, !(has("{{", at: open) || has("{%", at: open) || has("{#", at: open)) { open += 1 }
        guard open < bytes.count else {
            addData(start..<bytes.count)
            index = bytes.count
            return
        }
        let isVariable = has("{{", at: open)
        let sign = open + 2 < bytes.count ? bytes[open + 2] : 0
        let isSigned = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
        addData(start..<trimmed(start..<open, sign: sign, isBlock: !isVariable))
        index = open + (isSigned ? 3 : 2)
        if isVariable {
            add(.variableBegin, at: open)
            try inside(opened: open, isBlock: false)
        } else if has("{#", at: open) {
            try comment(opened: open)
        } else if let raw = word("raw", at: index), raw < bytes.count, let end = rawEnd(at: raw) {
            try rawText(from: end, opened: open)
        } else {
            add(.blockBegin, at: open)
            try inside(opened: open, isBlock: true)
        }
    }

    private mutating func addData(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        add(.data(String(decoding: bytes[range], as: UTF8.self)), at: range.lowerBound)
    }

    /// Where text before an opening brace ends once its blanks are gone.
    private func trimmed(_ range: Range<Int>, sign: UInt8, isBlock: Bool) -> Int {
        if sign == UInt8(ascii: "-") { return TextScan.trimmedEnd(bytes, range) }
        guard sign != UInt8(ascii: "+"), isBlock else { return range.upperBound }
        var lineStart = range.upperBound
        while lineStart > range.lowerBound, bytes[lineStart - 1] != 0x0a { lineStart -= 1 }
        let isAtLineStart = lineStart > range.lowerBound || lineStart == 0 || bytes[lineStart - 1] == 0x0a
        guard isAtLineStart else { return range.upperBound }
        return TextScan.trimmedEnd(bytes, lineStart..<range.upperBound) == lineStart ? lineStart : range.upperBound
    }

    private mutating func comment(opened: Int) throws(TemplateError) {
        var end = index
        while end < bytes.count, !has("#}", at: end) { end += 1 }
        guard end < bytes.count else { throw failure("this comment is never closed: write #}", at: opened) }
        let sign = end > index ? bytes[end - 1] : 0
        index = end + 2
        skipAfterBlock(sign: sign)
    }

    /// After a closing brace: everything blank with `-`, nothing with `+`, else one newline.
    private mutating func skipAfterBlock(sign: UInt8) {
        if sign == UInt8(ascii: "-") {
            index = TextScan.trimmedStart(bytes, index..<bytes.count)
        } else if sign != UInt8(ascii: "+"), index < bytes.count, bytes[index] == 0x0a {
            index += 1
        }
    }

    /// The place after `word`, which blanks may stand before; nil when it is not there.
    private func word(_ word: StaticString, at offset: Int) -> Int? {
        let start = TextScan.trimmedStart(bytes, offset..<bytes.count)
        return has(word, at: start) ? start + word.utf8CodeUnitCount : nil
    }

    /// Where the text of a raw block begins; nil when the block is not closed here.
    private func rawEnd(at offset: Int) -> Int? {
        let end = TextScan.trimmedStart(bytes, offset..<bytes.count)
        if has("-%}", at: end) { return TextScan.trimmedStart(bytes, end + 3..<bytes.count) }
        return has("%}", at: end) ? end + 2 : nil
    }

    private mutating func rawText(from start: Int, opened: Int) throws(TemplateError) {
        var open = start
        while open < bytes.count {
            guard has("{%", at: open) else {
                open += 1
                continue
            }
            let sign = open + 2 < bytes.count ? bytes[open + 2] : 0
            let isSigned = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
            if let after = word("endraw", at: open + (isSigned ? 3 : 2)) {
                let end = TextScan.trimmedStart(bytes, after..<bytes.count)
                let closing = end < bytes.count ? bytes[end] : 0
                let isClosingSigned = closing == UInt8(ascii: "-") || closing == UInt8(ascii: "+")
                if has("%}", at: end + (isClosingSigned ? 1 : 0)) {
                    addData(start..<trimmed(start..<open, sign: sign, isBlock: true))
                    index = end + (isClosingSigned ? 3 : 2)
                    skipAfterBlock(sign: isClosingSigned ? closing : 0)
                    return
                }
            }
            open += 2
        }
        throw failure("this raw block is never closed: write {% endraw %}", at: opened)
    }

    // MARK: Inside of braces

    private mutating func inside(opened: Int, isBlock: Bool) throws(TemplateError) {
        var open: [(mark: TemplateToken.Symbol, offset: Int)] = []
        while true {
            index = TextScan.trimmedStart(bytes, index..<bytes.count)
            guard index < bytes.count else {
                throw failure("this is never closed: write \(isBlock ? "%}" : "}}")", at: opened)
            }
            if open.isEmpty, closes(isBlock: isBlock) { return }
            let start = index
            let byte = bytes[start]
            if (0x30...0x39).contains(byte) {
                try number()
            } else if Self.isNameByte(byte) {
                while index < bytes.count, Self.isNameByte(bytes[index]) { index += 1 }
                add(.name(String(decoding: bytes[start..<index], as: UTF8.self)), at: start)
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                try text(quote: byte)
            } else if let mark = TemplateToken.Symbol.first(in: bytes[start...]) {
                switch mark {
                case .openBrace, .openBracket, .openParenthesis: open.append((mark, start))
                case .closeBrace, .closeBracket, .closeParenthesis:
                    guard let last = open.popLast(), last.mark == mark.opens else {
                        throw failure("\"\(mark.rawValue)\" closes nothing that is open: remove it", at: start)
                    }
                default: break
                }
                index += mark.rawValue.utf8.count
                add(.symbol(mark), at: start)
            } else {
                let scalar = String(decoding: bytes[start..<min(start + 4, bytes.count)], as: UTF8.self)
                throw failure("\(String(scalar.prefix(1)).quotedForMessage) cannot stand here: remove it", at: start)
            }
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x80...: true
        default: false
        }
    }

    /// Takes the closing brace when it stands here.
    private mutating func closes(isBlock: Bool) -> Bool {
        let sign = bytes[index]
        let isSigned = sign == UInt8(ascii: "-") || (isBlock && sign == UInt8(ascii: "+"))
        let end = index + (isSigned ? 1 : 0)
        guard isBlock ? has("%}", at: end) : has("}}", at: end) else { return false }
        add(isBlock ? .blockEnd : .variableEnd, at: index)
        index = end + 2
        if isBlock {
            skipAfterBlock(sign: isSigned ? sign : 0)
        } else if isSigned {
            index = TextScan.trimmedStart(bytes, index..<bytes.count)
        }
        return true
    }

    private mutating func number() throws(TemplateError) {
        let start = index
        func digits(_ from: Int) -> Int {
            var end = from
            while end < bytes.count,
                (0x30...0x39).contains(bytes[end])
                    || (bytes[end] == 0x5f && end > from && end + 1 < bytes.count
                        && (0x30...0x39).contains(bytes[end + 1]))
            {
                end += 1
            }
            return end
        }
        func plain(_ range: Range<Int>) -> String {
            String(decoding: bytes[range].filter { $0 != 0x5f }, as: UTF8.self)
        }
        index = digits(start)
        let isMember = start > 0 && bytes[start - 1] == UInt8(ascii: ".")
        var end = index
        if !isMember {
            if end < bytes.count, bytes[end] == UInt8(ascii: "."), digits(end + 1) > end + 1 { end = digits(end + 1) }
            if end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
                var exponent = end + 1
                if exponent < bytes.count, bytes[exponent] == 0x2b || bytes[exponent] == 0x2d { exponent += 1 }
                if digits(exponent) > exponent { end = digits(exponent) }
            }
        }
        if end > index {
            guard let value = Double(plain(start..<end)) else { throw failure("this number cannot be read", at: start) }
            index = end
            add(.real(value), at: start)
            return
        }
        let text = plain(start..<index)
        if text.utf8.count > 1, text.utf8.first == 0x30, text.utf8.contains(where: { $0 != 0x30 }) {
            throw failure("a whole number does not begin with 0: write it without", at: start)
        }
        guard let value = Int(text) else {
            throw failure("a whole number has at most 64 bits: write a smaller one", at: start)
        }
        add(.integer(value), at: start)
    }

    private mutating func text(quote: UInt8) throws(TemplateError) {
        let start = index
        index += 1
        while index < bytes.count, bytes[index] != quote { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
        guard index < bytes.count else { throw failure("this text is never closed: write the same quote", at: start) }
        let content = bytes[start + 1..<index]
        index += 1
        guard let text = EscapedText.read(content) else {
            throw failure("this text has an escape that means no character: write \\\\ for \\ itself", at: start)
        }
        add(.text(text), at: start)
    }
}
