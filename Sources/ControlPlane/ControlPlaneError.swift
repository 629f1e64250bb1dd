/// Why the control plane did not do what was asked: which thing, what is wrong, what to do.
///
/// HTTP statuses and exit codes are chosen at the edge, from ``kind``.
public struct ControlPlaneError: Error, Equatable, Sendable {
    /// What sort of trouble it is.
    public enum Kind: String, Sendable, CaseIterable {
        /// The request itself makes no sense.
        case badRequest
        /// The role does not allow it.
        case notAllowed
        /// No such thing.
        case notFound
        /// It exists already, is in use, or changed meanwhile.
        case conflict
        /// What was sent is invalid or damaged.
        case badData
        /// The disk is full.
        case insufficientStorage
        /// There is too little data to say.
        case inconclusive
        /// It cannot be done now.
        case unavailable
        /// A fault of serin.
        case internalFault
    }

    /// What sort of trouble it is.
    public let kind: Kind
    /// What is wrong, in one lower-case line that names the thing.
    public let title: String
    /// Why, when that is not plain.
    public let why: String?
    /// What to do, a command where there is one.
    public let next: String?
    /// Names near to one that was not found, at most three.
    public let near: [String]

    /// An error with all its parts.
    public init(_ kind: Kind, _ title: String, why: String? = nil, next: String? = nil, near: [String] = []) {
        self.kind = kind
        self.title = title
        self.why = why
        self.next = next
        self.near = near
    }

    /// No thing of a sort has this name.
    static func notFound(_ sort: String, _ name: String, near: [String] = [], list: String? = nil) -> Self {
        ControlPlaneError(.notFound, "no \(sort) \"\(name)\"", next: list, near: near)
    }
}

extension ControlPlaneError: CustomStringConvertible {
    public var description: String {
        ([title] + [why, next.map { "next: \($0)" }].compactMap { $0 }).joined(separator: "; ")
    }
}
