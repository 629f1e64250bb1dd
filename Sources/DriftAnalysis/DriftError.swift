public import RegistryRecords

/// Why drift cannot be measured.
public enum DriftError: Error, Equatable, Sendable {
    /// A window has too few requests to say anything.
    case tooLittleData(what: String, requests: Int, needed: Int)
    /// A reference that is learned is not complete.
    case stillLearning(DriftReport.Progress)
    /// Two summaries were scored by different reference models, or with other random features.
    case differentEpochs
    /// Stored bytes are not what was written.
    case damaged(what: String, why: String)
    /// Stored bytes are of a newer build.
    case newer(what: String, version: Int)
}

extension DriftError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLittleData(let what, let requests, let needed):
            "the \(what) has \(requests) requests and needs at least \(needed): choose a longer window, or wait"
        case .stillLearning(let progress):
            "the reference is still being learned: \(progress.requests) of \(progress.wantedRequests) requests, "
                + "day \(progress.days) of \(progress.wantedDays); wait, or choose a window with drift baseline set"
        case .differentEpochs:
            "the two summaries were scored by different reference models and cannot be added: set a new baseline"
        case .damaged(let what, let why):
            "the stored \(what) is damaged (\(why)): restore it from a backup, or set a new baseline"
        case .newer(let what, let version):
            "the stored \(what) has version \(version), which this build cannot read: run the build that wrote it"
        }
    }
}
