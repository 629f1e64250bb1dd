/// The methods of values that templates call, by their names in Python.
enum TextMethod: String, CaseIterable, Sendable {
    // Of texts.
    case capitalize, endswith, find, format, isdigit, join, lower, lstrip, removeprefix, removesuffix, replace, rfind
    case rsplit, rstrip, split, splitlines, startswith, strip, title, upper
    // Of mappings.
    case get, items, keys, values, update
    // Of lists, and some of others as well.
    case append, count, extend, index, insert, pop

    /// Whether mappings have it, so that it comes before a key of this name.
    var isOfMappings: Bool {
        switch self {
        case .get, .items, .keys, .values, .update, .pop: true
        default: false
        }
    }

    var isOfLists: Bool {
        switch self {
        case .append, .count, .extend, .index, .insert, .pop: true
        default: false
        }
    }

    var isOfTexts: Bool {
        switch self {
        case .get, .items, .keys, .values, .update, .append, .extend, .insert, .pop: false
        default: true
        }
    }

    /// Whether it changes the value it is called on.
    var changes: Bool {
        switch self {
        case .append, .extend, .insert, .pop, .update: true
        default: false
        }
    }
}

/// What a call brings: values in order and by name.
struct TemplateArguments {
    var positional: [TemplateValue] = []
    var named: [(name: String, value: TemplateValue)] = []

    /// The values for parameters of these names, in their order; nil where none was given.
    func bound(to parameters: [String], of callee: String) throws(TemplateFailure) -> [TemplateValue?] {
        guard positional.count <= parameters.count else {
            throw .value("\(callee) takes \(parameters.count) values and gets \(positional.count): remove the rest")
        }
        var bound: [TemplateValue?] = positional
        bound += Array(repeating: nil, count: parameters.count - positional.count)
        for (name, value) in named {
            guard let place = parameters.firstIndex(of: name) else {
                throw .value("\(callee) has no parameter \(name.quotedForMessage): it has \(Self.shown(parameters))")
            }
            guard bound[place] == nil else { throw .value("\(callee) gets \(name.quotedForMessage) twice: remove one") }
            bound[place] = value
        }
        return bound
    }

    private static func shown(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.joined(separator: ", ")
    }
}
