public import RegistryTypes

/// A check that a policy asks for and that would fill one of its gates.
public struct MissingCheck: Hashable, Sendable, Codable {
    /// What is to be run.
    public enum Work: Hashable, Sendable, Codable {
        /// An evaluation of the release on a suite.
        case evaluation(suite: Name)
        /// A canary of the release against what is live, by this document; nil for the caller's choice.
        case canary(document: Name?, undecided: UndecidedCanary?)
    }

    /// A canary that found too little to say.
    public struct UndecidedCanary: Hashable, Sendable, Codable {
        /// The canary.
        public let id: CanaryID
        /// Requests in all that would probably decide.
        public let requestsNeeded: Int

        /// A canary that found too little to say.
        public init(id: CanaryID, requestsNeeded: Int) {
            self.id = id
            self.requestsNeeded = requestsNeeded
        }
    }

    /// The gate that it would fill.
    public let gate: Name
    /// What is to be run.
    public let work: Work
    /// The command that runs it.
    public let next: String

    /// A check that would fill a gate.
    public init(gate: Name, work: Work, next: String) {
        self.gate = gate
        self.work = work
        self.next = next
    }
}
