/// The variables of a block while it runs. A class, as macros go on to see the locals in which they were made.
final class TemplateLocals {
    let scope: Int
    let parent: TemplateLocals?
    var slots: [TemplateValue?]

    init(scope: Int, slots count: Int, parent: TemplateLocals?) {
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
