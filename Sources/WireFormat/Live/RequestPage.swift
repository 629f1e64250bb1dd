/// A part of the list of requests, newest first.
public struct RequestPage: Hashable, Sendable, Codable {
    /// The requests.
    public let items: [RequestRow]
    /// The id to pass as `before` for the next part; nil at the end.
    public let next: String?
    /// How the capture stands.
    public let capture: CaptureView

    /// Makes the value from its fields.
    public init(items: [RequestRow], next: String? = nil, capture: CaptureView) {
        self.items = items
        self.next = next
        self.capture = capture
    }
}
