/// When two values are equal and which comes first, as Python has it.
enum PythonOrder {
    /// A number whatever its kind; truth values are 0 and 1.
    enum Number {
        case integer(Int)
        case real(Double)

        init?(_ value: TemplateValue) {
            switch value {
            case .bool(let flag): self = .integer(flag ? 1 : 0)
            case .integer(let integer): self = .integer(integer)
            case .real(let real): self = .real(real)
            case .undefined, .none, .text, .list, .mapping, .handle: return nil
            }
        }

        var real: Double {
            switch self {
            case .integer(let value): Double(value)
            case .real(let value): value
            }
        }

        /// Less, equal or greater; nil when one is not a number. A whole number is not rounded to be compared.
        func compared(to other: Number) -> Int? {
            switch (self, other) {
            case (.integer(let left), .integer(let right)): return left < right ? -1 : left == right ? 0 : 1
            case (.integer(let left), .real(let right)): return Self.compare(left, right)
            case (.real(let left), .integer(let right)): return Self.compare(right, left).map { -$0 }
            case (.real(let left), .real(let right)):
                return left.isNaN || right.isNaN ? nil : left < right ? -1 : left == right ? 0 : 1
            }
        }

        private static func compare(_ left: Int, _ right: Double) -> Int? {
            if right.isNaN { return nil }
            if right >= 0x1p63 { return -1 }
            if right < -0x1p63 { return 1 }
            let whole = Int(right.rounded(.towardZero))
            if left != whole { return left < whole ? -1 : 1 }
            let fraction = right - right.rounded(.towardZero)
            return fraction > 0 ? -1 : fraction < 0 ? 1 : 0
        }
    }

    static func areEqual(
        _ left: TemplateValue,
        _ right: TemplateValue,
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) -> Bool {
        if let left = Number(left), let right = Number(right) { return left.compared(to: right) == 0 }
        switch (left, right) {
        case (.text(let left), .text(let right)):
            if left.string.utf8.count > 64 { try meter.charge(left.string.utf8.count / 64) }
            return TemplateText.isSame(left.string, right.string)
        case (.none, .none), (.undefined, .undefined): return true
        case (.list(let left), .list(let right)):
            guard left.isTuple == right.isTuple, left.elements.count == right.elements.count else { return false }
            try meter.charge(left.elements.count)
            for (one, other) in zip(left.elements, right.elements) {
                guard try areEqual(one, other, &meter) else { return false }
            }
            return true
        case (.mapping(let left), .mapping(let right)):
            guard left.count == right.count else { return false }
            try meter.charge(left.count)
            for entry in left.entries {
                guard let other = right.value(of: entry.keyValue), try areEqual(entry.value, other, &meter) else {
                    return false
                }
            }
            return true
        case (.handle(let left), .handle(let right)): return left == right
        case (_, _): return false
        }
    }

    /// Less, equal or greater; nil when no order says (a number that is none).
    static func order(
        _ left: TemplateValue,
        _ right: TemplateValue,
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) -> Int? {
        if let left = Number(left), let right = Number(right) { return left.compared(to: right) }
        switch (left, right) {
        case (.text(let left), .text(let right)):
            try meter.charge(min(left.byteCount, right.byteCount) / 64)
            if TemplateText.isSame(left.string, right.string) { return 0 }
            return TemplateText.precedes(left.string, right.string) ? -1 : 1
        case (.list(let left), .list(let right)) where left.isTuple == right.isTuple:
            try meter.charge(min(left.elements.count, right.elements.count))
            for (one, other) in zip(left.elements, right.elements) where try !areEqual(one, other, &meter) {
                return try order(one, other, &meter)
            }
            return left.elements.count < right.elements.count
                ? -1 : left.elements.count == right.elements.count ? 0 : 1
        case (_, _):
            throw .value("\(left.kind) and \(right.kind) have no order: compare values of one kind")
        }
    }

    /// Whether `element` is in `container`: a part of a text, an element of a list, a key of a mapping.
    static func contains(
        _ container: TemplateValue,
        _ element: TemplateValue,
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) -> Bool {
        switch container {
        case .text(let text):
            guard case .text(let part) = element else {
                throw .value("only a text can be in a text, not \(element.kind): write |string after it")
            }
            var compared = 0
            let places = TextScan.places(of: part.string, in: text.string, limit: 1, compared: &compared)
            try meter.charge(compared / 64)
            return !places.isEmpty
        case .list(let list):
            for other in list.elements {
                try meter.charge()
                if try areEqual(element, other, &meter) { return true }
            }
            return false
        case .mapping(let mapping):
            try meter.charge(element)
            return mapping.value(of: element) != nil
        case .undefined: return false
        case .none, .bool, .integer, .real, .handle:
            throw .value("nothing can be in \(container.kind): look whether it is what is meant")
        }
    }

    /// The same values in order, equal ones as they were. `precedes` says whether one comes before another.
    static func sorted<Element>(
        _ elements: [Element],
        _ precedes: (Element, Element) throws(TemplateFailure) -> Bool
    ) throws(TemplateFailure) -> [Element] {
        var from = elements
        var width = 1
        while width < from.count {
            var merged: [Element] = []
            merged.reserveCapacity(from.count)
            var start = 0
            while start < from.count {
                var left = start, right = min(start + width, from.count)
                let middle = right, end = min(start + 2 * width, from.count)
                while left < middle, right < end {
                    if try precedes(from[right], from[left]) {
                        merged.append(from[right])
                        right += 1
                    } else {
                        merged.append(from[left])
                        left += 1
                    }
                }
                merged += from[left..<middle]
                merged += from[right..<end]
                start = end
            }
            from = merged
            width *= 2
        }
        return from
    }
}
