import Artifacts
import Logging
import RegistryRecords
import RegistryTypes
import ReleaseRuntime

/// What experiments are told from outside.
struct ExperimentSettings: Sendable {
    /// Where samples are kept.
    let folder: DataFolder
    /// Requests that run side by side when no measured time decides.
    let workers: Int
    /// The build of serin, for reports.
    let build: String
    /// Draws a seed for a canary that names none.
    let drawSeed: @Sendable () -> UInt64
    /// What to leave the processor to.
    let live: LiveLoad
    let logger: Logger
}

/// What canaries and evaluations share.
struct ExperimentParts: Sendable {
    let ledger: Ledger
    let evidence: EvidenceStore
    let sets: TrafficSetFiles
    let choices: Releases
    let releases: LoadedReleases
    let progress: ProgressTracker
    let signal: WorkSignal
    let settings: ExperimentSettings
}

extension LoadedReleases {
    /// A release ready to answer, loaded when it is not.
    ///
    /// - Throws: ``ControlPlaneError``.
    func runtime(for release: ReleaseRecord, _ ledger: Ledger) async throws -> LoadedRelease {
        try await self.release(ledger.read { try ReleasePlan(release.content, of: release.id.model, in: $0) })
    }
}
