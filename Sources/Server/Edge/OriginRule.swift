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
