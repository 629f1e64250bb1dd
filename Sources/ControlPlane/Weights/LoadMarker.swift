import Digests
import Foundation
import RegistryTypes
import StrictJSON

/// What is on disk while weights are being loaded for the first time, so that a restart knows what killed the process.
struct LoadMarker: Codable, Equatable {
    /// The weights.
    let weights: Digest
    /// The version; nil while it is only being published.
    let version: VersionID?
    /// The model it belongs to.
    let model: Name
    /// When loading began.
    let since: Timestamp
}

/// The markers on disk: `loading/<digest>` while weights load, `quarantine/<digest>` when loading killed the process.
struct LoadMarkers: Sendable {
    private let loading: URL
    private let quarantine: URL

    /// The markers of a data folder; the two folders are made when they are not there.
    init(folder: URL) throws {
        loading = folder.appending(path: "loading", directoryHint: .isDirectory)
        quarantine = folder.appending(path: "quarantine", directoryHint: .isDirectory)
        for url in [loading, quarantine] {
            try FileManager.default.createDirectory(
                at: url,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        }
    }

    /// Writes the marker, durably, before the weights are touched.
    ///
    /// - Throws: ``ControlPlaneError``: without its marker, weights are not loaded.
    func begin(_ marker: LoadMarker) throws {
        let url = loading.appending(path: marker.weights.hexadecimal)
        do {
            try CanonicalJSON.encode(marker).write(to: url)
            try Self.sync(url)
            try Self.sync(loading)
        } catch {
            try? FileManager.default.removeItem(at: url)
            let isFull = (error as? CocoaError)?.code == .fileWriteOutOfSpace
            throw ControlPlaneError(
                isFull ? .insufficientStorage : .internalFault,
                "the marker of a load cannot be written to \(loading.path)",
                why: isFull ? "the disk is full" : "\(error)",
                next: "weights are only loaded with a marker on disk: free some space there, then repeat"
            )
        }
    }

    /// Removes the marker after the weights were loaded or refused in an orderly way.
    func end(_ weights: Digest) {
        try? FileManager.default.removeItem(at: loading.appending(path: weights.hexadecimal))
    }

    /// The loads that never came to an end.
    func unfinished() throws -> [LoadMarker] {
        try FileManager.default.contentsOfDirectory(atPath: loading.path).sorted().compactMap { name in
            let url = loading.appending(path: name)
            guard let marker = try? CanonicalJSON.decode(LoadMarker.self, from: Data(contentsOf: url)) else {
                // Half a marker: the weights were not touched yet.
                try FileManager.default.removeItem(at: url)
                return nil
            }
            return marker
        }
    }

    /// Moves the marker of an unfinished load to where its weights are refused.
    func quarantine(_ marker: LoadMarker) throws {
        let name = marker.weights.hexadecimal
        let target = quarantine.appending(path: name)
        if FileManager.default.fileExists(atPath: target.path) { try FileManager.default.removeItem(at: target) }
        try FileManager.default.moveItem(at: loading.appending(path: name), to: target)
        try Self.sync(quarantine)
        try Self.sync(loading)
    }

    /// The load that killed the process, when these weights did.
    func quarantined(_ weights: Digest) -> LoadMarker? {
        guard let data = try? Data(contentsOf: quarantine.appending(path: weights.hexadecimal)) else { return nil }
        return try? CanonicalJSON.decode(LoadMarker.self, from: data)
    }

    private static func sync(_ url: URL) throws {
        let descriptor = open(url.path, O_RDONLY)
        guard descriptor >= 0 else { throw CocoaError(.fileReadUnknown) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw CocoaError(errno == ENOSPC ? .fileWriteOutOfSpace : .fileWriteUnknown)
        }
    }
}
