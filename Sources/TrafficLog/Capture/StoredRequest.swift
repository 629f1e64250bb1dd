public import Foundation
public import RegistryTypes

/// One request as the log holds it, without its texts.
public struct StoredRequest: Hashable, Sendable {
    /// What is known of it.
    public let record: RequestRecord
    /// What was said of it.
    public let label: LabelState
    /// Whether its texts can be read.
    public let body: BodyState
    /// What drift analysis measured of its texts; nil when it did not.
    public let descriptors: Data?
    /// The day whose file holds it.
    public let day: TrafficDay
    /// Its place in that file: later requests have greater numbers.
    public let sequence: Int64
}
