/// Filters that give numbers.
enum NumberFilters {
    static func result(
        of filter: TemplateFilter,
        _ value: TemplateValue,
        _ bound: [TemplateValue?]
    ) throws(TemplateFailure) -> TemplateValue {
        switch filter {
        case .int: return try whole(value, byDefault: bound[0] ?? .integer(0), base: bound[1])
        case .float:
            if let number = PythonOrder.Number(value) { return .real(number.real) }
            if case .text(let text) = value, let parsed = real(text.string) { return .real(parsed) }
            return bound[0] ?? .real(0)
        case .abs:
            switch PythonOrder.Number(value) {
            case .integer(let number)? where number != .min: return .integer(abs(number))
            case .real(let number)?: return .real(abs(number))
            case .integer?, nil: throw .value("\(value.kind) has no magnitude here: write |int after it")
            }
        default:
            guard let number = PythonOrder.Number(value)?.real else {
                throw .value("\(value.kind) cannot be rounded: write |float after it")
            }
            if case .integer(let whole)? = PythonOrder.Number(value) { return .integer(whole) }
            guard bound[0].map({ PythonOrder.Number($0)?.real ?? -1 }) ?? 0 == 0, bound[1] == nil else {
                throw TemplateFailure(.unsupported, "round is understood without arguments only: leave them out")
            }
            return .real(number.rounded(.toNearestOrEven))
        }
    }

    private static func trimmed(_ text: String) -> String {
        TextOperations.trimmed(TemplateText(text), of: nil).string
    }

    /// A number as Python reads one from a text; nil when it reads none.
    private static func real(_ text: String) -> Double? {
        let text = trimmed(text)
        let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
        return isPlain ? Double(text) : nil
    }

    private static func whole(
        _ value: TemplateValue,
        byDefault: TemplateValue,
        base: TemplateValue?
    ) throws(TemplateFailure) -> TemplateValue {
        if let base, case .integer(10)? = PythonOrder.Number(base) {
        } else if base != nil {
            throw TemplateFailure(.unsupported, "int is understood with base 10 only: leave the base out")
        }
        switch value {
        case .bool(let flag): return .integer(flag ? 1 : 0)
        case .integer: return value
        case .real(let number):
            guard number.isFinite else { return byDefault }
            guard let whole = Int(exactly: number.rounded(.towardZero)) else { throw tooLarge }
            return .integer(whole)
        case .text(let text):
            let digits = trimmed(text.string)
            if let number = Int(digits) { return .integer(number) }
            guard let number = real(digits), number.isFinite else { return byDefault }
            guard let whole = Int(exactly: number.rounded(.towardZero)) else { throw tooLarge }
            return .integer(whole)
        case .undefined(let name):
            throw .value("\(name.quotedForMessage) is undefined, so it is no number: give it a default")
        case .none, .list, .mapping, .handle: return byDefault
        }
    }

    private static var tooLarge: TemplateFailure { .limit("a whole number has at most 64 bits: keep it smaller") }
}
