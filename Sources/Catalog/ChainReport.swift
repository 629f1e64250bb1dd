public import Digests

/// What reading the whole log found.
public struct ChainReport: Hashable, Sendable {
    /// What is wrong with an event.
    public enum Fault: Hashable, Sendable {
        /// Events before it are gone.
        case gap(expected: Int)
        /// It does not continue the event before it.
        case previousDiffers
        /// Its content is not what was hashed.
        case contentChanged
        /// The log ends before an event that is known to have been written.
        case cutOff
        /// Its body cannot be read by this build.
        case unreadable(String)
    }

    /// Events that are as they were written, from the first on.
    public let intact: Int
    /// The hash of the last of them; all zero for none.
    public let head: Digest
    /// The first event that is not, and why; nil when the log is whole.
    public let firstBad: BadEvent?

    /// An event that is not as it was written.
    public struct BadEvent: Hashable, Sendable {
        /// Its number.
        public let seq: Int
        /// What is wrong with it.
        public let fault: Fault
    }

    /// Whether nothing is wrong.
    public var isIntact: Bool { firstBad == nil }
}

extension ChainReport.Fault: CustomStringConvertible {
    /// The fault in words.
    public var description: String {
        switch self {
        case .gap(let expected): "event \(expected) is missing before it"
        case .previousDiffers: "it does not continue the event before it"
        case .contentChanged: "its content is not what was written"
        case .cutOff: "the log ends before it"
        case .unreadable(let why): "its body cannot be read: \(why)"
        }
    }
}
