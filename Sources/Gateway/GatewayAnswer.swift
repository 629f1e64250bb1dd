/// An answer on its way out.
public enum GatewayAnswer: Sendable {
    /// All of it: a JSON body.
    case whole(AnswerHead, body: [UInt8])
    /// Server-sent events, as they are generated.
    case stream(AnswerHead, AnswerStream)

    /// What is said before the body.
    public var head: AnswerHead {
        switch self {
        case .whole(let head, _), .stream(let head, _): head
        }
    }
}
