/// Filters that make a text of a text.
enum TextFilters {
    static func result(
        of filter: TemplateFilter,
        _ text: TemplateText,
        _ bound: [TemplateValue?],
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) -> TemplateValue {
        try meter.chargeText(text.byteCount)
        switch filter {
        case .upper: return .text(text.changed(to: text.string.uppercased()))
        case .lower: return .text(text.changed(to: text.string.lowercased()))
        case .capitalize: return .text(text.changed(to: TextOperations.capitalized(text.string)))
        case .title:
            let title = TextOperations.titled(text.string) { scalar in
                TextScan.isBlank(scalar) || ["-", "(", "{", "[", "<"].contains(scalar)
            }
            return .text(text.changed(to: title))
        case .trim:
            guard case .text(let characters)? = bound[0] else { return .text(TextOperations.trimmed(text, of: nil)) }
            return .text(TextOperations.trimmed(text, of: characters.string))
        case .replace:
            guard let old = bound[0], let new = bound[1] else {
                throw .value("replace needs two texts: write them in its brackets")
            }
            let limit = try integer(bound[2], of: filter) ?? -1
            return .text(
                try TextOperations.replaced(
                    text,
                    PythonText.text(old, &meter),
                    by: PythonText.text(new, &meter),
                    limit: limit,
                    &meter
                )
            )
        default:
            var indent = "    "
            if case .text(let text)? = bound[0] {
                indent = text.string
            } else if let width = try integer(bound[0], of: filter) {
                try meter.chargeText(max(0, width))
                indent = String(repeating: " ", count: max(0, width))
            }
            let lines = text.string.utf8.reduce(1) { $0 + ($1 == 0x0a ? 1 : 0) }
            guard let added = TemplateMeter.length(lines, times: indent.utf8.count) else {
                throw .limit("it moves in too far: use a smaller width")
            }
            try meter.chargeText(text.byteCount + added)
            let result = TextOperations.indented(
                text,
                by: indent,
                first: bound[1]?.isTrue ?? false,
                blank: bound[2]?.isTrue ?? false
            )
            return .text(result)
        }
    }

    private static func integer(_ value: TemplateValue?, of filter: TemplateFilter) throws(TemplateFailure) -> Int? {
        guard let value else { return nil }
        guard case .integer(let number)? = PythonOrder.Number(value) else {
            throw .value("\(filter.rawValue) takes a whole number, not \(value.kind): write |int after it")
        }
        return number
    }
}
