/// One release of a model: `ticket-bot@r12`.
public struct ReleaseID: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The model.
    public let model: Name
    /// The number of the release within the model, from 1 on; never reused.
    public let number: Int

    /// The release `number` of `model`.
    public init(_ model: Name, _ number: Int) {
        self.model = model
        self.number = number
    }

    public var description: String { "\(model)@r\(number)" }
}
