import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// Weights of a server on this machine, for a verb that reads them beside a file: in a folder for each content, checked
/// against its digests each time, and bounded: those that were used longest ago make room.
struct WeightsCache {
    /// Where they are.
    let folder: String
    /// Bytes that are kept, unless one model alone has more.
    var limitBytes: Int64 = 16 << 30

    /// The path of the weights, or of the first file of a split model; the others are beside it.
    ///
    /// - Parameter download: brings a file that is not here to a path.
    /// - Throws: ``CommandsError``, what `download` throws.
    func path(of weights: WeightFiles, download: (ArtifactFile, String) async throws -> Void) async throws -> String {
        let own = folder.path(of: weights.digest.hexadecimal)
        do {
            try FileManager.default.createDirectory(
                atPath: own,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch { throw CommandsError.unwritable(path: own, problem: "cannot be made") }
        // Young from now on: another command that makes room at this moment takes an older one.
        utimensat(AT_FDCWD, own, nil, 0)
        try makeRoom(for: weights.sizeBytes, besides: own)
        for file in weights.files {
            // The name comes from a server: it is checked again here, so that nothing is written outside the folder.
            guard ArtifactFile.isValid(path: file.path) else { throw RegistryTypesError.badFileName(file.path) }
            let path = own.path(of: file.path.lastPathPart)
            if access(path, F_OK) == 0 {
                if try FileHashing.digest(of: path, progress: { _ in }).digest == file.digest { continue }
                unlink(path)
            }
            try await download(file, path)
        }
        return own.path(of: weights.path.lastPathPart)
    }

    /// Removes what was used longest ago until `sizeBytes` more are within the limit. A file that somebody reads stays
    /// readable until he lets go of it.
    private func makeRoom(for sizeBytes: Int64, besides own: String) throws(CommandsError) {
        var others: [(path: String, sizeBytes: Int64, usedAt: Int)] = []
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let path = folder.path(of: name)
            var status = stat()
            guard path != own, lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
            others.append((path, Self.bytes(in: path), status.st_mtim.tv_sec))
        }
        var total = others.reduce(sizeBytes) { $0 + $1.sizeBytes }
        for other in others.sorted(by: { ($0.usedAt, $0.path) < ($1.usedAt, $1.path) }) where total > limitBytes {
            do { try FileManager.default.removeItem(atPath: other.path) } catch {
                throw .unwritable(path: other.path, problem: "cannot be removed")
            }
            total -= other.sizeBytes
        }
    }

    private static func bytes(in folder: String) -> Int64 {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).reduce(0) { total, name in
            var status = stat()
            return lstat(folder.path(of: name), &status) == 0 ? total + Int64(status.st_size) : total
        }
    }
}

extension Session {
    /// The path at which the weights of a version of the server are on this machine.
    ///
    /// - Throws: `Problem`, ``CommandsError``; for a version without weights in GGUF too.
    func localWeights(_ version: VersionID) async throws -> String {
        let view: VersionView = try await client.get(APIPath.version(version))
        if let base = view.version.manifest.base {
            throw Problem(
                status: 422,
                title: "\(version) is an adapter over \(base.version): it is no model file by itself",
                next: "publish the file and compare two versions, or lay the adapter over a file: --adapter FILE",
                exit: Exit.badData.rawValue
            )
        }
        guard let weights = view.version.manifest.weights else {
            throw Problem(
                status: 422,
                title: "\(version) has no weights that can be read here",
                detail: view.version.obstacles.joined(separator: "; "),
                next: "\(NextStep.versionShow(version))",
                exit: Exit.badData.rawValue
            )
        }
        guard let cache = environment.cacheFolder else {
            throw CommandsError.unwritable(
                path: "weights of \(version)",
                problem: "there is no home folder to keep them in"
            )
        }
        work.set(.init(what: "files that are complete are kept", next: "run the same command again"))
        return try await WeightsCache(folder: cache + "/weights").path(of: weights) { try await download($0, to: $1) }
    }

    /// Downloads a file with its progress.
    ///
    /// - Throws: as ``BlobDownload/receive(_:progress:)``.
    func download(_ file: ArtifactFile, to path: String) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        var line = ProgressLine(file.path, mode: settings.progress, unit: .bytes, style: printer.talkStyle)
        try await BlobDownload(digest: file.digest, sizeBytes: file.sizeBytes, path: path).receive(client) { done in
            let seconds = start.duration(to: clock.now) / .seconds(1)
            Streams.talk(
                line.update(WorkProgress(done: Int(done), total: Int(file.sizeBytes), elapsedSeconds: seconds))
            )
        }
        Streams.talk(line.close())
        printer.talk("\(file.path)  \(NumberText.bytes(file.sizeBytes))")
    }
}
