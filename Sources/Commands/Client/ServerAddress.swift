/// Where the server is: `http://127.0.0.1:7470`, without a path.
struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address when nothing else is said.
    static let standard = "http://127.0.0.1:7470"

    let scheme: String
    /// With its brackets, when it is an IPv6 address.
    let host: String
    let port: Int

    /// Reads an address.
    ///
    /// - Throws: ``CommandsError/badServer(_:)`` for another scheme, a user, a path, a query, or a bad host or port.
    init(_ text: String) throws(CommandsError) {
        let bytes = Array(text.utf8)
        func fail() -> CommandsError { .badServer(String(text.prefix(200))) }
        let lower = text.lowercased()
        let scheme = lower.hasPrefix("https://") ? "https" : "http"
        guard lower.hasPrefix(scheme + "://") else { throw fail() }
        var rest = bytes.dropFirst(scheme.utf8.count + 3)
        while rest.last == 0x2f { rest.removeLast() }

        let host: ArraySlice<UInt8>
        if rest.first == 0x5b {
            guard let end = rest.firstIndex(of: 0x5d) else { throw fail() }
            host = rest[rest.startIndex...end]
            rest = rest[(end + 1)...]
            let inside = host.dropFirst().dropLast()
            guard inside.contains(0x3a), inside.allSatisfy({ Self.isHexadecimal($0) || $0 == 0x3a || $0 == 0x2e })
            else { throw fail() }
        } else {
            let end = rest.firstIndex(of: 0x3a) ?? rest.endIndex
            host = rest[..<end]
            rest = rest[end...]
            guard !host.isEmpty, host.count <= 253, host.first != 0x2d, host.allSatisfy(Self.isHostByte) else {
                throw fail()
            }
        }
        self.scheme = scheme
        self.host = String(decoding: host, as: UTF8.self).lowercased()
        if rest.isEmpty {
            port = scheme == "https" ? 443 : 80
        } else {
            guard rest.first == 0x3a, rest.count <= 6, rest.dropFirst().allSatisfy({ (0x30...0x39).contains($0) }),
                let port = Int(String(decoding: rest.dropFirst(), as: UTF8.self)),
                (1...65535).contains(port)
            else { throw fail() }
            self.port = port
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
            || byte == 0x2d || byte == 0x2e
    }

    /// Whether what is sent stays on this machine.
    var isLoopback: Bool {
        host == "localhost" || host == "[::1]"
            || host.hasPrefix("127.")
                && host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2e }
    }

    /// The address, always with its port unless it is the scheme's own.
    var description: String {
        let isUsual = port == (scheme == "https" ? 443 : 80)
        return "\(scheme)://\(host)\(isUsual ? "" : ":\(port)")"
    }
}
