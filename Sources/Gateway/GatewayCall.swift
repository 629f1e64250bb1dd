public import RegistryTypes

/// Who sends a request, and what its headers ask for.
public struct GatewayCall: Sendable {
    /// The number of the request.
    public let id: RequestID
    /// The name of the key it came with.
    public let key: Name
    /// What that key lets be kept.
    public let capture: CapturePolicy
    /// What the request was made for.
    public let source: RequestSource
    /// `x-serin-capture`: off, metadata or redacted; it can only lower what the key says.
    public let captureHeader: String?
    /// `x-serin-deadline-ms`: how long the caller waits.
    public let deadlineHeader: String?
    /// Seconds that the key allows; nil where it says nothing.
    public let keyDeadlineSeconds: Double?
    /// `x-conversation-id`: what the request belongs to.
    public let conversation: String?
    /// Whether it may name a release that was never live in a channel.
    public let mayRunUnreleased: Bool
    /// A header of ours (`x-serin-…`) that nobody here reads; nil where there is none.
    public let unknownHeader: String?

    /// The headers of ours that a request may have.
    public static let headers = ["x-serin-capture", "x-serin-deadline-ms"]

    /// Makes the value from its fields.
    public init(
        id: RequestID,
        key: Name,
        capture: CapturePolicy,
        source: RequestSource = .user,
        captureHeader: String? = nil,
        deadlineHeader: String? = nil,
        conversation: String? = nil,
        keyDeadlineSeconds: Double? = nil,
        mayRunUnreleased: Bool = false,
        unknownHeader: String? = nil
    ) {
        self.id = id
        self.key = key
        self.capture = capture
        self.source = source
        self.captureHeader = captureHeader
        self.deadlineHeader = deadlineHeader
        self.conversation = conversation
        self.keyDeadlineSeconds = keyDeadlineSeconds
        self.mayRunUnreleased = mayRunUnreleased
        self.unknownHeader = unknownHeader
    }

    /// What is kept of the request.
    ///
    /// - Throws: ``GatewayError/invalid(_:param:)`` for a header that names no policy, and for one of ours that is none:
    ///   nobody may think that nothing is kept because of a typing error.
    public func policy() throws(GatewayError) -> CapturePolicy {
        if let unknownHeader {
            let near = NearNames.nearest(to: unknownHeader, in: Self.headers, count: 1).first
            throw .invalid(
                "the header \(ShownText.of(unknownHeader)) is not known here: "
                    + (near.map { "did you mean \($0)?" } ?? "known are \(Self.headers.joined(separator: " and "))"),
                param: nil
            )
        }
        guard let captureHeader else { return capture }
        guard let asked = CapturePolicy(rawValue: captureHeader) else {
            throw .invalid("the header x-serin-capture takes off, metadata or redacted", param: nil)
        }
        return capture.lowered(to: asked)
    }

    /// How many seconds the request asks for; nil when it asks for none.
    ///
    /// - Throws: ``GatewayError/invalid(_:param:)`` for a header that is not a number of milliseconds.
    public func askedSeconds() throws(GatewayError) -> Double? {
        guard let deadlineHeader else { return nil }
        let bytes = deadlineHeader.utf8
        guard (1...12).contains(bytes.count), bytes.allSatisfy({ (0x30...0x39).contains($0) }),
            let milliseconds = Int(deadlineHeader), milliseconds > 0
        else { throw .invalid("the header x-serin-deadline-ms takes a number of milliseconds from 1 on", param: nil) }
        return Double(milliseconds) / 1000
    }

    /// The keyed hash of what the request belongs to: the conversation named, else the user. Equal names under two keys
    /// are two units. Nil when none is named.
    func unit(_ request: ChatCompletionRequest, key secret: [UInt8]) -> String? {
        guard let (kind, name) = named(request) else { return nil }
        return UnitHash.text(of: "\(key)\n\(kind)\n\(name)", key: secret)
    }

    private func named(_ request: ChatCompletionRequest) -> (kind: String, name: String)? {
        // An empty name names nothing, wherever it stands.
        if let conversation = [conversation, request.conversation].compactMap({ $0 }).first(where: { !$0.isEmpty }) {
            return ("conversation", conversation)
        }
        guard let user = request.user, !user.isEmpty else { return nil }
        return ("user", user)
    }
}
