import Digests
import Foundation
import RegistryTypes

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
    func begin(_ marker: LoadMarker) throws {
        let url = loading.appending(path: marker.weights.hexadecimal)
        try CanonicalJSON.encode(marker).write(to: url)
        for path in [url.path, loading.path] {
            let descriptor = open(path, O_RDONLY)
            guard descriptor >= 0 else { continue }
            fsync(descriptor)
            close(descriptor)
        }
    }

    /// Removes the marker after the weights were loaded or refused in an orderly way.
    func end(_ weights: Digest) {
        try? FileManager.default.removeItem(at: loading.appending(path: weights.hexadecimal))
    }

    /// The loads that never came to an end; their weights are quarantined by this call.
    func takeUnfinished() -> [LoadMarker] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: loading.path)) ?? []
        return names.sorted().compactMap { name in
            let url = loading.appending(path: name)
            guard let data = try? Data(contentsOf: url),
                let marker = try? CanonicalJSON.decode(LoadMarker.self, from: data)
            else {
                try? FileManager.default.removeItem(at: url)
                return nil
            }
            let target = quarantine.appending(path: name)
            try? FileManager.default.removeItem(at: target)
            try? FileManager.default.moveItem(at: url, to: target)
            return marker
        }
    }

    /// The load that killed the process, when these weights did.
    func quarantined(_ weights: Digest) -> LoadMarker? {
        guard let data = try? Data(contentsOf: quarantine.appending(path: weights.hexadecimal)) else { return nil }
        return try? CanonicalJSON.decode(LoadMarker.self, from: data)
    }
}
