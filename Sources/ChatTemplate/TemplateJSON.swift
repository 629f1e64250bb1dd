/// JSON as templates write it with `tojson`, which is Python's `json.dumps` with its texts left as they are.
struct TemplateJSON {
    /// Whether everything beyond ASCII is escaped.
    var escapesUnicode = false
    /// What one level is moved in by; nil for one line.
    var indent: String?
    /// Between elements; nil for what Python has, which depends on `indent`.
    var itemSeparator: String?
    var keySeparator = ": "
    var sortsKeys = false

    init() {}

    /// With the values of the filter's parameters, in their order.
    init(filterArguments bound: [TemplateValue?]) throws(TemplateFailure) {
        self.init()
        escapesUnicode = bound[0]?.isTrue ?? false
        switch bound[1] {
        case nil, .some(.none): break
        case .text(let text)?: indent = text.string
        case .some(let value):
            guard case .integer(let width)? = PythonOrder.Number(value), width <= 64 else {
                throw .value("tojson takes an indent of at most 64 blanks: write a smaller one")
            }
            indent = String(repeating: " ", count: max(0, width))
        }
        if case .list(let separators)? = bound[2] {
            guard separators.elements.count == 2, case .text(let item) = separators.elements[0],
                case .text(let key) = separators.elements[1]
            else { throw .value("tojson takes two texts as separators: write (\",\", \":\")") }
            itemSeparator = item.string
            keySeparator = key.string
        }
        sortsKeys = bound[3]?.isTrue ?? false
    }

    func text(_ value: TemplateValue, _ meter: inout TemplateMeter) throws(TemplateFailure) -> TemplateText {
        var builder = TemplateTextBuilder()
        try write(value, level: 0, to: &builder, &meter)
        return builder.text
    }

    private func write(
        _ value: TemplateValue,
        level: Int,
        to builder: inout TemplateTextBuilder,
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) {
        let start = builder.bytes.count
        switch value {
        case .none: builder.append("null")
        case .bool(let value): builder.append(value ? "true" : "false")
        case .integer(let value): builder.append(String(value))
        case .real(let value):
            builder.append(
                value.isNaN
                    ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : PythonText.number(value)
            )
        case .text(let text): builder.append(quoted(text))
        case .list(let list):
            try meter.charge(list.elements.count)
            try write(list.elements.count, "[", "]", level: level, to: &builder) {
                (index, builder) throws(TemplateFailure) in
                try write(list.elements[index], level: level + 1, to: &builder, &meter)
            }
        case .mapping(let mapping):
            try meter.charge(mapping.count)
            var entries = mapping.entries
            if sortsKeys {
                entries = try PythonOrder.sorted(entries) { TemplateText.precedes($0.key.string, $1.key.string) }
            }
            try write(entries.count, "{", "}", level: level, to: &builder) {
                (index, builder) throws(TemplateFailure) in
                builder.append(quoted(entries[index].key))
                builder.append(keySeparator)
                try write(entries[index].value, level: level + 1, to: &builder, &meter)
            }
        case .undefined, .handle:
            throw .value("\(value.kind) is no JSON: check it with `is defined`, or give it a default")
        }
        try meter.charge(1 + (builder.bytes.count - start) / 64)
        if builder.bytes.count > meter.limits.textBytes { try meter.chargeText(builder.bytes.count) }
    }

    private func write(
        _ count: Int,
        _ open: String,
        _ close: String,
        level: Int,
        to builder: inout TemplateTextBuilder,
        each: (Int, inout TemplateTextBuilder) throws(TemplateFailure) -> Void
    ) throws(TemplateFailure) {
        builder.append(open)
        func newLine(_ level: Int) {
            guard let indent else { return }
            builder.append("\n")
            for _ in 0..<level { builder.append(indent) }
        }
        for index in 0..<count {
            if index > 0 { builder.append(itemSeparator ?? (indent == nil ? ", " : ",")) }
            newLine(level + 1)
            try each(index, &builder)
        }
        if count > 0 { newLine(level) }
        builder.append(close)
    }

    private func quoted(_ text: TemplateText) -> TemplateText {
        TemplateText(Self.quoted(text.string, escapesUnicode: escapesUnicode), text.derived)
    }

    private static func quoted(_ text: String, escapesUnicode: Bool) -> String {
        var bytes: [UInt8] = [0x22]
        bytes.reserveCapacity(text.utf8.count + 2)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22, 0x5c: bytes += [0x5c, UInt8(scalar.value)]
            case 0x0a: bytes += Array("\\n".utf8)
            case 0x0d: bytes += Array("\\r".utf8)
            case 0x09: bytes += Array("\\t".utf8)
            case 0x08: bytes += Array("\\b".utf8)
            case 0x0c: bytes += Array("\\f".utf8)
            case 0..<0x20: escape(UInt16(scalar.value), to: &bytes)
            case 0x7f... where escapesUnicode: for unit in String(scalar).utf16 { escape(unit, to: &bytes) }
            case 0..<0x80: bytes.append(UInt8(scalar.value))
            default: if let encoded = UTF8.encode(scalar) { bytes.append(contentsOf: encoded) }
            }
        }
        bytes.append(0x22)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func escape(_ unit: UInt16, to bytes: inout [UInt8]) {
        let digits = String(unit, radix: 16)
        bytes.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits).utf8)
    }
}
