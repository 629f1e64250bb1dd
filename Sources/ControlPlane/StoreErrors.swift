import Artifacts
import Catalog
import TrafficLog

/// What the errors of the stores mean to who asked.
extension ControlPlaneError {
    /// An error of the blob store.
    init(_ error: ArtifactsError) {
        self.init(Self.kind(of: error), error.description)
    }

    /// An error of the log.
    init(_ error: CatalogError) {
        if case .notFound(let what, let name, let near) = error {
            self.init(.notFound, "no \(what) \"\(name)\"", near: near)
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
        case .diskFull: .insufficientStorage
        case .folderInUse, .foreignFolder, .symbolicLink, .notAFolder: .unavailable
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
        case .busy, .closed: .unavailable
        case .damaged, .newer, .notDurable, .storage: .internalFault
        }
    }

    private static func kind(of error: TrafficLogError) -> Kind {
        switch error {
        case .badLine, .duplicateID, .emptySet, .tooManyRequests: .badData
        case .otherRun, .contradiction: .conflict
        case .diskFull, .noRoom: .insufficientStorage
        case .badFilter, .manyModels: .badRequest
        case .noRequest: .notFound
        case .unreadable, .damaged, .damagedLog, .storage: .internalFault
        }
    }
}
