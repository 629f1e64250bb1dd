// What only some calls need stays out of line, so that what calls itself takes little of the stack.
extension TemplateRun {
    /// A value through a filter.
    mutating func apply(
        _ filter: TemplateFilter,
        to value: TemplateValue,
        _ given: TemplateArguments
    ) throws(TemplateFailure) -> TemplateValue {
        // Filters that name filters go deeper with each.
        try enter()
        defer { leave() }
        try meter.charge(value)
        guard let parameters = filter.parameters else { return try applyToEach(filter, value, given) }
        let bound =
            given.positional.isEmpty && given.named.isEmpty
            ? Array(repeating: nil, count: parameters.count)
            : try given.bound(to: parameters, of: "the filter \(filter.rawValue)")
        switch filter {
        case .d, .defaults:
            let isMissing = value.isUndefined || (bound[1]?.isTrue == true && !value.isTrue)
            return isMissing ? bound[0] ?? .template("") : value
        case .safe:
            let text = try PythonText.text(value, &meter)
            return .text(text.markup)
        case .string: return .text(try PythonText.text(value, &meter))
        case .length, .count: return .integer(try length(of: value))
        case .list:
            let elements = try elements(of: value)
            try meter.chargeElements(elements.count)
            return .list(elements)
        case .items:
            if case .undefined = value { return .list(TemplateList([]).lazily) }
            guard case .mapping(let mapping) = value else {
                throw .value("only a mapping has items, not \(value.kind): check it with `is mapping` before")
            }
            guard case .list(let items) = try ValueMethods.items(of: mapping, &meter) else { return .none }
            return .list(items.lazily)
        case .tojson: return .text(try TemplateJSON(filterArguments: bound).text(value, &meter))
        case .fromJSON:
            guard case .text(let text) = value,
                let parsed = TemplateValue(json: text.string, maximumDepth: meter.limits.valueDepth)
            else { throw .value("from_json takes a text that is JSON: check what it gets") }
            try meter.chargeText(text.byteCount)
            return parsed
        case .upper, .lower, .capitalize, .title, .trim, .replace, .indent:
            return try TextFilters.result(of: filter, PythonText.text(value, &meter), bound, &meter)
        case .abs, .int, .float, .round: return try NumberFilters.result(of: filter, value, bound)
        case .first, .last, .reverse, .join, .sum: return try sequence(filter, value, bound)
        case .sort, .unique, .min, .max, .dictsort: return try ordered(filter, value, bound)
        case .map, .reject, .rejectattr, .select, .selectattr: return value
        }
    }

    @inline(never)
    private func length(of value: TemplateValue) throws(TemplateFailure) -> Int {
        switch value {
        case .text(let text): return TextScan.scalarCount(text.string)
        case .list(let list): return list.elements.count
        case .mapping(let mapping): return mapping.count
        case .undefined: return 0
        case .handle(let handle) where handle.type == .loop: return loops[handle.index].items.count
        case .none, .bool, .integer, .real, .handle:
            throw .value("\(value.kind) has no length: check what it is before")
        }
    }

    // MARK: Sequences

    @inline(never)
    private mutating func sequence(
        _ filter: TemplateFilter,
        _ value: TemplateValue,
        _ bound: [TemplateValue?]
    ) throws(TemplateFailure) -> TemplateValue {
        if filter == .reverse, case .text = value {
            return try SliceBounds.slice(value, start: nil, stop: nil, step: -1, &meter)
        }
        let elements = try elements(of: value)
        try meter.chargeElements(elements.count)
        switch filter {
        case .first: return elements.first ?? .undefined("the first element of nothing")
        case .last: return elements.last ?? .undefined("the last element of nothing")
        case .reverse: return .list(TemplateList(elements.reversed()).lazily)
        case .sum:
            var total = bound[1] ?? .integer(0)
            for element in elements {
                let part = try attribute(bound[0], of: element)
                total = try TemplateArithmetic.result(of: .add, total, part, &meter)
            }
            return total
        default:
            let separator = try bound[0].map { value throws(TemplateFailure) in try PythonText.text(value, &meter) }
            var builder = TemplateTextBuilder()
            for (index, element) in elements.enumerated() {
                if index > 0, let separator { builder.append(separator) }
                let part = try PythonText.text(attribute(bound[1], of: element), &meter)
                builder.append(part)
                try meter.charge((part.byteCount + (separator?.byteCount ?? 0)) / 64)
                if builder.bytes.count > meter.limits.textBytes { try meter.chargeText(builder.bytes.count) }
            }
            return .text(builder.text)
        }
    }

    /// The member that a filter names, such as `"function.name"`; the value itself when it names none.
    @inline(never)
    private func attribute(_ path: TemplateValue?, of value: TemplateValue) throws(TemplateFailure) -> TemplateValue {
        switch path {
        case nil, .some(.none): return value
        case .text(let path)?:
            var value = value
            for part in path.string.split(separator: ".", omittingEmptySubsequences: false) {
                let key = Int(part).map { TemplateValue.integer($0) } ?? .template(String(part))
                value = try element(key, of: value)
            }
            return value
        case .some(let key): return try element(key, of: value)
        }
    }

    @inline(never)
    private mutating func ordered(
        _ filter: TemplateFilter,
        _ value: TemplateValue,
        _ bound: [TemplateValue?]
    ) throws(TemplateFailure) -> TemplateValue {
        let caseAt = filter == .sort ? 1 : 0
        let isCaseSensitive = bound[caseAt]?.isTrue ?? false
        func key(_ value: TemplateValue, _ meter: inout TemplateMeter) throws(TemplateFailure) -> TemplateValue {
            try meter.charge(value)
            guard !isCaseSensitive, case .text(let text) = value else { return value }
            return .template(text.string.lowercased())
        }
        var entries: [(key: TemplateValue, value: TemplateValue)] = []
        var isReversed = false
        if filter == .dictsort {
            guard case .mapping(let mapping) = value else {
                throw .value("dictsort takes a mapping, not \(value.kind): check it with `is mapping` before")
            }
            var isByValue = false
            if case .text(let by)? = bound[1] { isByValue = by.string == "value" }
            isReversed = bound[2]?.isTrue ?? false
            for entry in mapping.entries {
                let pair = TemplateValue.list(TemplateList([entry.keyValue, entry.value], isTuple: true))
                entries.append((try key(isByValue ? entry.value : entry.keyValue, &meter), pair))
            }
        } else {
            let path = filter == .sort ? bound[2] : bound[1]
            isReversed = filter == .sort && bound[0]?.isTrue == true
            for element in try elements(of: value) {
                entries.append((try key(attribute(path, of: element), &meter), element))
            }
        }
        try meter.chargeElements(entries.count)
        return try SequenceFilters.result(of: filter, entries, isReversed: isReversed, &meter)
    }

    // MARK: Filters that take a filter or a test for each element

    @inline(never)
    private mutating func applyToEach(
        _ filter: TemplateFilter,
        _ value: TemplateValue,
        _ given: TemplateArguments
    ) throws(TemplateFailure) -> TemplateValue {
        try enter()
        defer { leave() }
        // Jinja asks whether there is anything before it goes through it.
        let elements = value.isTrue ? try elements(of: value) : []
        try meter.chargeElements(elements.count)
        var rest = given
        var result: [TemplateValue] = []
        if filter == .map {
            let path = given.named.first { $0.name == "attribute" }?.value
            let byDefault = given.named.first { $0.name == "default" }?.value
            let inner: TemplateFilter?
            if path == nil {
                guard let name = given.positional.first, case .text(let text) = name,
                    let named = TemplateFilter(rawValue: text.string)
                else { throw .value("map needs the name of a filter, or attribute=: write one that is known here") }
                inner = named
                rest.positional.removeFirst()
            } else {
                inner = nil
            }
            for element in elements {
                if let inner {
                    result.append(try apply(inner, to: element, rest))
                } else {
                    let member = try attribute(path, of: element)
                    result.append(member.isUndefined ? byDefault ?? member : member)
                }
            }
            return .list(TemplateList(result).lazily)
        }
        var path: TemplateValue?
        if filter == .selectattr || filter == .rejectattr {
            guard let first = rest.positional.first else {
                throw .value("\(filter.rawValue) needs the name of a member: write it in its brackets")
            }
            path = first
            rest.positional.removeFirst()
        }
        var test: TemplateTest?
        if let name = rest.positional.first {
            guard case .text(let text) = name, let named = TemplateTest(rawValue: text.string) else {
                throw .value("\(filter.rawValue) needs the name of a test that is known here")
            }
            test = named
            rest.positional.removeFirst()
        }
        let keeps = filter == .select || filter == .selectattr
        for element in elements {
            try meter.charge()
            let member = try attribute(path, of: element)
            let passes = try test.map { test throws(TemplateFailure) in try holds(test, for: member, rest) }
            if passes ?? member.isTrue == keeps { result.append(element) }
        }
        return .list(TemplateList(result).lazily)
    }

    /// Whether a value passes a test.
    @inline(never)
    mutating func holds(
        _ test: TemplateTest,
        for value: TemplateValue,
        _ given: TemplateArguments
    ) throws(TemplateFailure) -> Bool {
        if let comparison = test.comparison, let other = given.positional.first {
            return try holds(comparison, value, other)
        }
        if test == .divisibleby, let other = given.positional.first {
            let rest = try TemplateArithmetic.result(of: .modulo, value, other, &meter)
            return !rest.isTrue
        }
        try meter.charge(value)
        if test == .lower || test == .upper {
            return try test.holds(for: .text(PythonText.text(value, &meter)))
        }
        guard given.positional.isEmpty, given.named.isEmpty else {
            throw .value("the test \"\(test.rawValue)\" takes no value: remove it")
        }
        return try test.holds(for: value)
    }
}
