/// The filters that templates may use, by their names in Jinja; `from_json` is one that model files expect besides.
enum TemplateFilter: String, CaseIterable, Sendable {
    case abs, capitalize, count, d
    case defaults = "default"
    case dictsort, first, float
    case fromJSON = "from_json"
    case indent, int, items, join, last, length, list, lower, map, max, min, reject, rejectattr, replace, reverse, round
    case safe, select, selectattr, sort, string, sum, title, tojson, trim, unique, upper

    /// The names of its parameters, in order; nil where any number of values may follow.
    var parameters: [String]? {
        switch self {
        case .abs, .capitalize, .count, .first, .fromJSON, .items, .last, .length, .list, .lower, .reverse, .safe,
            .string, .title, .upper:
            []
        case .d, .defaults: ["default_value", "boolean"]
        case .dictsort: ["case_sensitive", "by", "reverse"]
        case .float: ["default"]
        case .indent: ["width", "first", "blank"]
        case .int: ["default", "base"]
        case .join: ["d", "attribute"]
        case .max, .min, .unique: ["case_sensitive", "attribute"]
        case .replace: ["old", "new", "count"]
        case .round: ["precision", "method"]
        case .sort: ["reverse", "case_sensitive", "attribute"]
        case .sum: ["attribute", "start"]
        case .tojson: ["ensure_ascii", "indent", "separators", "sort_keys"]
        case .trim: ["chars"]
        case .map, .reject, .rejectattr, .select, .selectattr: nil
        }
    }
}

/// The tests after `is`, by their names in Jinja.
enum TemplateTest: String, CaseIterable, Sendable {
    case boolean, callable, defined, divisibleby
    case equal = "eq"
    case equalSigns = "=="
    case equalTo = "equalto"
    case even
    case isFalse = "false"
    case float
    case greaterOrEqual = "ge"
    case greaterOrEqualSigns = ">="
    case greater = "gt"
    case greaterSign = ">"
    case greaterThan = "greaterthan"
    case isIn = "in"
    case integer, iterable
    case lessOrEqual = "le"
    case lessOrEqualSigns = "<="
    case less = "lt"
    case lessSign = "<"
    case lessThan = "lessthan"
    case lower, mapping
    case notEqual = "ne"
    case notEqualSigns = "!="
    case none, number, odd, sequence, string
    case isTrue = "true"
    case undefined, upper

    /// The comparison that it is; nil for a test of another kind.
    var comparison: TemplateProgram.Comparison? {
        switch self {
        case .equal, .equalSigns, .equalTo: .equal
        case .notEqual, .notEqualSigns: .notEqual
        case .greater, .greaterSign, .greaterThan: .greater
        case .greaterOrEqual, .greaterOrEqualSigns: .greaterOrEqual
        case .less, .lessSign, .lessThan: .less
        case .lessOrEqual, .lessOrEqualSigns: .lessOrEqual
        case .isIn: .isIn
        case .boolean, .callable, .defined, .divisibleby, .even, .isFalse, .float, .integer, .iterable, .lower,
            .mapping, .none, .number, .odd, .sequence, .string, .isTrue, .undefined, .upper:
            nil
        }
    }

    /// Whether a value passes a test without a value of its own.
    func holds(for value: TemplateValue) throws(TemplateFailure) -> Bool {
        switch self {
        case .defined: return !value.isUndefined
        case .undefined: return value.isUndefined
        case .none:
            if case .none = value { return true }
            return false
        case .boolean:
            if case .bool = value { return true }
            return false
        case .isTrue, .isFalse:
            if case .bool(let flag) = value { return flag == (self == .isTrue) }
            return false
        case .integer:
            if case .integer = value { return true }
            return false
        case .float:
            if case .real = value { return true }
            return false
        case .number: return PythonOrder.Number(value) != nil
        case .string:
            if case .text = value { return true }
            return false
        case .mapping:
            if case .mapping = value { return true }
            return false
        case .iterable, .sequence:
            switch value {
            case .list(let list): return !list.isLazy || self == .iterable
            case .text, .mapping, .undefined: return true
            case .none, .bool, .integer, .real: return false
            case .handle(let handle): return handle.type == .loop && self == .iterable
            }
        case .callable:
            // Undefined is, in Jinja: calling it is an error that names it.
            guard case .handle(let handle) = value else { return value.isUndefined }
            return handle.type != .loop && handle.type != .namespace
        case .even, .odd:
            switch PythonOrder.Number(value) {
            case .integer(let number)?: return (number % 2 == 0) == (self == .even)
            case .real(let number)?:
                return number.truncatingRemainder(dividingBy: 2).magnitude == (self == .even ? 0 : 1)
            case nil: throw .value("only a number is even or odd, not \(value.kind): write |int after it")
            }
        case .lower, .upper:
            guard case .text(let written) = value else { return false }
            let text = written.string
            let isCased = text.unicodeScalars.contains { $0.properties.isCased }
            return isCased && TemplateText.isSame(text, self == .lower ? text.lowercased() : text.uppercased())
        case .divisibleby, .equal, .equalSigns, .equalTo, .notEqual, .notEqualSigns, .greater, .greaterSign,
            .greaterThan, .greaterOrEqual, .greaterOrEqualSigns, .less, .lessSign, .lessThan, .lessOrEqual,
            .lessOrEqualSigns, .isIn:
            throw .value("the test \"\(rawValue)\" needs a value to compare with: write it in brackets")
        }
    }
}
