/// A piece of a template as the parser sees it.
struct TemplateToken {
    enum Kind: Equatable {
        /// Text outside of all braces.
        case data(String)
        case variableBegin, variableEnd
        case blockBegin, blockEnd
        case name(String)
        case text(String)
        case integer(Int)
        case real(Double)
        case symbol(Symbol)
        case end
    }

    /// What is written with signs.
    enum Symbol: String, CaseIterable {
        case floorDivide = "//"
        case power = "**"
        case equal = "=="
        case notEqual = "!="
        case greaterOrEqual = ">="
        case lessOrEqual = "<="
        case plus = "+"
        case minus = "-"
        case divide = "/"
        case multiply = "*"
        case modulo = "%"
        case tilde = "~"
        case openBracket = "["
        case closeBracket = "]"
        case openParenthesis = "("
        case closeParenthesis = ")"
        case openBrace = "{"
        case closeBrace = "}"
        case greater = ">"
        case less = "<"
        case assign = "="
        case dot = "."
        case colon = ":"
        case pipe = "|"
        case comma = ","

        /// The symbol at the start of `bytes`, the longest first.
        static func first(in bytes: ArraySlice<UInt8>) -> Symbol? {
            guard let first = bytes.first else { return nil }
            if bytes.count > 1 {
                let second = bytes[bytes.startIndex + 1]
                switch (first, second) {
                case (UInt8(ascii: "/"), UInt8(ascii: "/")): return .floorDivide
                case (UInt8(ascii: "*"), UInt8(ascii: "*")): return .power
                case (UInt8(ascii: "="), UInt8(ascii: "=")): return .equal
                case (UInt8(ascii: "!"), UInt8(ascii: "=")): return .notEqual
                case (UInt8(ascii: ">"), UInt8(ascii: "=")): return .greaterOrEqual
                case (UInt8(ascii: "<"), UInt8(ascii: "=")): return .lessOrEqual
                case (_, _): break
                }
            }
            return first < 0x80 ? Symbol(rawValue: String(Unicode.Scalar(first))) : nil
        }

        var opens: Symbol? {
            switch self {
            case .closeBracket: .openBracket
            case .closeParenthesis: .openParenthesis
            case .closeBrace: .openBrace
            default: nil
            }
        }
    }

    let kind: Kind
    /// The byte of the template where it begins.
    let offset: Int

    /// What it is, in an error.
    var shown: String {
        switch kind {
        case .data: "text"
        case .variableBegin: "\"{{\""
        case .variableEnd: "\"}}\""
        case .blockBegin: "\"{%\""
        case .blockEnd: "\"%}\""
        case .name(let name): name.quotedForMessage
        case .text(let text): "the text \(text.quotedForMessage)"
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .symbol(let symbol): "\"\(symbol.rawValue)\""
        case .end: "the end of the template"
        }
    }
}

/// Tokens, taken from the front.
struct TemplateTokens {
    private let tokens: [TemplateToken]
    private var place = 0

    init(_ tokens: [TemplateToken]) { self.tokens = tokens }

    /// The next one; the end of the template when all are taken.
    var next: TemplateToken { tokens[place] }

    /// The one after the next.
    var following: TemplateToken { tokens[min(place + 1, tokens.count - 1)] }

    @inline(never)
    mutating func advance() { place = min(place + 1, tokens.count - 1) }

    @inline(never)
    func isNext(_ symbol: TemplateToken.Symbol) -> Bool { next.kind == .symbol(symbol) }

    @inline(never)
    func isNext(_ word: String) -> Bool {
        if case .name(let name) = next.kind { return TemplateText.isSame(name, word) }
        return false
    }

    /// Takes the next token when it is this symbol.
    @inline(never)
    mutating func take(_ symbol: TemplateToken.Symbol) -> Bool {
        guard isNext(symbol) else { return false }
        advance()
        return true
    }

    /// Takes the next token when it is this word.
    @inline(never)
    mutating func take(_ word: String) -> Bool {
        guard isNext(word) else { return false }
        advance()
        return true
    }
}
