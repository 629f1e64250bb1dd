import Artifacts

extension ControlPlaneError {
    /// What an error of the blob store means to who asked.
    init(_ error: ArtifactsError) {
        self.init(Self.kind(of: error), error.description)
    }

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
}
