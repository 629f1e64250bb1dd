/// What is kept: models with their versions and releases, prompts, documents, and the blobs they are made of.
public struct Registry: Sendable {
    /// Blobs on their way in and out.
    public let uploads: Uploads
    /// New versions.
    public let publishing: Publishing
    /// Models, versions and releases as people see them.
    public let models: Models
    /// What references mean.
    public let releases: Releases
    /// Prompts.
    public let prompts: Prompts
    /// Policies, canaries, SLOs and prompts as files.
    public let documents: Documents
}

/// Requests: frozen in sets, captured from applications, and made one at a time.
public struct Traffic: Sendable {
    /// Frozen sets.
    public let sets: TrafficSets
    /// What was captured.
    public let requests: CapturedRequests
    /// Single requests outside the gateway.
    public let answering: Answering
    /// Texts read token by token, by one model or by two.
    public let readings: Readings
}
