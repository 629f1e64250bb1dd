import Catalog
import Digests
import DriftAnalysis
import Logging
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import TrafficLog

/// The reference models: what scores the prompts of a channel, never the version under test.
extension ControlPlane {
    /// What the prompts of a channel are scored with, as the log says.
    private struct Choice: Sendable {
        let key: DriftAggregator.Key
        let epoch: DriftEpoch
        let plan: ReleasePlan?
    }

    /// Makes the referenceModels those of the newest references; without one, the oldest release that settled in a channel
    /// scores its prompts: it stays the same over promotions.
    func followReferenceModels() async {
        do {
            let found = try await read { state in
                try state.channels().map { channel in
                    (channel, try state.baseline(of: channel.model, channel: channel.channel))
                }
            }
            var referenceModels: [DriftAggregator.Key: DriftAggregator.ReferenceModel] = [:]
            for (channel, baseline) in found {
                guard let choice = try await choice(channel, baseline) else { continue }
                referenceModels[choice.key] = DriftAggregator.ReferenceModel(
                    epoch: choice.epoch,
                    name: try DriftAggregator.ReferenceModel.name(of: choice.epoch, channel.channel),
                    random: choice.epoch.features?.drawn(),
                    describer: await describer(choice)
                )
            }
            drift.use(referenceModels)
        } catch {
            logger.error("the reference models cannot be read", metadata: ["error": "\(error)"])
        }
    }

    private func choice(_ channel: ChannelRecord, _ baseline: DriftBaselineRecord?) async throws -> Choice? {
        let key = DriftAggregator.Key(model: channel.model, channel: channel.channel)
        let epoch = try baseline.map { try DriftReference(encoded: bytes(of: $0.reference)).summary.epoch }
        return try await read { state in
            let releases = try state.newestReleases(of: channel.model)
            let plans = releases.compactMap { try? ReleasePlan($0.content, of: channel.model, in: state) }
            if let epoch {
                return Choice(key: key, epoch: epoch, plan: plans.first { $0.weights.digest == epoch.referenceModel })
            }
            guard let first = try state.moves(channel.model, channel.channel, limit: 1000).last(where: \.settled),
                let release = releases.first(where: { $0.id.number == first.to }),
                let plan = try? ReleasePlan(release.content, of: channel.model, in: state)
            else { return nil }
            return Choice(key: key, epoch: DriftEpoch(referenceModel: plan.weights.digest), plan: plan)
        }
    }

    private func describer(_ choice: Choice) async -> PromptDescriber? {
        guard let plan = choice.plan else { return nil }
        if let known = drift.referenceModel(choice.key), known.epoch.referenceModel == choice.epoch.referenceModel,
            let describer = known.describer
        {
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
