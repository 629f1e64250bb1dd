import DriftAnalysis
import Logging
import RegistryRecords
import RegistryTypes
import ReleaseRuntime

/// The reference models: what scores the prompts of a channel, never the version under test.
struct ReferenceModels: Sendable {
    let aggregator: DriftAggregator
    let evidence: EvidenceStore
    let releases: LoadedReleases
    let logger: Logger

    /// Makes the reference models those of the newest references; without one, the oldest release that settled in a
    /// channel scores its prompts.
    func follow(_ state: ServingState) async {
        do {
            var models: [DriftAggregator.Key: DriftAggregator.ReferenceModel] = [:]
            for channel in state.channels {
                let key = DriftAggregator.Key(model: channel.record.model, channel: channel.record.channel)
                guard let epoch = try epoch(of: channel) else { continue }
                models[key] = DriftAggregator.ReferenceModel(
                    epoch: epoch,
                    name: try DriftAggregator.ReferenceModel.name(of: epoch, key.channel),
                    random: epoch.features?.drawn(),
                    describer: await describer(channel.referenceModel, known: aggregator.referenceModel(key))
                )
            }
            aggregator.use(models)
        } catch {
            logger.error("the reference models cannot be read", metadata: ["error": "\(error)"])
        }
    }

    /// What the prompts of a channel are measured with; nil before anything settled there.
    private func epoch(of channel: ServedChannel) throws -> DriftEpoch? {
        if let baseline = channel.baseline {
            return try DriftReference(encoded: evidence.bytes(of: baseline.reference)).summary.epoch
        }
        return channel.referenceModel.map { DriftEpoch(referenceModel: $0.weights.digest) }
    }

    private func describer(_ plan: ReleasePlan?, known: DriftAggregator.ReferenceModel?) async -> PromptDescriber? {
        guard let plan else { return nil }
        if let known, known.epoch.referenceModel == plan.weights.digest, let describer = known.describer {
            return describer
        }
        do {
            return try PromptDescriber(try await releases.release(plan).weights)
        } catch {
            logger.warning(
                "prompts are not scored: the reference model cannot be loaded",
                metadata: ["version": "\(plan.version)", "error": "\(error)"]
            )
            return nil
        }
    }
}
