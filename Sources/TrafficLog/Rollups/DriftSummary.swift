public import Foundation
public import RegistryTypes

/// What drift analysis knows of the requests of a release within a minute or an hour.
public struct DriftRollup: Hashable, Sendable {
    /// The length of a fine summary, in seconds.
    public static let fineSeconds = 60
    /// The length of a coarse summary, in seconds.
    public static let coarseSeconds = 3600

    /// The model.
    public let model: Name
    /// The number of the release.
    public let release: Int
    /// Which descriptors and which reference model it was measured with: only summaries of one epoch are comparable.
    public let epoch: String
    /// When it starts, in seconds since 1970, a multiple of ``seconds``.
    public let start: Int64
    /// How long it is: 60 or 3,600 seconds.
    public let seconds: Int
    /// The summary, as the caller encodes it.
    public let summary: Data

    /// A summary.
    public init(model: Name, release: Int, epoch: String, start: Int64, seconds: Int = fineSeconds, summary: Data) {
        self.model = model
        self.release = release
        self.epoch = epoch
        self.start = start
        self.seconds = seconds
        self.summary = summary
    }
}
