/// Values as Python writes them: `str` for what is printed, `repr` for what lies inside of something printed.
enum PythonText {
    /// A value as it is printed.
    static func text(_ value: TemplateValue, _ meter: inout TemplateMeter) throws(TemplateFailure) -> TemplateText {
        switch value {
        case .text(let text): return text
        case .undefined: return TemplateText("")
        case .none: return TemplateText("None")
        case .bool(let value): return TemplateText(value ? "True" : "False")
        case .integer(let value): return TemplateText(String(value))
        case .real(let value): return TemplateText(number(value))
        case .list, .mapping, .handle:
            var builder = TemplateTextBuilder()
            try write(value, to: &builder, &meter)
            return builder.text
        }
    }

    private static func write(
        _ value: TemplateValue,
        to builder: inout TemplateTextBuilder,
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) {
        let start = builder.bytes.count
        switch value {
        case .text(let text): builder.append(TemplateText(quoted(text.string), text.derived))
        case .undefined: builder.append("Undefined")
        case .none, .bool, .integer, .real: builder.append(try text(value, &meter))
        case .list(let list):
            builder.append(list.isTuple ? "(" : "[")
            for (index, element) in list.elements.enumerated() {
                if index > 0 { builder.append(", ") }
                try write(element, to: &builder, &meter)
            }
            if list.isTuple, list.elements.count == 1 { builder.append(",") }
            builder.append(list.isTuple ? ")" : "]")
        case .mapping(let mapping):
            builder.append("{")
            for (index, entry) in mapping.entries.enumerated() {
                if index > 0 { builder.append(", ") }
                builder.append(
                    entry.number == nil ? TemplateText(quoted(entry.key.string), entry.key.derived) : entry.key
                )
                builder.append(": ")
                try write(entry.value, to: &builder, &meter)
            }
            builder.append("}")
        case .handle(let handle):
            throw .value("\(handle.kind) has no text: print one of its members, or call it")
        }
        try meter.charge(1 + (builder.bytes.count - start) / 64)
        guard builder.bytes.count <= meter.limits.textBytes else { return try meter.chargeText(builder.bytes.count) }
    }

    /// A number in the fewest digits that mean it, with an exponent when that is below -4 or above 15.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        let sign = value.sign == .minus ? "-" : ""
        if value == 0 { return sign + "0.0" }
        // The standard library finds the digits; only their layout is ours.
        var digits: [UInt8] = []
        var point: Int?, exponent = 0
        let text = Array("\(value.magnitude)".utf8)
        for (index, byte) in text.enumerated() {
            if byte == UInt8(ascii: ".") {
                point = digits.count
            } else if byte == UInt8(ascii: "e") {
                exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self).filter { $0 != "+" }) ?? 0
                break
            } else {
                digits.append(byte)
            }
        }
        exponent += point ?? digits.count
        while digits.count > 1, digits.last == 0x30 { digits.removeLast() }
        while digits.count > 1, digits.first == 0x30 {
            digits.removeFirst()
            exponent -= 1
        }
        let shown = String(decoding: digits, as: UTF8.self)
        // The first digit stands for 10 to the power of `exponent - 1`.
        if exponent - 1 < -4 || exponent - 1 >= 16 {
            let power = exponent - 1
            let rest = digits.count > 1 ? "." + String(decoding: digits[1...], as: UTF8.self) : ""
            let places = power.magnitude < 10 ? "0\(power.magnitude)" : "\(power.magnitude)"
            return sign + String(decoding: digits[..<1], as: UTF8.self) + rest + (power < 0 ? "e-" : "e+") + places
        }
        if exponent <= 0 { return sign + "0." + String(repeating: "0", count: -exponent) + shown }
        if exponent >= digits.count {
            return sign + shown + String(repeating: "0", count: exponent - digits.count) + ".0"
        }
        return sign + String(decoding: digits[..<exponent], as: UTF8.self) + "."
            + String(decoding: digits[exponent...], as: UTF8.self)
    }

    /// A text in quotes: single ones unless only those occur in it.
    static func quoted(_ text: String) -> String {
        let single = UInt8(ascii: "'"), double = UInt8(ascii: "\""), backslash = UInt8(ascii: "\\")
        let quote = text.utf8.contains(single) && !text.utf8.contains(double) ? double : single
        var bytes: [UInt8] = [quote]
        bytes.reserveCapacity(text.utf8.count + 2)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case UInt32(quote): bytes += [backslash, quote]
            case UInt32(backslash): bytes += [backslash, backslash]
            case 0x0a: bytes += [backslash, UInt8(ascii: "n")]
            case 0x0d: bytes += [backslash, UInt8(ascii: "r")]
            case 0x09: bytes += [backslash, UInt8(ascii: "t")]
            case 0x20..<0x7f: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            default:
                if isPrinted(scalar), let encoded = UTF8.encode(scalar) {
                    bytes.append(contentsOf: encoded)
                } else {
                    bytes.append(contentsOf: escape(scalar).utf8)
                }
            }
        }
        bytes.append(quote)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isPrinted(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7f { return scalar.value >= 0x20 }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let (mark, width) = scalar.value < 0x100 ? ("\\x", 2) : scalar.value < 0x10000 ? ("\\u", 4) : ("\\U", 8)
        return mark + String(repeating: "0", count: width - digits.utf8.count) + digits
    }
}
