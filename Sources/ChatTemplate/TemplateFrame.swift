/// The variables of a block while it runs. A class, as macros go on to see the frame in which they were made.
final class TemplateFrame {
    let scope: Int
    let parent: TemplateFrame?
    var slots: [TemplateValue?]

    init(scope: Int, slots count: Int, parent: TemplateFrame?) {
        self.scope = scope
        self.parent = parent
        slots = Array(repeating: nil, count: count)
    }

    func clear() {
        for index in slots.indices { slots[index] = nil }
    }
}

/// Where a loop is: what `loop` in its body tells.
struct TemplateLoopState {
    let items: [TemplateValue]
    var index = 0

    /// A member of `loop`; nil when it has none of this name.
    func member(_ name: String) -> TemplateValue? {
        switch name {
        case "index": .integer(index + 1)
        case "index0": .integer(index)
        case "revindex": .integer(items.count - index)
        case "revindex0": .integer(items.count - index - 1)
        case "first": .bool(index == 0)
        case "last": .bool(index == items.count - 1)
        case "length": .integer(items.count)
        case "previtem": items.indices.contains(index - 1) ? items[index - 1] : .undefined("previtem")
        case "nextitem": items.indices.contains(index + 1) ? items[index + 1] : .undefined("nextitem")
        case "depth": .integer(1)
        case "depth0": .integer(0)
        default: nil
        }
    }
}

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
}
