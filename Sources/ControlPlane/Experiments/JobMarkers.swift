import DurableFiles
import Foundation
import RegistryTypes
import Wording

/// What is on disk while a job runs: `jobs/c-204` holds how many processes in a row began it and did not get on with it, so that a job that ends the
/// process is given up in the end. Without that it would be the first one after each start, for ever.
struct JobMarkers: Sendable {
    /// Processes that may end while they run a job.
    static let maxCrashes = 3

    private let folder: URL

    /// The markers of a data folder; the folder `jobs` is made when it is not there.
    init(folder: URL) throws {
        self.folder = folder.appending(path: "jobs", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(
            at: self.folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// Notes, durably, that this process begins a job.
    ///
    /// - Returns: How many processes in a row ended while they ran it.
    /// - Throws: ``ControlPlaneError``: without its marker a job does not run.
    func begin(_ job: JobID) throws -> Int {
        let text = try? String(contentsOf: url(job), encoding: .utf8)
        let crashes = text.flatMap { Int($0) } ?? 0
        do {
            try DurableFile.replace(url(job).path, with: Data("\(crashes + 1)".utf8))
        } catch {
            let isFull = error.isFull
            throw ControlPlaneError(
                isFull ? .insufficientStorage : .internalFault,
                "the marker of \(job) cannot be written to \(folder.path)",
                why: isFull ? "the disk is full" : "\(error)",
                next: "a job only runs with a marker on disk: free some space there"
            )
        }
        return crashes
    }

    /// Notes that a job got on, and keeps what it did: the end of this process is then not its doing. One that ends processes
    /// keeps nothing more, sooner or later, and is given up.
    func gotOn(_ job: JobID) { try? DurableFile.replace(url(job).path, with: Data("0".utf8)) }

    /// Forgets a job that ended or rests in an orderly way.
    func end(_ job: JobID) { try? FileManager.default.removeItem(at: url(job)) }

    private func url(_ job: JobID) -> URL { folder.appending(path: job.description) }
}
