import DriftAnalysis
import Foundation
import RegistryTypes
import Statistics
import TrafficLog

/// What drift analysis takes from captured requests as they are read: counts by minute, and a sample of single requests
/// for the explanation. However long the window is, it holds no more than that in memory.
struct DriftScan {
    /// The numbers of the releases that answered.
    private(set) var releases: Set<Int> = []
    private let epoch: DriftEpoch
    private let random: RandomFeatures?
    private var minutes: [Int64: (start: Timestamp, summary: DriftAnalysis.DriftSummary)] = [:]
    private var sample: [DescribedRequest] = []
    /// Of requests with an embedding, one in this many is in the sample.
    private var step = 1
    private var embedded = 0

    /// A scan with the features of `epoch`.
    init(epoch: DriftEpoch) {
        self.epoch = epoch
        random = epoch.features?.drawn()
    }

    /// Takes a part of the log.
    mutating func add(_ rows: [StoredRequest]) {
        for row in rows {
            var descriptors =
                row.descriptors.flatMap { try? RequestDescriptors(encoded: $0) }
                ?? RequestDescriptors(record: row.record, input: nil)
            // Of labels those that count, and of answers the release's own.
            if row.record.showsRelease {
                descriptors.setLabel(isCorrect: row.counted.isCorrect, isLiked: row.counted.isLiked)
            }
            releases.insert(row.record.release)
            let time = row.record.time
            // A minute begins with its first request where the window cuts it.
            var minute =
                minutes[time.seconds / 60] ?? (start: time, summary: DriftAnalysis.DriftSummary(epoch: epoch))
            minute.start = min(minute.start, time)
            minute.summary.add(descriptors, random: random)
            minutes[time.seconds / 60] = minute
            if descriptors.embedding != nil {
                keep(DescribedRequest(request: row.record.id, descriptors: descriptors))
            }
        }
    }

    /// The counts by minute.
    func summaries() -> [DriftInterval] {
        minutes.keys.sorted().compactMap { key in
            minutes[key].map { DriftInterval(at: $0.start, summary: $0.summary) }
        }
    }

    /// All of it as one summary.
    func total() throws(DriftError) -> DriftAnalysis.DriftSummary {
        var sum = DriftAnalysis.DriftSummary(epoch: epoch)
        for minute in minutes.values { try sum.merge(minute.summary) }
        return sum
    }

    /// At most `count` requests with embeddings, spread evenly over the window so that no part of it counts more.
    func rows(atMost count: Int) -> [DescribedRequest] {
        let taken = min(sample.count, count)
        return (0..<taken).map { sample[$0 * sample.count / taken] }
    }

    /// Keeps one request in `step`, and thins the sample out when it has grown to twice what is needed.
    private mutating func keep(_ row: DescribedRequest) {
        defer { embedded += 1 }
        guard embedded.isMultiple(of: step) else { return }
        sample.append(row)
        guard sample.count >= 2 * DriftReference.maxEmbeddings else { return }
        sample = stride(from: 0, to: sample.count, by: 2).map { sample[$0] }
        step *= 2
    }
}
