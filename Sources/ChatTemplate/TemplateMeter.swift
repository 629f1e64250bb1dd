/// The work that one rendering has done. What costs more than a step says so, so that every run ends.
struct TemplateMeter {
    let limits: TemplateLimits
    private(set) var steps = 0

    init(_ limits: TemplateLimits) { self.limits = limits }

    /// Counts `count` steps.
    mutating func charge(_ count: Int = 1) throws(TemplateFailure) {
        steps += count
        guard steps <= limits.steps else {
            throw .limit("it takes more than \(limits.steps) steps: look for a loop that grows what it goes through")
        }
    }

    /// Counts a look at all of a text.
    mutating func charge(_ text: TemplateText) throws(TemplateFailure) {
        if text.byteCount >= 64 { try charge(text.byteCount / 64) }
    }

    /// Counts a look at all of a value that is a text.
    mutating func charge(_ value: TemplateValue) throws(TemplateFailure) {
        if case .text(let text) = value { try charge(text) }
    }

    /// Counts a text of `bytes` bytes that is made, and looks at its length.
    mutating func chargeText(_ bytes: Int) throws(TemplateFailure) {
        guard bytes <= limits.textBytes else {
            throw .limit("it makes a text of more than \(limits.textBytes) bytes: shorten what it puts together")
        }
        try charge(bytes / 64)
    }

    /// Counts a list of `count` elements that is made, and looks at its length.
    mutating func chargeElements(_ count: Int) throws(TemplateFailure) {
        guard count <= limits.elements else {
            throw .limit(
                "it makes a list of \(count) elements, at most \(limits.elements) are allowed: make a shorter one"
            )
        }
        try charge(count)
    }

    /// Looks at how deep a value is that is made.
    func check(_ value: TemplateValue) throws(TemplateFailure) -> TemplateValue {
        guard value.depth <= limits.valueDepth else {
            throw .limit("it nests lists and mappings deeper than \(limits.valueDepth): keep them flat")
        }
        return value
    }

    /// A product that stays a sensible length, or nil.
    static func length(_ count: Int, times factor: Int) -> Int? {
        let (product, overflows) = count.multipliedReportingOverflow(by: max(0, factor))
        return overflows ? nil : product
    }
}
