import HTTPTypes

/// The names under which this server may be asked: a page of another site whose name was pointed at this machine
/// (DNS rebinding) asks under a name that is not among them.
struct HostRule: Hashable, Sendable {
    /// The names, in lower case, without ports.
    let names: Set<String>

    /// Names that always mean this machine.
    static let loopback: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    /// Loopback names and `others`.
    init(others: [String]) {
        names = HostRule.loopback.union(others.map { $0.lowercased() })
    }

    /// Whether a request for `authority` (`name` or `name:port`) is for this server.
    func allows(_ authority: String?) -> Bool {
        guard let authority, let name = HostRule.name(of: authority) else { return false }
        return names.contains(name)
    }

    /// Whether a request names a host more than once: whoever stands before this server may have believed another one.
    /// The first is the request's authority; what is left among its headers is a second one.
    static func isAmbiguous(_ headers: HTTPFields) -> Bool {
        HTTPField.Name("Host").map { headers.contains($0) } ?? false
    }

    /// The name without the port, in lower case; nil when it is not a plain host with an optional port.
    static func name(of authority: String) -> String? {
        let bytes = Array(authority.utf8)
        guard !bytes.isEmpty, bytes.count <= 255 else { return nil }
        let end: Int
        if bytes[0] == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            end = close + 1
        } else {
            end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
        }
        let port = bytes[end...]
        guard
            port.isEmpty
                || (port.first == UInt8(ascii: ":") && port.dropFirst().allSatisfy { (0x30...0x39).contains($0) })
        else { return nil }
        let name = bytes[..<end].map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 }
        return name.allSatisfy { $0 > 0x20 && $0 < 0x7f } ? String(decoding: name, as: UTF8.self) : nil
    }
}

/// Whether a POST comes from one of our own pages: the second wall against forged forms, besides the token in the form.
enum OriginRule {
    /// Whether a form may be taken: what the browser says of its origin must fit, and it must say something.
    ///
    /// - Parameters:
    ///   - origin: The `Origin` header.
    ///   - site: The `Sec-Fetch-Site` header.
    ///   - authority: The host and port that the request is for.
    ///   - scheme: `http` or `https`.
    static func allows(origin: String?, site: String?, authority: String?, scheme: String) -> Bool {
        guard origin != nil || site != nil else { return false }
        if let site, site != "same-origin", site != "none" { return false }
        guard let origin else { return true }
        guard let authority else { return false }
        return origin == "\(scheme)://\(authority)"
    }
}
