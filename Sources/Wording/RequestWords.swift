public import RegistryTypes

extension RequestTerms {
    /// The terms in one line: `deadline 5 min, set by the key; system message append; left out: tools; 3 turns`.
    public var words: String {
        var parts = [
            idleSeconds.map {
                "deadline \(NumberText.setTime(deadlineSeconds)) to the first token, \(NumberText.setTime($0)) after each"
            } ?? "deadline \(NumberText.setTime(deadlineSeconds))"
        ]
        parts[0] += ", set by the \(deadlineOwner.words)"
        if let clientSystem { parts.append("system message \(clientSystem)") }
        if !leftOut.isEmpty { parts.append("left out: \(leftOut.joined(separator: ", "))") }
        if let turns { parts.append(NumberText.count(turns, "turn")) }
        return parts.joined(separator: "; ")
    }
}

extension RequestTerms.DeadlineOwner {
    /// The owner in words.
    fileprivate var words: String {
        switch self {
        case .client: "request"
        case .key: "key"
        case .release: "prompt"
        case .server: "server"
        }
    }
}
