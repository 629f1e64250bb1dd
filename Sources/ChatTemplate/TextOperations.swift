/// What methods and filters do with texts; places and lengths count scalars, as Python's do.
enum TextOperations {
    enum Side { case both, start, end }

    /// Without the characters of `characters` at its ends; white space when nil.
    static func trimmed(_ text: TemplateText, of characters: String?, _ side: Side = .both) -> TemplateText {
        var string = text.string
        let bounds = string.withUTF8 { bytes -> Range<Int> in
            var start = 0, end = bytes.count
            let set = characters.map { Set($0.unicodeScalars) }
            func goes(_ range: Range<Int>) -> Bool {
                guard let set else { return TextScan.blankLength(bytes, at: range.lowerBound) == range.count }
                let scalar = String(decoding: bytes[range], as: UTF8.self).unicodeScalars.first
                return scalar.map(set.contains) ?? false
            }
            while side != .end, start < end {
                var next = start + 1
                while next < end, bytes[next] & 0xc0 == 0x80 { next += 1 }
                guard goes(start..<next) else { break }
                start = next
            }
            while side != .start, end > start {
                var last = end - 1
                while last > start, bytes[last] & 0xc0 == 0x80 { last -= 1 }
                guard goes(last..<end) else { break }
                end = last
            }
            return start..<end
        }
        return text.slice(bounds)
    }

    /// The scalar at Python's index; undefined past the ends.
    static func character(_ index: Int, of text: TemplateText) -> TemplateValue {
        let count = index < 0 ? TextScan.scalarCount(text.string) : 0
        let (place, overflows) = index.addingReportingOverflow(count)
        guard !overflows, place >= 0 else { return .undefined("[\(index)]") }
        let start = TextScan.offset(ofScalar: place, in: text.string)
        guard start < text.byteCount else { return .undefined("[\(index)]") }
        let width = text.string.utf8[text.string.utf8.index(text.string.utf8.startIndex, offsetBy: start)]
        let length = width < 0x80 ? 1 : width < 0xe0 ? 2 : width < 0xf0 ? 3 : 4
        return .text(text.slice(start..<start + length))
    }

    /// The parts between `separator`, or between runs of white space when nil; `limit` cuts at most.
    static func split(
        _ text: TemplateText,
        by separator: String?,
        limit: Int,
        fromEnd: Bool,
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) -> [TemplateValue] {
        let text = separator == nil ? trimmed(text, of: nil, fromEnd ? .end : .start) : text
        let cuts: [Range<Int>]
        if let separator {
            guard !separator.utf8.isEmpty else { throw .value("an empty text separates nothing: give a separator") }
            var compared = 0
            let places =
                fromEnd
                ? TextScan.placesFromEnd(of: separator, in: text.string, compared: &compared)
                : TextScan.places(of: separator, in: text.string, compared: &compared)
            try meter.charge(compared / 64)
            cuts = places.map { $0..<$0 + separator.utf8.count }
        } else {
            cuts = blankRuns(text.string)
        }
        let used = limit < 0 ? cuts[...] : fromEnd ? cuts.suffix(limit) : cuts.prefix(limit)
        try meter.chargeElements(used.count + 1)
        try meter.chargeText(text.byteCount)
        var parts: [TemplateValue] = []
        var start = 0
        for cut in used {
            if separator != nil || cut.lowerBound > start { parts.append(.text(text.slice(start..<cut.lowerBound))) }
            start = cut.upperBound
        }
        let rest = text.slice(start..<text.byteCount)
        if separator != nil {
            parts.append(.text(rest))
        } else {
            let last = trimmed(rest, of: nil, fromEnd ? .end : limit < 0 ? .both : .start)
            if last.byteCount > 0 { parts.append(.text(last)) }
        }
        return parts
    }

    private static func blankRuns(_ text: String) -> [Range<Int>] {
        let bytes = Array(text.utf8)
        var runs: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            let end = TextScan.trimmedStart(bytes, index..<bytes.count)
            if end > index {
                runs.append(index..<end)
                index = end
            } else {
                index += 1
            }
        }
        return runs
    }

    /// The lines, without what ends them.
    static func lines(_ text: TemplateText, keepEnds: Bool) -> [TemplateText] {
        let bytes = Array(text.string.utf8)
        var lines: [TemplateText] = []
        var start = 0, index = 0
        while index < bytes.count {
            var length = 0
            switch bytes[index] {
            case 0x0d: length = index + 1 < bytes.count && bytes[index + 1] == 0x0a ? 2 : 1
            case 0x0a...0x0c, 0x1c...0x1e: length = 1
            case 0xc2: length = index + 1 < bytes.count && bytes[index + 1] == 0x85 ? 2 : 0
            case 0xe2:
                let isSeparator = index + 2 < bytes.count && bytes[index + 1] == 0x80
                length = isSeparator && (0xa8...0xa9).contains(bytes[index + 2]) ? 3 : 0
            default: break
            }
            if length > 0 {
                lines.append(text.slice(start..<(keepEnds ? index + length : index)))
                start = index + length
            }
            index += max(1, length)
        }
        if start < bytes.count { lines.append(text.slice(start..<bytes.count)) }
        return lines
    }

    static func replaced(
        _ text: TemplateText,
        _ old: TemplateText,
        by new: TemplateText,
        limit: Int,
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) -> TemplateText {
        var compared = 0
        var places: [Int]
        if old.byteCount == 0 {
            places = []
            for (offset, byte) in text.string.utf8.enumerated() where byte & 0xc0 != 0x80 { places.append(offset) }
            places.append(text.byteCount)
            if limit >= 0 { places = Array(places.prefix(limit)) }
        } else {
            places = TextScan.places(
                of: old.string,
                in: text.string,
                limit: limit < 0 ? .max : limit,
                compared: &compared
            )
        }
        guard let added = TemplateMeter.length(places.count, times: new.byteCount) else {
            throw .limit("it replaces too much: shorten what it puts in")
        }
        try meter.chargeText(compared + added)
        try meter.chargeText(text.byteCount + added)
        if places.isEmpty { return text }
        var builder = TemplateTextBuilder()
        var start = 0
        for place in places {
            builder.append(text.slice(start..<place))
            builder.append(new)
            start = place + old.byteCount
        }
        builder.append(text.slice(start..<text.byteCount))
        return builder.text
    }

    /// The first scalar in upper case, the rest in lower case.
    static func capitalized(_ string: String) -> String {
        guard let first = string.unicodeScalars.first else { return "" }
        return first.properties.titlecaseMapping + String(string.unicodeScalars.dropFirst()).lowercased()
    }

    /// Every word as ``capitalized(_:)``; `startsWord` says which scalars come before a word.
    static func titled(_ string: String, startsWord: (Unicode.Scalar) -> Bool) -> String {
        var result = ""
        var isStart = true
        for scalar in string.unicodeScalars {
            result += isStart ? scalar.properties.titlecaseMapping : scalar.properties.lowercaseMapping
            isStart = startsWord(scalar)
        }
        return result
    }

    /// `text` with every line but the first moved in; the first as well when `first`, empty ones when `blank`.
    static func indented(_ text: TemplateText, by indent: String, first: Bool, blank: Bool) -> TemplateText {
        // Jinja adds a newline before it looks for lines, so that a last empty one is seen.
        let lines = lines(text + TemplateText("\n"), keepEnds: false)
        var builder = TemplateTextBuilder()
        for (index, line) in lines.enumerated() {
            if index > 0 { builder.append("\n") }
            if index == 0 ? first : blank || line.byteCount > 0 { builder.append(indent) }
            builder.append(line)
        }
        return builder.text
    }

    /// `{}`, `{0}` and `{name}` of a text with values; what else stands between braces is not understood here.
    static func formatted(
        _ text: TemplateText,
        with arguments: TemplateArguments,
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) -> TemplateText {
        let bytes = Array(text.string.utf8)
        let open = UInt8(ascii: "{"), close = UInt8(ascii: "}")
        var builder = TemplateTextBuilder()
        var index = 0, start = 0, next = 0
        while index < bytes.count {
            guard bytes[index] == open || bytes[index] == close else {
                index += 1
                continue
            }
            builder.append(text.slice(start..<index))
            if index + 1 < bytes.count, bytes[index + 1] == bytes[index] {
                builder.append(text.slice(index..<index + 1))
                index += 2
                start = index
                continue
            }
            guard bytes[index] == open, let end = bytes[index...].firstIndex(of: close) else {
                throw .value("format has a brace by itself: write it twice to print it")
            }
            let name = String(decoding: bytes[index + 1..<end], as: UTF8.self)
            let value: TemplateValue?
            if name.utf8.isEmpty {
                value = next < arguments.positional.count ? arguments.positional[next] : nil
                next += 1
            } else if let place = Int(name) {
                value = arguments.positional.indices.contains(place) ? arguments.positional[place] : nil
            } else {
                value = arguments.named.first { TemplateText.isSame($0.name, name) }?.value
            }
            guard let value else {
                throw .value("format has no value for \(name.quotedForMessage): only {}, {0} and {name} are understood")
            }
            let written = try PythonText.text(value, &meter)
            try meter.chargeText(builder.bytes.count + written.byteCount)
            builder.append(written)
            index = end + 1
            start = index
        }
        builder.append(text.slice(start..<bytes.count))
        return builder.text
    }
}
