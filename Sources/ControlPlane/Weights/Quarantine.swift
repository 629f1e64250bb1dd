import Catalog
import Digests
import RegistryRecords
import RegistryTypes
public import WireFormat
import Wording

/// Weights that ended the process too often while they loaded: which they are, and the way back.
public struct Quarantine: Sendable {
    let ledger: Ledger
    let markers: LoadMarkers
    let follower: LogFollower

    /// Everything that is not loaded any more, by the digest of its weights.
    public func list() async throws -> [QuarantineRow] {
        let markers = markers.quarantined()
        return try await ledger.read { state in
            try markers.map { marker in
                let versions = try state.versions(with: marker)
                let what = versions.first?.description ?? marker.model.map { "a version of \($0)" } ?? "a version"
                return QuarantineRow(
                    weights: marker.weights,
                    versions: versions,
                    model: versions.first?.name ?? marker.model,
                    reason: try versions.first.flatMap { try state.version($0)?.quarantined }
                        ?? "the server process ended \(LoadCrashRule.maxCrashes) times in a row while it loaded \(what)",
                    since: marker.since
                )
            }
        }
    }

    /// Lets weights be loaded again, and forgets how often they ended a process. What is live is tried at once.
    ///
    /// - Throws: ``ControlPlaneError``: `notFound` for a version that is not there, `conflict` for weights that did nothing,
    ///   `badRequest` for what is neither a version nor a digest, or without a reason.
    public func lift(_ request: LiftQuarantineRequest, by caller: Caller) async throws -> QuarantineRow {
        try caller.require(.liftQuarantine)
        let reason = try Remark.check(request.reason, called: "reason")
        let version = try Self.version(request.subject)
        let weights = try await weights(version, request.subject)
        return try await lift(weights, named: version, reason: reason, by: caller)
    }

    /// Lets the weights of a version be loaded again where they are quarantined.
    func liftIfNeeded(_ version: VersionID, reason: String, by caller: Caller) async throws {
        guard try await ledger.read(.usual, { try $0.version(version)?.quarantined }) != nil else { return }
        try caller.require(.liftQuarantine)
        _ = try await lift(await weights(version, version.description), named: version, reason: reason, by: caller)
    }

    private func lift(
        _ weights: Digest,
        named: VersionID?,
        reason: String,
        by caller: Caller
    ) async throws -> QuarantineRow {
        let marker = markers.quarantined(weights)
        let crashes = markers.crashes(of: weights)
        let asked = LoadMarker(
            weights: weights,
            version: named,
            model: named?.name,
            since: marker?.since ?? ledger.now()
        )
        let row = try await ledger.append(by: caller) { state -> Change<QuarantineRow> in
            let versions = try state.versions(with: asked)
            let quarantined = try versions.filter { try state.version($0)?.quarantined != nil }
            guard !quarantined.isEmpty || marker != nil || crashes > 0 else {
                throw ControlPlaneError(
                    .conflict,
                    "\(named?.description ?? weights.short) is not quarantined",
                    why: "nothing was noted of its weights",
                    next: "\(.quarantineList)"
                )
            }
            let row = QuarantineRow(
                weights: weights,
                versions: versions,
                model: versions.first?.name ?? marker?.model,
                reason: try quarantined.first.flatMap { try state.version($0)?.quarantined }
                    ?? "the server process ended while it loaded these weights",
                since: asked.since
            )
            let events = quarantined.map {
                RegistryEvent.quarantineLifted(QuarantineLifted(weights: weights, version: $0, reason: reason))
            }
            let unpublished = QuarantineLifted(weights: weights, version: nil, reason: reason)
            return Change(events.isEmpty ? [.quarantineLifted(unpublished)] : events, answer: row)
        }.answer
        // First the log, then the marker: a process that ends in between removes it at its next start.
        markers.lift(weights)
        await follower.catchUp()
        return row
    }

    private static func version(_ subject: String) throws -> VersionID? {
        if (try? Digest(subject)) != nil { return nil }
        guard let reference = try? Reference(subject), case .version(let number) = reference.selector else {
            throw ControlPlaneError(
                .badRequest,
                "\"\(subject)\" is neither a version nor a digest",
                next: "\(.quarantineList) names what is quarantined"
            )
        }
        return VersionID(reference.model, number)
    }

    private func weights(_ version: VersionID?, _ subject: String) async throws -> Digest {
        guard let version else { return try Digest(subject) }
        guard let weights = try await ledger.read(.usual, { try $0.requireVersion(version) }).manifest.weights else {
            throw ControlPlaneError(.notFound, "\(version) has no weights", next: "\(.versionShow(version))")
        }
        return weights.digest
    }
}
