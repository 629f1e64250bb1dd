import Catalog
import Digests
import Foundation
import PolicyFiles
import RegistryTypes

/// What happens once, when the control plane takes over a folder.
extension ControlPlane {
    /// Who acts when no person does.
    static let systemActor = "serin"

    /// Records that loading these weights ended the process, and says so.
    static func quarantine(_ marker: LoadMarker, catalog: Catalog, now: Timestamp) async throws -> String {
        let what = marker.version?.description ?? "a version of \(marker.model) that was being published"
        let reason = "the server process ended while it loaded \(what) at \(marker.since)"
        if let version = marker.version {
            _ = try await catalog.append(actor: systemActor, time: now) { state in
                guard let record = try state.version(version), record.quarantined == nil else { return [] }
                return [.versionQuarantined(VersionQuarantined(id: version, reason: reason))]
            }
        }
        return "\(reason); it is quarantined and will not be loaded again"
    }

    /// Brings the policies that come with the binary into the log; a policy of the user's is never replaced.
    static func applyShippedPolicies(_ catalog: Catalog, now: Timestamp) async throws {
        let files = ShippedPolicies.files
        _ = try await catalog.append(actor: systemActor, time: now) { state in
            var events: [RegistryEvent] = []
            for file in files {
                for document in try Document.parse(file.text, file: file.name) {
                    guard case .policy(let policy) = document else { continue }
                    let newest = try state.document(.policy, policy.name)
                    let digest = try policy.digest()
                    guard newest.map({ $0.shipped && $0.digest != digest }) ?? true else { continue }
                    events.append(
                        .documentApplied(
                            DocumentApplied(
                                kind: .policy,
                                name: policy.name,
                                revision: (newest?.revision ?? 0) + 1,
                                digest: digest,
                                source: file.text,
                                shipped: true
                            )
                        )
                    )
                }
            }
            return events
        }
    }
}
