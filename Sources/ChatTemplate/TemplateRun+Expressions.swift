extension TemplateRun {
    typealias Place = TemplateProgram.Place

    /// The value of an expression.
    mutating func evaluate(_ place: TemplateProgram.Place) throws(TemplateFailure) -> TemplateValue {
        here = place
        let expression = program.expressions[Int(place)]
        // What has nothing below it needs no level of its own.
        switch expression {
        case .constant(let index): return program.constants[index]
        case .load(let slot): return load(slot)
        case .captured: return .text(captured)
        default: break
        }
        try enter()
        defer { leave() }
        switch expression {
        case .constant, .load, .captured: return .none
        case .attribute(let of, let name):
            let owner = try evaluate(of)
            here = place
            try meter.charge(program.names[name].utf8.count / 64)
            return try member(program.names[name], of: owner)
        case .element(let of, let key):
            let owner = try evaluate(of)
            let key = try evaluate(key)
            here = place
            try meter.charge(key)
            try meter.charge(owner)
            return try element(key, of: owner)
        case .slice(let of, let start, let stop, let step): return try slice(place, of, start, stop, step)
        case .call(let callee, let arguments): return try call(place, callee, arguments)
        case .method(let method, let of, let name, let arguments):
            return try call(place, method, of: of, name: program.names[name], arguments)
        case .filter(let filter, let of, let arguments):
            let value = try evaluate(of)
            let given = try self.arguments(arguments)
            here = place
            return try apply(filter, to: value, given)
        case .test(let test, let of, let arguments):
            let value = try evaluate(of)
            let given = try self.arguments(arguments)
            here = place
            return .bool(try holds(test, for: value, given))
        case .not(let value): return .bool(try !evaluate(value).isTrue)
        case .negative(let value):
            let result = try evaluate(value)
            here = place
            return try TemplateArithmetic.result(of: .subtract, .integer(0), result, &meter)
        case .positive(let value):
            let result = try evaluate(value)
            here = place
            guard PythonOrder.Number(result) != nil else { throw .value("\(result.kind) has no sign: write a number") }
            return result
        case .arithmetic(let operation, let left, let right):
            let left = try evaluate(left)
            let right = try evaluate(right)
            here = place
            return try TemplateArithmetic.result(of: operation, left, right, &meter)
        case .and(let left, let right):
            let left = try evaluate(left)
            return left.isTrue ? try evaluate(right) : left
        case .or(let left, let right):
            let left = try evaluate(left)
            return left.isTrue ? left : try evaluate(right)
        case .compare(let first, let chain): return try compare(place, first, program.chains[chain])
        case .concatenate(let list): return try concatenate(place, program.lists[list])
        case .conditional(let test, let then, let otherwise):
            if try evaluate(test).isTrue { return try evaluate(then) }
            return otherwise == TemplateProgram.none
                ? .undefined("the value of an if without else") : try evaluate(otherwise)
        case .list(let list, let isTuple): return try makeList(place, program.lists[list], isTuple: isTuple)
        case .mapping(let list): return try makeMapping(place, program.lists[list])
        }
    }

    @inline(never)
    private mutating func makeList(_ place: Place, _ places: [Place], isTuple: Bool) throws(TemplateFailure)
        -> TemplateValue
    {
        try meter.charge(places.count)
        var elements: [TemplateValue] = []
        elements.reserveCapacity(places.count)
        for element in places { elements.append(try evaluate(element)) }
        here = place
        return try meter.check(.list(TemplateList(elements, isTuple: isTuple)))
    }

    @inline(never)
    private mutating func makeMapping(_ place: Place, _ places: [Place]) throws(TemplateFailure) -> TemplateValue {
        try meter.charge(places.count)
        var mapping = TemplateMapping()
        for index in stride(from: 0, to: places.count, by: 2) {
            let key = try evaluate(places[index])
            here = places[index]
            try meter.charge(key)
            guard mapping.set(key: key, to: try evaluate(places[index + 1])) else {
                throw .value("a mapping has texts or whole numbers as keys, not \(key.kind): write |string after it")
            }
        }
        here = place
        return try meter.check(.mapping(mapping))
    }

    @inline(never)
    private mutating func concatenate(_ place: Place, _ places: [Place]) throws(TemplateFailure) -> TemplateValue {
        try meter.charge(places.count)
        var builder = TemplateTextBuilder()
        for part in places {
            let value = try evaluate(part)
            here = place
            let text = try PythonText.text(value, &meter)
            try meter.charge(text)
            builder.append(text)
            if builder.bytes.count > meter.limits.textBytes { try meter.chargeText(builder.bytes.count) }
        }
        return .text(builder.text)
    }

    @inline(never)
    private mutating func slice(
        _ place: Place,
        _ of: Place,
        _ start: Place,
        _ stop: Place,
        _ step: Place
    ) throws(TemplateFailure) -> TemplateValue {
        let value = try evaluate(of)
        let bounds = (try bound(start), try bound(stop), try bound(step))
        here = place
        return try SliceBounds.slice(value, start: bounds.0, stop: bounds.1, step: bounds.2 ?? 1, &meter)
    }

    @inline(never)
    private mutating func bound(_ place: Place) throws(TemplateFailure) -> Int? {
        guard place != TemplateProgram.none else { return nil }
        let value = try evaluate(place)
        if case .none = value { return nil }
        guard case .integer(let number)? = PythonOrder.Number(value) else {
            throw .value("a slice has whole numbers as bounds, not \(value.kind): write |int after it")
        }
        return number
    }

    // MARK: Comparisons

    @inline(never)
    private mutating func compare(
        _ place: Place,
        _ first: Place,
        _ chain: [(comparison: TemplateProgram.Comparison, value: Place)]
    ) throws(TemplateFailure) -> TemplateValue {
        try meter.charge(chain.count)
        var left = try evaluate(first)
        for (comparison, value) in chain {
            let right = try evaluate(value)
            here = place
            guard try holds(comparison, left, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    @inline(never)
    mutating func holds(
        _ comparison: TemplateProgram.Comparison,
        _ left: TemplateValue,
        _ right: TemplateValue
    ) throws(TemplateFailure) -> Bool {
        switch comparison {
        case .equal: return try PythonOrder.areEqual(left, right, &meter)
        case .notEqual: return try !PythonOrder.areEqual(left, right, &meter)
        case .isIn: return try PythonOrder.contains(right, left, &meter)
        case .isNotIn: return try !PythonOrder.contains(right, left, &meter)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard let order = try PythonOrder.order(left, right, &meter) else { return false }
            switch comparison {
            case .less: return order < 0
            case .lessOrEqual: return order <= 0
            case .greater: return order > 0
            case .equal, .notEqual, .isIn, .isNotIn, .greaterOrEqual: return order >= 0
            }
        }
    }

    // MARK: Members

    /// `owner.name`: a method of the value comes before a key of a mapping, as in Jinja.
    @inline(never)
    func member(_ name: String, of owner: TemplateValue) throws(TemplateFailure) -> TemplateValue {
        let method = TextMethod(rawValue: name)
        func known(_ isKnown: Bool) -> TemplateValue {
            isKnown ? .handle(TemplateHandle(type: .method, index: 0)) : .undefined(name)
        }
        switch owner {
        case .mapping(let mapping):
            return method?.isOfMappings == true ? known(true) : mapping[name] ?? .undefined(name)
        case .text: return known(method?.isOfTexts == true)
        case .list: return known(method?.isOfLists == true)
        case .handle(let handle):
            switch handle.type {
            case .namespace: return namespaces[handle.index][name] ?? .undefined(name)
            case .loop: return loops[handle.index].member(name) ?? .undefined(name)
            case .macro where name == "name": return .template(program.macros[macros[handle.index].definition].name)
            case .macro, .function, .method: return .undefined(name)
            }
        case .undefined(let missing):
            throw .value(
                "\(missing.quotedForMessage) is undefined, so it has no member \(name.quotedForMessage): "
                    + "check it with `is defined` before"
            )
        case .none, .bool, .integer, .real: return .undefined(name)
        }
    }

    /// `owner[key]`: a key of a mapping comes before a method.
    @inline(never)
    func element(_ key: TemplateValue, of owner: TemplateValue) throws(TemplateFailure) -> TemplateValue {
        switch (owner, key) {
        case (.mapping(let mapping), .text(let text)):
            if let value = mapping[text.string] { return value }
            return try member(text.string, of: owner)
        case (.mapping(let mapping), .integer): return mapping.value(of: key) ?? .undefined("an element of a mapping")
        case (.list(let list), _):
            if case .integer(let index)? = PythonOrder.Number(key) {
                return list.position(index).map { list.elements[$0] } ?? .undefined("[\(index)]")
            }
        case (.text(let text), _):
            if case .integer(let index)? = PythonOrder.Number(key) { return TextOperations.character(index, of: text) }
        case (.undefined, .text(let text)): return try member(text.string, of: owner)
        case (.undefined(let missing), _):
            throw .value(
                "\(missing.quotedForMessage) is undefined, so it has no elements: check it with `is defined` before"
            )
        case (_, _): break
        }
        if case .text(let text) = key { return try member(text.string, of: owner) }
        return .undefined("an element of \(owner.kind)")
    }

}
