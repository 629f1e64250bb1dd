/// A method of a text, with what its call brings.
struct TextMethodCall {
    let text: TemplateText
    let arguments: TemplateArguments

    func result(of method: TextMethod, _ meter: inout TemplateMeter) throws(TemplateFailure) -> TemplateValue {
        switch method {
        case .upper: return try changed([], method, &meter) { $0.uppercased() }
        case .lower: return try changed([], method, &meter) { $0.lowercased() }
        case .capitalize: return try changed([], method, &meter, TextOperations.capitalized)
        case .title:
            return try changed([], method, &meter) { text in
                TextOperations.titled(text) { !$0.properties.isCased }
            }
        case .strip, .lstrip, .rstrip:
            let bound = try arguments.bound(to: ["chars"], of: method.rawValue)
            let side: TextOperations.Side = method == .strip ? .both : method == .lstrip ? .start : .end
            try meter.chargeText(text.byteCount)
            return .text(TextOperations.trimmed(text, of: try string(bound[0], method), side))
        case .split, .rsplit:
            let bound = try arguments.bound(to: ["sep", "maxsplit"], of: method.rawValue)
            let limit = try integer(bound[1], method) ?? -1
            return .list(
                try TextOperations.split(
                    text,
                    by: string(bound[0], method),
                    limit: limit,
                    fromEnd: method == .rsplit,
                    &meter
                )
            )
        case .splitlines:
            let bound = try arguments.bound(to: ["keepends"], of: method.rawValue)
            try meter.chargeText(text.byteCount)
            let lines = TextOperations.lines(text, keepEnds: bound[0]?.isTrue ?? false)
            try meter.chargeElements(lines.count)
            return .list(lines.map { .text($0) })
        case .startswith, .endswith: return .bool(try hasEdge(method, &meter))
        case .replace:
            let bound = try arguments.bound(to: ["old", "new", "count"], of: method.rawValue)
            guard case .text(let old)? = bound[0], case .text(let new)? = bound[1] else {
                throw .value("replace needs two texts: write them in its brackets")
            }
            let limit = try integer(bound[2], method) ?? -1
            return .text(try TextOperations.replaced(text, old, by: new, limit: limit, &meter))
        case .removeprefix, .removesuffix:
            let part = try string(arguments.bound(to: ["part"], of: method.rawValue)[0], method) ?? ""
            let length = part.utf8.count
            if method == .removeprefix {
                let isThere = text.string.utf8.starts(with: part.utf8)
                return .text(isThere ? text.slice(length..<text.byteCount) : text)
            }
            return .text(Self.ends(text.string, with: part) ? text.slice(0..<text.byteCount - length) : text)
        case .find, .rfind, .index, .count: return .integer(try found(method, &meter))
        case .isdigit:
            let isDigit = text.string.unicodeScalars.allSatisfy { scalar in
                if scalar.isASCII { return (0x30...0x39).contains(scalar.value) }
                return scalar.properties.numericType == .decimal || scalar.properties.numericType == .digit
            }
            return .bool(isDigit && text.byteCount > 0)
        case .join: return .text(try joined(&meter))
        case .format: return .text(try TextOperations.formatted(text, with: arguments, &meter))
        case .get, .items, .keys, .values, .update, .append, .extend, .insert, .pop:
            throw .value("a text has no method \"\(method.rawValue)\": check what it is before")
        }
    }

    private func changed(
        _ parameters: [String],
        _ method: TextMethod,
        _ meter: inout TemplateMeter,
        _ change: (String) -> String
    ) throws(TemplateFailure) -> TemplateValue {
        _ = try arguments.bound(to: parameters, of: method.rawValue)
        // A scalar becomes three at most.
        try meter.chargeText(text.byteCount)
        return .text(text.changed(to: change(text.string)))
    }

    private func string(_ value: TemplateValue?, _ method: TextMethod) throws(TemplateFailure) -> String? {
        switch value {
        case nil, .some(.none): return nil
        case .text(let text): return text.string
        case .some(let value):
            throw .value("\(method.rawValue) takes a text, not \(value.kind): write |string after it")
        }
    }

    private func integer(_ value: TemplateValue?, _ method: TextMethod) throws(TemplateFailure) -> Int? {
        guard let value else { return nil }
        guard case .integer(let number)? = PythonOrder.Number(value) else {
            throw .value("\(method.rawValue) takes a whole number, not \(value.kind): write |int after it")
        }
        return number
    }

    private static func ends(_ text: String, with part: String) -> Bool {
        text.utf8.count >= part.utf8.count && text.utf8.suffix(part.utf8.count).elementsEqual(part.utf8)
    }

    /// Whether the text begins or ends with a part, or with one of a tuple of them.
    private func hasEdge(_ method: TextMethod, _ meter: inout TemplateMeter) throws(TemplateFailure) -> Bool {
        let bound = try arguments.bound(to: ["part"], of: method.rawValue)[0]
        var parts: [TemplateValue] = []
        if case .list(let list)? = bound, list.isTuple { parts = list.elements } else if let bound { parts = [bound] }
        for part in parts {
            try meter.charge()
            try meter.charge(part)
            guard case .text(let part) = part else {
                throw .value("\(method.rawValue) takes texts, not \(part.kind): write |string after it")
            }
            let isThere =
                method == .startswith
                ? text.string.utf8.starts(with: part.string.utf8) : Self.ends(text.string, with: part.string)
            if isThere { return true }
        }
        return false
    }

    private func found(_ method: TextMethod, _ meter: inout TemplateMeter) throws(TemplateFailure) -> Int {
        guard let part = try string(arguments.bound(to: ["sub"], of: method.rawValue)[0], method) else {
            throw .value("\(method.rawValue) needs a text: write it in its brackets")
        }
        var compared = 0
        let places = TextScan.places(
            of: part,
            in: text.string,
            limit: method == .find || method == .index ? 1 : .max,
            compared: &compared
        )
        try meter.charge(compared / 64)
        if method == .count { return places.count }
        guard let place = method == .rfind ? places.last : places.first else {
            if method == .index { throw .value("the text has no such part: check with `in` before") }
            return -1
        }
        return TextScan.scalarCount(text.slice(0..<place).string)
    }

    private func joined(_ meter: inout TemplateMeter) throws(TemplateFailure) -> TemplateText {
        guard case .list(let list)? = try arguments.bound(to: ["iterable"], of: "join")[0] else {
            throw .value("join needs a list of texts: write it in its brackets")
        }
        var builder = TemplateTextBuilder()
        for (index, element) in list.elements.enumerated() {
            guard case .text(let part) = element else {
                throw .value("join puts texts together, not \(element.kind): write |map(\"string\")")
            }
            if index > 0 { builder.append(text) }
            builder.append(part)
            try meter.charge(1 + (part.byteCount + text.byteCount) / 64)
            if builder.bytes.count > meter.limits.textBytes { try meter.chargeText(builder.bytes.count) }
        }
        return builder.text
    }
}
