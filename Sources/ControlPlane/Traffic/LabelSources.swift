import RegistryTypes
import Synchronization
import TrafficLog

/// Which labels count, so that no single caller moves a level or a release with what it says of its own answers.
///
/// What a person or a service with a role says counts as it is: it was given that role to judge. What callers say counts
/// as far as it would without the one of them that says it most: of one caller alone nothing counts, and the level is
/// unknown until a second one, or somebody with a role, says something. Labels wait until then, for the day they were
/// given on; waiting ones are forgotten at a restart.
final class LabelSources: Sendable {
    /// A label with what it changes.
    struct Given: Sendable {
        let label: RequestLabel
        let change: LabelChange
    }

    /// What is said of the answers of one release on one day.
    private struct Statement: Hashable, Sendable {
        let model: Name
        let channel: Name?
        let release: Int
        let arm: TrafficArm
        let isCorrect: Bool?
        let isLiked: Bool?
    }

    private struct Source: Sendable {
        var given = 0
        var waiting: [Given] = []
    }

    private struct Sources: Sendable {
        var byKey: [Name: Source] = [:]
        var counted = 0
    }

    private struct State: Sendable {
        var day: Int64 = 0
        var statements: [Statement: Sources] = [:]
    }

    private let state = Mutex(State())
    /// Labels of one key that wait, at most; beyond, they are told apart by nothing but their number.
    private static let maxWaiting = 1000
    private static let daySeconds: Int64 = 86_400

    /// Takes a label in.
    ///
    /// - Parameters:
    ///   - given: The label; it says one thing that was not said before.
    ///   - isTrusted: Whether who gave it may label the answers of others.
    /// - Returns: The labels that count now: this one, ones that waited, or none.
    func take(_ given: Given, isTrusted: Bool) -> [Given] {
        if isTrusted { return [given] }
        let record = given.change.record
        let statement = Statement(
            model: record.model,
            channel: record.channel,
            release: record.release,
            arm: record.arm,
            isCorrect: given.label.isCorrect,
            isLiked: given.label.isLiked
        )
        return state.withLock { state in
            // A clock that goes back does not begin a day again.
            let day = max(state.day, given.label.at.seconds / Self.daySeconds)
            if day > state.day { state = State(day: day) }
            var sources = state.statements[statement] ?? Sources()
            defer { state.statements[statement] = sources }
            sources.byKey[given.label.by, default: Source()].given += 1
            if sources.byKey[given.label.by]?.waiting.count ?? 0 < Self.maxWaiting {
                sources.byKey[given.label.by]?.waiting.append(given)
            }
            return Self.release(&sources)
        }
    }

    /// Lets as many through as would have come without the key that says it most, its own last.
    private static func release(_ sources: inout Sources) -> [Given] {
        let largest = sources.byKey.max { ($0.value.given, $1.key) < ($1.value.given, $0.key) }
        let all = sources.byKey.values.reduce(0) { $0 + $1.given }
        var open = all - (largest?.value.given ?? 0) - sources.counted
        var released: [Given] = []
        let order = sources.byKey.keys.sorted().filter { $0 != largest?.key } + [largest?.key].compactMap(\.self)
        for key in order where open > 0 {
            let count = min(open, sources.byKey[key]?.waiting.count ?? 0)
            released += sources.byKey[key]?.waiting.prefix(count) ?? []
            sources.byKey[key]?.waiting.removeFirst(count)
            open -= count
        }
        sources.counted += released.count
        return released
    }
}
