/// Filters that order values or choose among them, each by a key that was found for it.
enum SequenceFilters {
    static func result(
        of filter: TemplateFilter,
        _ entries: [(key: TemplateValue, value: TemplateValue)],
        isReversed: Bool,
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) -> TemplateValue {
        switch filter {
        case .min, .max:
            guard var best = entries.first else { return .undefined("the least or greatest of nothing") }
            for entry in entries.dropFirst() {
                let order = try PythonOrder.order(entry.key, best.key, &meter) ?? 0
                if filter == .min ? order < 0 : order > 0 { best = entry }
            }
            return best.value
        case .unique:
            var kept: [(key: TemplateValue, value: TemplateValue)] = []
            for entry in entries {
                var isNew = true
                for other in kept {
                    try meter.charge()
                    if try PythonOrder.areEqual(other.key, entry.key, &meter) {
                        isNew = false
                        break
                    }
                }
                if isNew { kept.append(entry) }
            }
            return .list(TemplateList(kept.map(\.value)).lazily)
        default:
            let sorted = try PythonOrder.sorted(entries) { left, right throws(TemplateFailure) in
                try meter.charge()
                if left.key.isUndefined, right.key.isUndefined { return false }
                let order = try PythonOrder.order(left.key, right.key, &meter) ?? 0
                return isReversed ? order > 0 : order < 0
            }
            return .list(sorted.map(\.value))
        }
    }
}
