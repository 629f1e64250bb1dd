extension TemplateRun {
    /// The values of what stands between the brackets of a call.
    @inline(never)
    mutating func arguments(_ index: Int) throws(TemplateFailure) -> TemplateArguments {
        var values = TemplateArguments()
        if index == 0 { return values }
        let places = program.arguments[index]
        try meter.charge(places.positional.count + places.named.count)
        for place in places.positional { values.positional.append(try evaluate(place)) }
        for (name, place) in places.named { values.named.append((name, try evaluate(place))) }
        return values
    }

    // MARK: Functions and macros

    @inline(never)
    mutating func call(_ place: Place, _ callee: Place, _ index: Int) throws(TemplateFailure) -> TemplateValue {
        if case .attribute(let of, let name) = program.expressions[Int(callee)], program.names[name] == "cycle",
            case .handle(let handle) = try evaluate(of), handle.type == .loop
        {
            let values = try arguments(index).positional
            guard !values.isEmpty else { throw .value("loop.cycle needs values: write them in its brackets") }
            return values[loops[handle.index].index % values.count]
        }
        let function = try evaluate(callee)
        guard case .handle(let handle) = function else {
            here = place
            throw .value("\(function.kind) cannot be called: check that it is a macro or a function")
        }
        let given = try arguments(index)
        here = place
        switch handle.type {
        case .macro: return .text(try callMacro(macros[handle.index], given))
        case .function:
            guard let function = TemplateFunction(rawValue: handle.index) else { return .none }
            return try call(function, given)
        case .method: throw .value("a method cannot be kept and called later: call it on its value")
        case .loop, .namespace: throw .value("\(handle.kind) cannot be called: remove its brackets")
        }
    }

    @inline(never)
    private mutating func callMacro(
        _ macro: (definition: Int, locals: TemplateLocals),
        _ given: TemplateArguments
    ) throws(TemplateFailure) -> TemplateText {
        try enter()
        defer { leave() }
        let definition = program.macros[macro.definition]
        let inner = try newLocals(definition.scope, in: macro.locals)
        let looks = (1 + given.named.count).multipliedReportingOverflow(by: definition.parameters.count)
        try meter.charge(looks.overflow ? Int.max / 2 : looks.partialValue / 8)
        let bound = try given.bound(to: definition.parameters.map(\.name), of: definition.name)
        let outer = locals
        locals = inner
        for (parameter, value) in zip(definition.parameters, bound) {
            if let value {
                inner.slots[parameter.slot] = value
            } else if parameter.byDefault != TemplateProgram.none {
                inner.slots[parameter.slot] = try evaluate(parameter.byDefault)
            } else {
                inner.slots[parameter.slot] = .undefined(parameter.name)
            }
        }
        locals = outer
        return try capture(definition.body, in: inner)
    }

    @inline(never)
    private mutating func call(
        _ function: TemplateFunction,
        _ given: TemplateArguments
    ) throws(TemplateFailure) -> TemplateValue {
        switch function {
        case .namespace:
            namespaces.append(try function.mapping(of: given, meter))
            return .handle(TemplateHandle(type: .namespace, index: namespaces.count - 1))
        case .dict: return try meter.check(.mapping(function.mapping(of: given, meter)))
        case .range: return try TemplateFunction.range(given, &meter)
        case .raiseException:
            let message = try given.bound(to: ["message"], of: function.name)[0] ?? .template("")
            let words = Self.shortened(try PythonText.text(message, &meter).string)
            throw TemplateFailure(.raised(words), "the template refuses this conversation: \(words)")
        case .strftimeNow:
            guard case .text(let format)? = try given.bound(to: ["format"], of: function.name)[0] else {
                throw .value("strftime_now needs a format: write one such as \"%Y-%m-%d\"")
            }
            return .template(try now.formatted(format.string))
        }
    }

    /// What an error may say of a template's own words.
    private static func shortened(_ words: String) -> String {
        words.utf8.count <= 1_000 ? words : String(decoding: words.utf8.prefix(1_000), as: UTF8.self) + "…"
    }

    // MARK: Methods

    @inline(never)
    mutating func call(
        _ place: Place,
        _ method: TextMethod,
        of owner: Place,
        name: String,
        _ index: Int
    ) throws(TemplateFailure) -> TemplateValue {
        let value = try evaluate(owner)
        switch value {
        case .mapping where method.isOfMappings, .list where method.isOfLists:
            let given = try arguments(index)
            here = place
            for value in given.positional { try meter.charge(value) }
            guard method.changes else { return try ValueMethods.call(method, on: value, given, &meter) }
            var changed = value
            let result = try ValueMethods.change(method, &changed, given, &meter)
            try store(meter.check(changed), at: owner)
            return result
        case .text(let text) where method.isOfTexts:
            let given = try arguments(index)
            here = place
            try meter.charge(text)
            for value in given.positional { try meter.charge(value) }
            return try TextMethodCall(text: text, arguments: given).result(of: method, &meter)
        case .undefined, .none, .bool, .integer, .real, .text, .list, .mapping, .handle:
            here = place
            // A member of a namespace or a mapping may be a macro.
            let function = try member(name, of: value)
            guard case .handle(let handle) = function, handle.type == .macro else {
                throw .value("\(value.kind) has no method \(name.quotedForMessage): check what it is before")
            }
            let given = try arguments(index)
            here = place
            return .text(try callMacro(macros[handle.index], given))
        }
    }

    /// Puts a value that was changed back where it came from: a variable, or a member of one.
    @inline(never)
    private mutating func store(_ value: TemplateValue, at place: Place) throws(TemplateFailure) {
        switch program.expressions[Int(place)] {
        case .load(let slot): change(slot, to: value)
        case .attribute(let of, let name): try store(value, in: of, member: program.names[name])
        case .element(let of, let key):
            if case .text(let name) = try evaluate(key) { try store(value, in: of, member: name.string) }
        default: break  // A value that nothing holds: only what the method gives back counts.
        }
    }

    @inline(never)
    private mutating func store(_ value: TemplateValue, in owner: Place, member: String) throws(TemplateFailure) {
        try enter()
        defer { leave() }
        switch try evaluate(owner) {
        case .handle(let handle) where handle.type == .namespace:
            namespaces[handle.index].set(TemplateText(member), to: value)
        case .mapping(var mapping):
            mapping.set(TemplateText(member), to: value)
            try store(meter.check(.mapping(mapping)), at: owner)
        case .undefined, .none, .bool, .integer, .real, .text, .list, .handle: break
        }
    }
}
