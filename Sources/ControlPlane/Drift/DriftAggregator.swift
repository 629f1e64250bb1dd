import Digests
import DriftAnalysis
import Foundation
import LongWork
import RegistryTypes
import ReleaseRuntime
import Statistics
import StrictJSON
import Synchronization
import TrafficLog

/// Measures the texts of requests for drift, off the path of their answers and before they are redacted: numbers and
/// words of fixed lists, no text; and sums them up by minute.
final class DriftAggregator: Sendable {
    /// What requests of a channel are measured with.
    struct ReferenceModel: Sendable {
        /// What must be equal for summaries to be added.
        let epoch: DriftEpoch
        /// The epoch in few letters, as roll-ups name it.
        let name: String
        /// The random features, drawn once.
        let random: RandomFeatures?
        /// Scores prompts under the reference model; nil when it is not loaded.
        let describer: PromptDescriber?

        /// What an epoch of a channel is called.
        static func name(of epoch: DriftEpoch, _ channel: Name) throws -> String {
            "\(channel)/\(try Digest(of: CanonicalJSON.encode(epoch, as: .foundation)).hexadecimal.prefix(16))"
        }
    }

    /// A channel of a model.
    struct Key: Hashable, Sendable {
        let model: Name
        let channel: Name
    }

    private struct Cell: Hashable {
        let model: Name
        let release: Int
        let epoch: String
        let minute: Int64
    }

    private struct State {
        var referenceModels: [Key: ReferenceModel] = [:]
        var cells: [Cell: DriftAnalysis.DriftSummary] = [:]
        /// Before this moment no prompt is scored.
        var nextScore: ContinuousClock.Instant?
    }

    private let live: ForegroundLoad
    private let state = Mutex(State())
    /// Time between two scored prompts, as a multiple of what the last one took: a sample is enough, the processor
    /// belongs to live requests, and requests wait behind it to be written.
    private static let pauseFactor = 9.0
    /// The least time between two scored prompts.
    private static let minPause = Duration.milliseconds(50)

    init(live: ForegroundLoad) { self.live = live }

    /// Says what the requests of a channel are measured with from now on.
    func use(_ referenceModels: [Key: ReferenceModel]) { state.withLock { $0.referenceModels = referenceModels } }

    /// What the requests of a channel are measured with; nil before anything settled there.
    func referenceModel(_ key: Key) -> ReferenceModel? { state.withLock { $0.referenceModels[key] } }

    /// What a request is for drift analysis; nil when it says nothing.
    func describe(_ record: RequestRecord, _ body: RequestBody) async -> Data? {
        guard record.source == .user, let channel = record.channel else { return nil }
        // What was refused before it was read has no text that is of the traffic.
        if record.outcome == .rejected, body.variables.isEmpty, body.messages == nil { return nil }
        let referenceModel = referenceModel(Key(model: record.model, channel: channel))
        var prompt: PromptReading?
        var isScored = false
        if let describer = referenceModel?.describer, mayScore() {
            isScored = true
            let start = ContinuousClock.now
            defer { scored(since: start) }
            let text = RequestDescriptors.input(of: body)
            if let found = try? await describer.describe(text, yieldingTo: live), let mean = found.meanNLL {
                prompt = PromptReading(
                    meanNLL: mean,
                    windowNLL: found.worstWindowNLL ?? mean,
                    embedding: found.embedding
                )
            }
        }
        // A prompt that is left out of the sample is no missing measurement; one that cannot be scored is.
        let descriptors = await LongWork.run { [prompt, isScored] in
            RequestDescriptors(record: record, body: body, prompt: prompt, isScored: isScored)
        }
        if let referenceModel {
            let cell = Cell(
                model: record.model,
                release: record.release,
                epoch: referenceModel.name,
                minute: record.time.seconds / 60
            )
            state.withLock { state in
                state.cells[cell, default: DriftAnalysis.DriftSummary(epoch: referenceModel.epoch)]
                    .add(descriptors, random: referenceModel.random)
            }
        }
        return descriptors.encoded()
    }

    /// Counts what somebody said of an answer, in the minute in which it counted.
    func label(_ counted: CountedLabel) {
        let record = counted.record
        guard record.source == .user, let channel = record.channel,
            let referenceModel = referenceModel(Key(model: record.model, channel: channel))
        else { return }
        let cell = Cell(
            model: record.model,
            release: record.release,
            epoch: referenceModel.name,
            minute: counted.label.at.seconds / 60
        )
        state.withLock { state in
            state.cells[cell, default: DriftAnalysis.DriftSummary(epoch: referenceModel.epoch)]
                .addLabel(isCorrect: (counted.label.isCorrect, nil), isLiked: (counted.label.isLiked, nil))
        }
    }

    /// Takes what was summed up since the last time, to be written.
    func take() -> [DriftRollup] {
        let cells = state.withLock { state in
            defer { state.cells = [:] }
            return state.cells
        }
        return cells.map { cell, summary in
            DriftRollup(
                model: cell.model,
                release: cell.release,
                epoch: cell.epoch,
                start: cell.minute * 60,
                summary: summary.encoded()
            )
        }
    }

    /// Puts back what could not be written. What no longer fits is left out: it is on disk with its request.
    func putBack(_ summaries: [DriftRollup]) {
        state.withLock { state in
            for stored in summaries {
                let cell = Cell(
                    model: stored.model,
                    release: stored.release,
                    epoch: stored.epoch,
                    minute: stored.start / 60
                )
                guard var summary = try? DriftAnalysis.DriftSummary(encoded: stored.summary) else { continue }
                if let newer = state.cells[cell] { try? summary.merge(newer) }
                state.cells[cell] = summary
            }
        }
    }

    private func mayScore() -> Bool {
        state.withLock { state in state.nextScore.map { $0 <= .now } ?? true }
    }

    private func scored(since start: ContinuousClock.Instant) {
        let now = ContinuousClock.now
        state.withLock { $0.nextScore = now.advanced(by: max(Self.minPause, (now - start) * Self.pauseFactor)) }
    }
}
