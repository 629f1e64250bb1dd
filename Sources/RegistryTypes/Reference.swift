/// What a person writes to name something of a model: `ticket-bot`, `ticket-bot@7`, `ticket-bot@production`, `ticket-bot@r12`.
public struct Reference: Hashable, Sendable, CustomStringConvertible {
    /// What follows the `@`.
    public enum Selector: Hashable, Sendable {
        /// Nothing: the production channel.
        case live
        /// `@7`: a version.
        case version(Int)
        /// `@r12`: a release.
        case release(Int)
        /// `@staging`: the release a channel points to.
        case channel(Name)
    }

    /// The model.
    public let model: Name
    /// Which part of the model.
    public let selector: Selector

    /// A reference to a part of a model.
    public init(model: Name, selector: Selector) {
        self.model = model
        self.selector = selector
    }

    /// Reads a reference. `@7` is always a version and `@r7` always a release, so channels cannot be named so.
    ///
    /// - Throws: ``RegistryTypesError/badReference(_:)``.
    public init(_ text: String) throws(RegistryTypesError) {
        let parts = text.utf8.split(separator: 0x40, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard (1...2).contains(parts.count), let model = try? Name(parts[0]) else { throw .badReference(text) }
        self.model = model
        guard parts.count == 2 else {
            selector = .live
            return
        }
        if let number = Reference.number(parts[1].utf8) {
            selector = .version(number)
        } else if parts[1].utf8.first == 0x72, let number = Reference.number(parts[1].utf8.dropFirst()) {
            selector = .release(number)
        } else if let channel = try? Name(parts[1]), Reference.isChannelName(channel) {
            selector = .channel(channel)
        } else {
            throw .badReference(text)
        }
    }

    /// Whether a channel may have this name: `7` and `r7` already mean a version and a release.
    public static func isChannelName(_ name: Name) -> Bool {
        let bytes = name.text.utf8
        return !bytes.allSatisfy { (0x30...0x39).contains($0) }
            && !(bytes.first == 0x72 && bytes.count > 1 && bytes.dropFirst().allSatisfy { (0x30...0x39).contains($0) })
    }

    private static func number(_ bytes: some Collection<UInt8>) -> Int? {
        guard !bytes.isEmpty, bytes.count <= 9, bytes.first != 0x30,
            bytes.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    public var description: String {
        switch selector {
        case .live: model.text
        case .version(let number): "\(model)@\(number)"
        case .release(let number): "\(model)@r\(number)"
        case .channel(let name): "\(model)@\(name)"
        }
    }
}

extension Reference: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
