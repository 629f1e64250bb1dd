/// Why a request to a model is not answered.
public enum GatewayError: Error, Equatable, Sendable {
    /// The body is not JSON in UTF-8.
    case notJSON(String)
    /// A value that makes no sense, and the parameter that holds it.
    case invalid(String, param: String?)
    /// Something that OpenAI's API has and serin does not do.
    case unsupported(String, param: String)
    /// The body is larger than is read.
    case tooLarge(limitBytes: Int)
    /// No model, channel, version or release of that name; near names, best first.
    case modelNotFound(String, near: [String])
    /// The prompt leaves no room for an answer, or is longer than its author allows.
    case contextLengthExceeded(String, param: String)
    /// More requests wait than may wait.
    case overloaded(retryAfterSeconds: Int)
    /// The server is being stopped.
    case draining
    /// The release cannot answer now.
    case unavailable(String)
    /// The request took longer than it may.
    case timedOut(seconds: Double)
    /// The engine gave up on the request.
    case engineFailed(String)
}

extension GatewayError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notJSON(let reason): "the body is not JSON: \(reason)"
        case .invalid(let reason, _), .unsupported(let reason, _): reason
        case .tooLarge(let limit): "the body is larger than \(limit) bytes: send a shorter text"
        case .modelNotFound(let reference, let near):
            "the model \"\(ShownText.of(reference))\" does not exist here"
                + (near.isEmpty ? "" : ": did you mean \(near.joined(separator: " or "))?")
        case .contextLengthExceeded(let reason, _): reason
        case .overloaded(let seconds): "too many requests wait for this model: try again in \(seconds) s"
        case .draining: "the server is being stopped: try again in a moment"
        case .unavailable(let reason): "the model cannot answer now: \(reason)"
        case .timedOut(let seconds):
            "no answer within \(ShownText.seconds(seconds)) s: ask for less, or allow more time"
        case .engineFailed(let reason): "the model could not answer: \(reason)"
        }
    }
}

/// Values of others in a message: short, and on one line.
enum ShownText {
    /// At most 80 bytes, cut between characters; control characters are left out.
    static func of(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars where scalar.value >= 0x20 && scalar.value != 0x7f {
            guard shown.utf8.count < 80 else { return shown + "…" }
            shown.unicodeScalars.append(scalar)
        }
        return shown
    }

    /// Seconds with at most three digits after the point.
    static func seconds(_ seconds: Double) -> String {
        let rounded = (seconds * 1000).rounded() / 1000
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}
