import Catalog
import RegistryTypes
import StrictJSON

/// All that makes a request to move a channel the same request: a key used for another channel is not a retry.
struct MoveKey<Request: Encodable>: Encodable {
    private let verb: String
    private let model: Name
    private let channel: Name
    private let request: Request

    init(_ verb: String, _ model: Name, _ channel: Name, _ request: Request) {
        self.verb = verb
        self.model = model
        self.channel = channel
        self.request = request
    }

    /// The key under which the request is answered once; nil when the caller sent none.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badRequest`.
    func idempotencyKey(_ text: String?) throws -> IdempotencyKey? {
        guard let text else { return nil }
        do {
            // In the first form always: a retry after an upgrade is the same request.
            return try IdempotencyKey(text, for: CanonicalJSON.encode(self, as: .foundation))
        } catch let error as CatalogError {
            throw ControlPlaneError(error)
        }
    }
}
