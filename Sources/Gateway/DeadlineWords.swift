import RegistryTypes

/// What is said of a deadline that passed: whose it was, and what allows more where anything does.
extension RequestDeadline {
    /// That it passed, with what allows more.
    var passed: String {
        let limit = ShownText.seconds(seconds)
        switch owner {
        case .client: return "no whole answer within the \(limit) s of x-serin-deadline-ms: \(advice)"
        case .key: return "no whole answer within the \(limit) s that the key allows: \(advice)"
        case .release: return "no whole answer within the \(limit) s that the prompt allows: \(advice)"
        case .server:
            guard let idleSeconds else { return "no whole answer within \(limit) s: \(advice)" }
            return "no token within \(ShownText.seconds(max(seconds, idleSeconds))) s, or no end within "
                + "\(ShownText.seconds(maxSeconds)) s: \(advice)"
        }
    }

    /// What somebody can do who wants more time. Nobody is told to send more who has all that this server allows.
    private var advice: String {
        guard seconds < maxSeconds else {
            return "ask for less; \(ShownText.seconds(maxSeconds)) s is all that this server allows, which its "
                + "--max-deadline says"
        }
        let header = "x-serin-deadline-ms with more (at most \(ShownText.seconds(maxSeconds * 1000)) here)"
        switch owner {
        case .client: return "ask for less, or send \(header)"
        case .key: return "ask for less, send \(header), or use a key with a longer --deadline"
        case .release: return "ask for less, send \(header), or give the prompt a longer deadline"
        case .server where idleSeconds == nil: return "ask for less, stream it, or send \(header)"
        case .server: return "send \(header), or try again"
        }
    }
}

extension RequestDeadline.Owner {
    /// The owner as records have it.
    var recorded: RequestTerms.DeadlineOwner {
        switch self {
        case .client: .client
        case .key: .key
        case .release: .release
        case .server: .server
        }
    }
}
