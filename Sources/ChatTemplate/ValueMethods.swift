/// Methods of lists and mappings.
enum ValueMethods {
    /// A method that leaves its value as it is.
    static func call(
        _ method: TextMethod,
        on value: TemplateValue,
        _ given: TemplateArguments,
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) -> TemplateValue {
        switch (method, value) {
        case (.get, .mapping(let mapping)):
            let bound = try given.bound(to: ["key", "default"], of: "get")
            guard let key = bound[0] else { throw .value("get needs a key: write it in its brackets") }
            return mapping.value(of: key) ?? bound[1] ?? .none
        case (.items, .mapping(let mapping)):
            _ = try given.bound(to: [], of: "items")
            return try items(of: mapping, &meter)
        case (.keys, .mapping(let mapping)):
            try meter.chargeElements(mapping.count)
            return .list(mapping.entries.map(\.keyValue))
        case (.values, .mapping(let mapping)):
            try meter.chargeElements(mapping.count)
            return .list(mapping.entries.map(\.value))
        case (.count, .list(let list)):
            let wanted = try needed(given, "value", of: "count")
            var count = 0
            for element in list.elements where try PythonOrder.areEqual(element, wanted, &meter) { count += 1 }
            try meter.charge(list.elements.count)
            return .integer(count)
        case (.index, .list(let list)):
            let wanted = try needed(given, "value", of: "index")
            try meter.charge(list.elements.count)
            for (index, element) in list.elements.enumerated()
            where try PythonOrder.areEqual(element, wanted, &meter) {
                return .integer(index)
            }
            throw .value("the list has no such element: check with `in` before")
        case (_, _): throw .value("\(value.kind) has no method \"\(method.rawValue)\": check what it is before")
        }
    }

    /// Key and value of each member, as tuples.
    static func items(of mapping: TemplateMapping, _ meter: inout TemplateMeter) throws(TemplateFailure)
        -> TemplateValue
    {
        try meter.chargeElements(mapping.count)
        return .list(mapping.entries.map { .list(TemplateList([$0.keyValue, $0.value], isTuple: true)) })
    }

    private static func needed(
        _ given: TemplateArguments,
        _ name: String,
        of method: String
    ) throws(TemplateFailure) -> TemplateValue {
        guard let value = try given.bound(to: [name], of: method)[0] else {
            throw .value("\(method) needs a value: write it in its brackets")
        }
        return value
    }

    /// A method that changes its value, and what it gives back.
    static func change(
        _ method: TextMethod,
        _ value: inout TemplateValue,
        _ given: TemplateArguments,
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) -> TemplateValue {
        switch (method, value) {
        case (_, .list(let list)) where list.isTuple: throw .value("a tuple does not change: write it with [ ]")
        case (.append, .list(var list)):
            list.append(try needed(given, "object", of: "append"))
            try meter.chargeElements(list.elements.count)
            value = .list(list)
            return .none
        case (.extend, .list(let list)):
            guard case .list(let more) = try needed(given, "iterable", of: "extend") else {
                throw .value("extend takes a list: write |list after what it gets")
            }
            try meter.chargeElements(list.elements.count + more.elements.count)
            value = .list(list.elements + more.elements)
            return .none
        case (.insert, .list(let list)):
            let bound = try given.bound(to: ["index", "object"], of: "insert")
            guard let place = bound[0], case .integer(let index)? = PythonOrder.Number(place), let element = bound[1]
            else {
                throw .value("insert needs a place and a value: write both in its brackets")
            }
            try meter.chargeElements(list.elements.count + 1)
            var elements = list.elements
            let count = elements.count
            elements.insert(element, at: min(max(index < 0 ? max(index, -count) + count : index, 0), count))
            value = .list(elements)
            return .none
        case (.pop, .list(var list)):
            let place = try given.bound(to: ["index"], of: "pop")[0] ?? .integer(-1)
            guard case .integer(let index)? = PythonOrder.Number(place), let removed = list.remove(at: index) else {
                throw .value("the list has no such element to take out: check its length before")
            }
            try meter.charge(list.elements.count)
            value = .list(list)
            return removed
        case (.pop, .mapping(var mapping)):
            let bound = try given.bound(to: ["key", "default"], of: "pop")
            try meter.charge(mapping.count)
            if case .text(let key)? = bound[0], let removed = mapping.remove(key.string) {
                value = .mapping(mapping)
                return removed
            }
            guard let byDefault = bound[1] else {
                throw .value("the mapping has no such key to take out: check with `in` before")
            }
            return byDefault
        case (.update, .mapping(var mapping)):
            guard case .mapping(let more) = given.positional.first ?? .mapping([:]) else {
                throw .value("update takes a mapping: give it one")
            }
            try meter.charge(mapping.count + more.count)
            for entry in more.entries { mapping.set(key: entry.keyValue, to: entry.value) }
            for (name, member) in given.named { mapping.set(TemplateText(name), to: member) }
            value = .mapping(mapping)
            return .none
        case (_, _): throw .value("\(value.kind) has no method \"\(method.rawValue)\": check what it is before")
        }
    }
}
