import Artifacts
import Catalog
import Digests
import RegistryRecords
import TrafficLog
public import Wording

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
    /// What to do, with a command line where there is one.
    public let next: Advice?
    /// Names near to one that was not found, at most three.
    public let near: [String]

    /// An error with all its parts.
    public init(_ kind: Kind, _ title: String, why: String? = nil, next: Advice? = nil, near: [String] = []) {
        self.kind = kind
        self.title = title
        self.why = why
        self.next = next
        self.near = near
    }

    /// A version that the engine here does not run, with every reason.
    static func cannotRun(_ version: VersionRecord) -> Self {
        let reasons = version.obstacles
        let isKept = version.quarantined == nil && !reasons.isEmpty
        let why = isKept ? reasons.joined(separator: "; ") : version.quarantined ?? version.smoke?.problem
        return ControlPlaneError(
            .badData,
            isKept ? "\(version.id) cannot be run here" : "\(version.id) cannot be loaded",
            why: why ?? "it was never run",
            next: version.quarantined == nil
                ? "\(.versionShow(version.id))" : "to try it again: \(.quarantineLift(.version(version.id)))"
        )
    }

    /// No thing of a sort has this name.
    static func notFound(_ sort: String, _ name: String, near: [String] = [], list: NextStep? = nil) -> Self {
        ControlPlaneError(.notFound, "no \(sort) \"\(name)\"", next: list.map { Advice($0) }, near: near)
    }
}

extension ControlPlaneError: CustomStringConvertible {
    public var description: String {
        ([title] + [why, next.map { "next: \($0)" }].compactMap { $0 }).joined(separator: "; ")
    }
}

/// What the errors of the stores mean to who asked.
extension ControlPlaneError {
    /// An error of the blob store.
    init(_ error: ArtifactsError) {
        self.init(Self.kind(of: error), error.description)
    }

    /// Bytes that the log names and the disk no longer holds as they were: nothing that who asks could send, unless `next` says
    /// how.
    static func lost(_ what: String, _ digest: Digest, _ error: ArtifactsError, next: Advice? = nil) -> Self {
        switch error {
        case .missing:
            ControlPlaneError(
                .badData,
                "\(what) (\(digest.short)) are not on disk",
                why: "they were removed, or were damaged and are in the folder trash",
                next: next.map { "put them back from a copy, or send them again: \($0)" } ?? "put them back from a copy"
            )
        case .damaged(_, let actual):
            ControlPlaneError(
                .badData,
                "\(what) (\(digest.short)) are damaged on disk",
                why: "they are \(actual.short) now, and were moved to the folder trash",
                next: next.map { "put them back from a copy, or send them again: \($0)" } ?? "put them back from a copy"
            )
        default: ControlPlaneError(error)
        }
    }

    /// An error of the log.
    init(_ error: CatalogError) {
        if case .notFound(let what, let name, let near) = error {
            self.init(.notFound, "no \(what) \"\(name)\"", near: near)
        } else if case .logLost(let loss) = error {
            self.init(
                .unavailable,
                loss.title,
                why: "nothing is changed on a log from which something is missed, until somebody decides",
                next: StoreNotices.next(loss)
            )
        } else {
            self.init(Self.kind(of: error), error.description)
        }
    }

    /// An error of traffic sets and samples.
    init(_ error: TrafficLogError) {
        self.init(Self.kind(of: error), error.description)
    }

    /// Whether the same thing may well go through later, without anybody changing what was asked.
    var isPassing: Bool { kind == .insufficientStorage || kind == .unavailable }

    private static func kind(of error: ArtifactsError) -> Kind {
        switch error {
        case .uploadInProgress, .incomplete: .conflict
        case .badSize, .tooManyBytes, .wrongDigest, .damaged, .tooLarge: .badData
        case .missing: .notFound
        case .diskFull, .tooMuchUnfinished: .insufficientStorage
        case .folderInUse, .foreignFolder, .readOnly, .symbolicLink, .notAFolder: .unavailable
        case .system: .internalFault
        }
    }

    private static func kind(of error: CatalogError) -> Kind {
        switch error {
        case .notFound: .notFound
        case .alreadyExists, .wrongNumber, .channelMoved, .headMoved, .canaryEnded, .rolloutEnded, .keyReused, .refused:
            .conflict
        case .badKey: .badRequest
        case .diskFull: .insufficientStorage
        case .busy, .closed, .logLost: .unavailable
        case .damaged, .newer, .notDurable, .storage: .internalFault
        }
    }

    private static func kind(of error: TrafficLogError) -> Kind {
        switch error {
        case .badLine, .duplicateID, .emptySet, .tooManyRequests, .noSamples: .badData
        case .otherRun, .contradiction, .tooManyLabels: .conflict
        case .diskFull, .noRoom, .tooManyTexts: .insufficientStorage
        case .badFilter, .manyModels: .badRequest
        case .noRequest: .notFound
        case .unreadable, .damaged, .damagedLog, .storage: .internalFault
        }
    }
}
