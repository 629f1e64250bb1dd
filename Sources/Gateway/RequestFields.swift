import StrictJSON

/// The members of a request's body, each read as what it must be. `null` is the same as not there.
struct RequestFields {
    private let members: [String: JSONValue]

    init(_ members: [String: JSONValue]) { self.members = members }

    /// A member; nil when it is not there or `null`.
    subscript(_ name: String) -> JSONValue? {
        guard let value = members[name], value != .null else { return nil }
        return value
    }

    func text(_ name: String) throws(GatewayError) -> String? {
        guard let value = self[name] else { return nil }
        guard case .string(let text) = value else { throw wrongType(name, value, "a string") }
        return text
    }

    func flag(_ name: String) throws(GatewayError) -> Bool? {
        guard let value = self[name] else { return nil }
        guard case .bool(let flag) = value else { throw wrongType(name, value, "true or false") }
        return flag
    }

    func number(_ name: String, in range: ClosedRange<Double>) throws(GatewayError) -> Double? {
        guard let value = self[name] else { return nil }
        guard case .number(let number) = value else { throw wrongType(name, value, "a number") }
        guard range.contains(number) else {
            throw .invalid(
                "\(name) must be from \(ShownText.seconds(range.lowerBound)) to \(ShownText.seconds(range.upperBound))",
                param: name
            )
        }
        return number
    }

    func count(_ name: String, in range: ClosedRange<Int>) throws(GatewayError) -> Int? {
        guard let value = self[name] else { return nil }
        guard case .number(let number) = value else { throw wrongType(name, value, "a whole number") }
        guard let count = Int(exactly: number), range.contains(count) else {
            throw .invalid(
                "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)",
                param: name
            )
        }
        return count
    }

    func list(_ name: String) throws(GatewayError) -> [JSONValue]? {
        guard let value = self[name] else { return nil }
        guard case .array(let items) = value else { throw wrongType(name, value, "an array") }
        return items
    }

    func object(_ name: String) throws(GatewayError) -> RequestFields? {
        guard let value = self[name] else { return nil }
        guard case .object(let members) = value else { throw wrongType(name, value, "an object") }
        return RequestFields(members)
    }

    /// Texts by name, such as the values of variables.
    func texts(_ name: String) throws(GatewayError) -> [String: String]? {
        guard let fields = try object(name) else { return nil }
        var texts: [String: String] = [:]
        for (key, value) in fields.members {
            guard case .string(let text) = value else {
                throw wrongType("\(name).\(ShownText.of(key))", value, "a string")
            }
            texts[key] = text
        }
        return texts
    }

    func wrongType(_ name: String, _ value: JSONValue, _ wanted: String) -> GatewayError {
        .invalid("\(name) must be \(wanted), not \(value.typeName)", param: name)
    }
}
