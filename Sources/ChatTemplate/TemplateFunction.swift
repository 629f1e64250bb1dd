/// What a template may call without having made it.
enum TemplateFunction: Int, CaseIterable {
    case namespace, range, dict
    case raiseException, strftimeNow

    /// Its name in templates.
    var name: String {
        switch self {
        case .namespace: "namespace"
        case .range: "range"
        case .dict: "dict"
        case .raiseException: "raise_exception"
        case .strftimeNow: "strftime_now"
        }
    }

    /// What `namespace` and `dict` make of their arguments.
    func mapping(
        of given: TemplateArguments,
        _ meter: TemplateMeter
    ) throws(TemplateFailure) -> TemplateMapping {
        var mapping = TemplateMapping()
        guard given.positional.count <= 1 else { throw .value("\(name) takes one mapping: remove the rest") }
        if let first = given.positional.first {
            switch first {
            case .mapping(let members): mapping = members
            case .list(let list):
                for case let element in list.elements {
                    guard case .list(let pair) = element, pair.elements.count == 2,
                        mapping.set(key: pair.elements[0], to: pair.elements[1])
                    else { throw .value("\(name) takes pairs of key and value, or a mapping: name its members") }
                }
            case .undefined, .none, .bool, .integer, .real, .text, .handle:
                throw .value("\(name) takes a mapping, not \(first.kind): name its members")
            }
        }
        for (key, value) in given.named { mapping.set(TemplateText(key), to: value) }
        _ = try meter.check(.mapping(mapping))
        return mapping
    }

    /// The numbers of a range.
    static func range(
        _ given: TemplateArguments,
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) -> TemplateValue {
        var bounds: [Int] = []
        for value in try given.bound(to: ["start", "stop", "step"], of: "range") {
            guard let value else { break }
            guard case .integer(let number)? = PythonOrder.Number(value) else {
                throw .value("range takes whole numbers, not \(value.kind): write |int after it")
            }
            bounds.append(number)
        }
        guard !bounds.isEmpty else { throw .value("range needs an end: write it in its brackets") }
        let (start, stop) = bounds.count > 1 ? (bounds[0], bounds[1]) : (0, bounds[0])
        let step = bounds.count > 2 ? bounds[2] : 1
        guard step != 0 else { throw .value("a range with step 0 never ends: give another step") }
        guard step > 0 ? start < stop : start > stop else { return .list([]) }
        let (distance, overflows) = stop.subtractingReportingOverflow(start)
        guard !overflows, distance != .min, step != .min else {
            throw .limit("a range has at most \(meter.limits.elements) elements: make it shorter")
        }
        let count = (distance.magnitude - 1) / step.magnitude + 1
        try meter.chargeElements(Int(min(count, UInt(Int.max))))
        return .list((0..<Int(count)).map { .integer(start + $0 * step) })
    }
}
