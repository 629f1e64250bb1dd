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
        case mark(Mark)
        case end
    }

    /// What is written with signs.
    enum Mark: String, CaseIterable {
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

        /// The mark at the start of `bytes`, the longest first.
        static func first(in bytes: ArraySlice<UInt8>) -> Mark? {
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
            return first < 0x80 ? Mark(rawValue: String(Unicode.Scalar(first))) : nil
        }

        var opens: Mark? {
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
        case .mark(let mark): "\"\(mark.rawValue)\""
        case .end: "the end of the template"
        }
    }
}
