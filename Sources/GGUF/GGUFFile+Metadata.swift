// Typed questions to the metadata: nil when the key is absent, an error when it has another type.
extension GGUFFile {
    /// A string.
    ///
    /// - Throws: `GGUFError.wrongType`.
    public func string(_ key: String) throws(GGUFError) -> String? {
        guard let value = metadata[key] else { return nil }
        guard case .string(let string) = value else { throw wrongType(key, "a string", value) }
        return string
    }

    /// An integer of any width.
    ///
    /// - Throws: `GGUFError.wrongType`.
    public func integer(_ key: String) throws(GGUFError) -> Int? {
        guard let value = metadata[key] else { return nil }
        guard let integer = value.integer else { throw wrongType(key, "an integer", value) }
        return integer
    }

    /// A float of either width.
    ///
    /// - Throws: `GGUFError.wrongType`.
    public func number(_ key: String) throws(GGUFError) -> Double? {
        guard let value = metadata[key] else { return nil }
        guard let number = value.number else { throw wrongType(key, "a float", value) }
        return number
    }

    /// A boolean.
    ///
    /// - Throws: `GGUFError.wrongType`.
    public func bool(_ key: String) throws(GGUFError) -> Bool? {
        guard let value = metadata[key] else { return nil }
        guard case .bool(let bool) = value else { throw wrongType(key, "a bool", value) }
        return bool
    }

    /// An array of strings.
    ///
    /// - Throws: `GGUFError.wrongType`.
    public func strings(_ key: String) throws(GGUFError) -> [String]? {
        guard let value = metadata[key] else { return nil }
        guard case .array(.strings(let strings)) = value else { throw wrongType(key, "an array of strings", value) }
        return strings
    }

    /// An array of integers of any width.
    ///
    /// - Throws: `GGUFError.wrongType`.
    public func integers(_ key: String) throws(GGUFError) -> [Int64]? {
        guard let value = metadata[key] else { return nil }
        guard case .array(.integers(let integers, _)) = value else {
            throw wrongType(key, "an array of integers", value)
        }
        return integers
    }

    /// An integer that must be there and in `range`.
    ///
    /// - Throws: `GGUFError.missingKey`, `wrongType` or `invalidValue`.
    public func requiredInteger(_ key: String, in range: ClosedRange<Int>) throws(GGUFError) -> Int {
        guard let value = try integer(key) else { throw .missingKey(key) }
        guard range.contains(value) else {
            throw .invalidValue(
                key: key,
                value: "\(value)",
                reason: "it must be from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }

    private func wrongType(_ key: String, _ expected: String, _ found: GGUFValue) -> GGUFError {
        .wrongType(key: key, expected: expected, found: found.kind)
    }
}
