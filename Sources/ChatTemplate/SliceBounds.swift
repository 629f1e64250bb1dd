/// Which elements Python's `[start:stop:step]` takes.
enum SliceBounds {
    /// The places among `count` elements, in the order in which they are taken.
    static func places(
        count: Int,
        start: Int?,
        stop: Int?,
        step: Int
    ) throws(TemplateFailure) -> StrideTo<Int> {
        guard step != 0 else { throw .value("a slice with step 0 never ends: give another step") }
        func clamped(_ index: Int, _ low: Int, _ high: Int) -> Int {
            let place = index < 0 ? index.addingReportingOverflow(count).partialValue : index
            return min(max(place, low), high)
        }
        // A step beyond the ends takes one element; a shorter one says the same without overflow.
        let step = min(max(step, -count - 1), count + 1)
        if step > 0 {
            return stride(
                from: start.map { clamped($0, 0, count) } ?? 0,
                to: stop.map { clamped($0, 0, count) } ?? count,
                by: step
            )
        }
        return stride(
            from: start.map { clamped($0, -1, count - 1) } ?? count - 1,
            to: stop.map { clamped($0, -1, count - 1) } ?? -1,
            by: step
        )
    }

    static func slice(
        _ value: TemplateValue,
        start: Int?,
        stop: Int?,
        step: Int,
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) -> TemplateValue {
        switch value {
        case .list(let list):
            let places = try places(count: list.elements.count, start: start, stop: stop, step: step)
            let taken = places.map { list.elements[$0] }
            try meter.chargeElements(taken.count)
            return .list(TemplateList(taken, isTuple: list.isTuple))
        case .text(let text):
            try meter.chargeText(text.byteCount)
            return .text(try slice(text, start: start, stop: stop, step: step))
        case .undefined, .none, .bool, .integer, .real, .mapping, .handle:
            throw .value("\(value.kind) has no parts in order: only lists and texts can be sliced")
        }
    }

    private static func slice(
        _ text: TemplateText,
        start: Int?,
        stop: Int?,
        step: Int
    ) throws(TemplateFailure) -> TemplateText {
        let bytes = Array(text.string.utf8)
        var starts: [Int] = []
        starts.reserveCapacity(bytes.count + 1)
        for (offset, byte) in bytes.enumerated() where byte & 0xc0 != 0x80 { starts.append(offset) }
        let count = starts.count
        starts.append(bytes.count)
        let places = try places(count: count, start: start, stop: stop, step: step)
        if step == 1 {
            var iterator = places.makeIterator()
            guard let first = iterator.next() else { return TemplateText("") }
            let taken = places.underestimatedCount
            return text.slice(starts[first]..<starts[first + taken])
        }
        var builder = TemplateTextBuilder()
        for place in places { builder.append(text.slice(starts[place]..<starts[place + 1])) }
        return builder.text
    }
}
