public import RegistryTypes

/// One request with its descriptors, for the explanation of which prompts are new.
public struct DescribedRequest: Sendable, Hashable {
    /// The request.
    public let request: RequestID
    /// What is known of it.
    public let descriptors: RequestDescriptors

    /// Makes the value from its fields.
    public init(request: RequestID, descriptors: RequestDescriptors) {
        self.request = request
        self.descriptors = descriptors
    }
}
