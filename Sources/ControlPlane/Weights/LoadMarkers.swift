import Digests
import DurableFiles
import Foundation
import RegistryTypes
import StrictJSON
import Wording

/// What is on disk while weights are being loaded, so that a restart knows what the process was at when it ended.
struct LoadMarker: Codable, Equatable {
    /// The weights.
    let weights: Digest
    /// The version; nil while it is only being published.
    let version: VersionID?
    /// The model it belongs to; nil in a marker that was made on a full disk, which has a name and no content.
    let model: Name?
    /// When loading began.
    let since: Timestamp
}

/// The markers on disk. What tells them apart is their names: on a full disk nothing else can be written, and a file can
/// still be renamed.
///
/// | name | while |
/// | --- | --- |
/// | `loading/DIGEST`, `loading/DIGEST.2` | the weights load, after so many processes in a row that ended while they did |
/// | `crashed/DIGEST.2` | they are tried again, alone |
/// | `quarantine/DIGEST` | they are not loaded any more |
struct LoadMarkers: Sendable {
    /// A load that never came to an end.
    struct Unfinished: Equatable {
        let marker: LoadMarker
        /// Processes in a row that ended while they loaded these weights, with this one.
        let crashes: Int
        fileprivate let name: String
    }

    private let loading: URL
    private let crashed: URL
    private let quarantine: URL

    /// The markers of a data folder; the folders are made when they are not there.
    init(folder: URL) throws {
        loading = folder.appending(path: "loading", directoryHint: .isDirectory)
        crashed = folder.appending(path: "crashed", directoryHint: .isDirectory)
        quarantine = folder.appending(path: "quarantine", directoryHint: .isDirectory)
        for url in [loading, crashed, quarantine] {
            try FileManager.default.createDirectory(
                at: url,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        }
    }

    /// Writes the marker, durably, before the weights are touched.
    ///
    /// On a disk without room for its content the name alone is the marker, and where not even that can be made there is
    /// none: that production answers is worth more than to know what a crash came from.
    /// - Throws: ``ControlPlaneError``: on a disk with room, weights without a marker are not loaded.
    func begin(_ marker: LoadMarker) throws {
        let crashes = crashes(of: marker.weights)
        if crashes > 0 {
            let name = Self.name(marker.weights, crashes)
            if (try? DurableFile.move(crashed.path(of: name), to: loading.path(of: name))) != nil {
                // When it began this time; a full disk keeps the time before.
                if let content = try? CanonicalJSON.encode(marker) {
                    try? DurableFile.replace(loading.path(of: name), with: content)
                }
                return
            }
        }
        let path = loading.path(of: Self.name(marker.weights, crashes))
        do {
            try DurableFile.replace(path, with: CanonicalJSON.encode(marker))
        } catch {
            // What is no file is no marker, and in the way of one: production answers rather than wait for who put it there.
            if let file = FileStatus(path: path), !file.isRegularFile { return }
            guard (error as? FileError)?.isFull == true else {
                throw ControlPlaneError(
                    .internalFault,
                    "the marker of a load cannot be written to \(loading.path)",
                    why: "\(error)",
                    next: "weights are only loaded with a marker on disk"
                )
            }
            let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            if descriptor >= 0 { close(descriptor) }
        }
    }

    /// Removes the marker after the weights were loaded or refused in an orderly way: what ended processes before was not
    /// their doing.
    func end(_ weights: Digest) {
        for folder in [loading, crashed] { forget(weights, in: folder) }
    }

    /// The loads that never came to an end, by the digests of their weights.
    func unfinished() throws -> [Unfinished] {
        try names(in: loading).filter { isFile(loading.path(of: $0)) }.compactMap { name in
            guard let (weights, crashes) = Self.parts(of: name), isWhole(loading.path(of: name)) else {
                // Half a marker, or half a name: the weights were not touched yet.
                try FileManager.default.removeItem(at: loading.appending(path: name))
                return nil
            }
            return Unfinished(marker: marker(weights, at: loading.path(of: name)), crashes: crashes + 1, name: name)
        }
    }

    /// Notes that a load ended the process: its weights are tried again.
    func noteCrash(_ load: Unfinished) throws {
        let name = Self.name(load.marker.weights, load.crashes)
        try DurableFile.move(loading.path(of: load.name), to: crashed.path(of: name))
    }

    /// Moves the marker of an unfinished load to where its weights are refused.
    func quarantine(_ load: Unfinished) throws {
        let name = load.marker.weights.hexadecimal
        try DurableFile.move(loading.path(of: load.name), to: quarantine.path(of: name))
    }

    /// How many processes in a row ended while they loaded these weights.
    func crashes(of weights: Digest) -> Int {
        names(in: crashed).filter { isFile(crashed.path(of: $0)) }.compactMap(Self.parts)
            .filter { $0.weights == weights }.map(\.crashes).max() ?? 0
    }

    /// The load that ended the process, when these weights are refused.
    func quarantined(_ weights: Digest) -> LoadMarker? {
        let path = quarantine.path(of: weights.hexadecimal)
        return isFile(path) ? marker(weights, at: path) : nil
    }

    /// All weights that are refused, by digest.
    func quarantined() -> [LoadMarker] {
        names(in: quarantine).compactMap { name in (try? Digest(name)).flatMap(quarantined) }
    }

    /// Forgets what these weights did: they are loaded like any others.
    ///
    /// - Returns: Whether there was anything to forget.
    @discardableResult
    func lift(_ weights: Digest) -> Bool {
        [quarantine, crashed].map { forget(weights, in: $0) }.contains(true)
    }

    // MARK: Names

    private static func name(_ weights: Digest, _ crashes: Int) -> String {
        weights.hexadecimal + (crashes > 0 ? ".\(crashes)" : "")
    }

    private static func parts(of name: String) -> (weights: Digest, crashes: Int)? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard let first = parts.first, let weights = try? Digest(String(first)) else { return nil }
        if parts.count == 1 { return (weights, 0) }
        // More are no count of ours, and one more must be a number too.
        guard parts.count == 2, let crashes = Int(parts[1]), (1...1_000_000).contains(crashes) else { return nil }
        return (weights, crashes)
    }

    private func names(in folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    @discardableResult
    private func forget(_ weights: Digest, in folder: URL) -> Bool {
        let found = names(in: folder).filter { Self.parts(of: $0)?.weights == weights }
        for name in found { unlink(folder.path(of: name)) }
        return !found.isEmpty
    }

    /// Whether something is a file: a folder or a pipe of that name is no marker of ours.
    private func isFile(_ path: String) -> Bool { FileStatus(path: path)?.isRegularFile == true }

    /// Whether a marker can be read; one without content is its name.
    private func isWhole(_ path: String) -> Bool {
        guard let data = FileManager.default.contents(atPath: path), !data.isEmpty else { return true }
        return (try? CanonicalJSON.decode(LoadMarker.self, from: data)) != nil
    }

    /// What a marker says; of one without content, its name and when it was made.
    private func marker(_ weights: Digest, at path: String) -> LoadMarker {
        if let data = FileManager.default.contents(atPath: path),
            let marker = try? CanonicalJSON.decode(LoadMarker.self, from: data), marker.weights == weights
        {
            return marker
        }
        var status = stat()
        stat(path, &status)
        let since = Timestamp(milliseconds: Int64(status.modifiedSeconds) * 1000)
        return LoadMarker(weights: weights, version: nil, model: nil, since: since)
    }
}

extension URL {
    fileprivate func path(of name: String) -> String { path + (path.utf8.last == 0x2f ? "" : "/") + name }
}

extension stat {
    #if os(Linux)
        fileprivate var modifiedSeconds: Int { st_mtim.tv_sec }
    #else
        fileprivate var modifiedSeconds: Int { st_mtimespec.tv_sec }
    #endif
}
