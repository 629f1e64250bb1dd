import Digests
import DurableFiles
import Foundation
import RegistryTypes
import StrictJSON
import Wording

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
            try DurableFile.replace(url.path, with: CanonicalJSON.encode(marker))
        } catch {
            let isFull = (error as? FileError)?.isFull == true
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
            guard (try? Digest(name)) != nil,
                let marker = try? CanonicalJSON.decode(LoadMarker.self, from: Data(contentsOf: url))
            else {
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
        try DurableFile.move(loading.appending(path: name).path, to: quarantine.appending(path: name).path)
    }

    /// The load that killed the process, when these weights did.
    func quarantined(_ weights: Digest) -> LoadMarker? {
        guard let data = try? Data(contentsOf: quarantine.appending(path: weights.hexadecimal)) else { return nil }
        return try? CanonicalJSON.decode(LoadMarker.self, from: data)
    }
}
