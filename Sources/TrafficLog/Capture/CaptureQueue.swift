import DequeModule
public import Foundation
import LongWork
public import RegistryTypes
import Synchronization

/// Takes requests off the path of their answers: `offer` never waits, and what the memory or the disk has no room for
/// is dropped and counted. ``run()`` redacts and stores what is offered, in batches.
public final class CaptureQueue: Sendable {
    /// Measures the texts of a request for drift analysis, before they are redacted; what it returns is stored.
    public typealias Describe = @Sendable (RequestRecord, RequestBody) async -> Data?

    private struct Item {
        let record: RequestRecord
        let body: RequestBody?
        let bytes: Int
    }

    private struct State {
        private var items: Deque<Item> = []
        var counters = CaptureCounters()
        var isUrgent = false
        var isClosed = false
        var isRunning = false
        /// Requests taken from the queue and not yet written.
        var writing = 0
        /// Requests ever added, and those of them that are stored or dropped: the queue keeps their order.
        private(set) var added = 0
        private var finished = 0
        /// Who waits for the requests up to a number.
        private var flushes: [(last: Int, continuation: CheckedContinuation<Void, Never>)] = []

        /// Requests that nobody took yet.
        var waiting: Int { items.count }

        mutating func add(_ item: Item) {
            items.append(item)
            added += 1
        }

        /// Whether a loop that ends has more to do; when not, nobody may add anything.
        mutating func goesOn() -> Bool {
            if waiting > 0 { return true }
            isRunning = false
            isClosed = true
            return false
        }

        /// Remembers who waits for the requests up to number `last`; false when these are finished already.
        mutating func wait(_ continuation: CheckedContinuation<Void, Never>, last: Int) -> Bool {
            guard finished < last else { return false }
            flushes.append((last, continuation))
            isUrgent = true
            return true
        }

        /// Notes that the next requests are finished, and returns those who waited for them and nothing later.
        mutating func finish(_ count: Int) -> [CheckedContinuation<Void, Never>] {
            finished += count
            let done = flushes.filter { $0.last <= finished }.map(\.continuation)
            flushes.removeAll { $0.last <= finished }
            isUrgent = isClosed || !flushes.isEmpty
            return done
        }

        /// Takes the next requests, in their order.
        mutating func next(_ count: Int) -> [Item] {
            let next = Array(items.prefix(count))
            items.removeFirst(next.count)
            // A rush of requests must not hold its memory for ever.
            if items.isEmpty { items = [] }
            return next
        }
    }

    /// Where requests are stored.
    public let store: TrafficStore
    private let key: [UInt8]
    private let limits: CaptureLimits
    private let describe: Describe
    private let quota: Mutex<CaptureQuota>
    private let state = Mutex(State())
    private let signals: AsyncStream<Void>
    private let signaller: AsyncStream<Void>.Continuation

    /// A queue in front of `store`.
    ///
    /// - Parameters:
    ///   - key: A secret of the server, for the marks of placeholders; the same at every start.
    ///   - describe: Measures texts before they are redacted.
    public init(
        store: TrafficStore,
        key: [UInt8],
        limits: CaptureLimits = CaptureLimits(),
        describe: @escaping Describe = { _, _ in nil }
    ) {
        self.store = store
        self.key = key
        self.limits = limits
        self.describe = describe
        quota = Mutex(CaptureQuota(limitBytes: limits.bytesOfKey))
        (signals, signaller) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// How the capture went so far.
    public var counters: CaptureCounters {
        state.withLock { state in
            var counters = state.counters
            counters.waiting = state.waiting + state.writing
            return counters
        }
    }

    /// Keys whose texts of today are not kept any more, because they have what a key may leave on the disk.
    public var fullKeys: [Name] { quota.withLock { $0.full.sorted { $0.text < $1.text } } }

    // MARK: Taking

    /// Takes a request; its texts only when its policy keeps them. Returns at once.
    ///
    /// - Returns: False when it was dropped.
    @discardableResult
    public func offer(_ record: RequestRecord, _ body: RequestBody?) -> Bool {
        guard record.capture != .off else { return true }
        let kept = record.capture == .redacted ? body : nil
        let bytes = kept.map(Self.size) ?? 0
        let (isTaken, mustSignal) = state.withLock { state in
            state.counters.offered += 1
            guard !state.isClosed else {
                state.counters.dropped[.closed, default: 0] += 1
                return (false, false)
            }
            guard state.waiting < limits.requests, state.counters.waitingBytes + bytes <= limits.bytes else {
                state.counters.dropped[.queueFull, default: 0] += 1
                return (false, false)
            }
            state.add(Item(record: record, body: kept, bytes: bytes))
            state.counters.waitingBytes += bytes
            return (true, state.waiting == 1)
        }
        if mustSignal { signaller.yield() }
        return isTaken
    }

    private static func size(_ body: RequestBody) -> Int {
        var bytes = body.answers.reduce(0) { $0 + $1.utf8.count }
        for (name, text) in body.variables { bytes += name.utf8.count + text.utf8.count }
        for message in body.messages ?? [] { bytes += message.byteCount }
        for thinking in body.thinking ?? [] { bytes += thinking.utf8.count }
        for call in (body.calls ?? []).joined() { bytes += call.name.utf8.count + call.arguments.utf8.count }
        bytes += (body.tools?.utf8.count ?? 0) + (body.reason?.utf8.count ?? 0)
        return bytes + 8 * (body.answerTokens?.count ?? 0)
    }

    // MARK: Storing

    /// Stores what is offered until the task is cancelled or ``close()`` was called, then the rest.
    public func run() async {
        state.withLock { $0.isRunning = true }
        for await _ in signals {
            while case let count = state.withLock({ $0.waiting }), count > 0 {
                if count < limits.batch { await waitForMore() }
                await storeBatch()
            }
        }
        while state.withLock({ $0.goesOn() }) { await storeBatch() }
    }

    /// Takes no more requests; ``run()`` stores those that wait and returns.
    public func close() {
        state.withLock { state in
            state.isClosed = true
            state.isUrgent = true
        }
        signaller.finish()
    }

    /// Returns when everything that was offered before is stored or dropped.
    public func flush() async {
        let (last, isRunning) = state.withLock { ($0.added, $0.isRunning) }
        if !isRunning {
            while state.withLock({ $0.waiting }) > 0 { await storeBatch() }
        }
        await withCheckedContinuation { continuation in
            guard state.withLock({ $0.wait(continuation, last: last) }) else { return continuation.resume() }
            signaller.yield()
        }
    }

    /// Adds a label to a request, also to one that is still waiting here.
    ///
    /// - Parameters:
    ///   - isOfRole: Whether who gave it may label the answers of others.
    ///   - isSame: Whether an answer is what the correction says.
    /// - Throws: ``TrafficLogError/noRequest(_:)`` when it was not captured.
    public func label(
        _ label: RequestLabel,
        isOfRole: Bool,
        isSame: @Sendable (_ answer: String, _ correction: String) -> Bool = { Array($0.utf8) == Array($1.utf8) }
    ) async throws -> LabelChange {
        // Before anything is read: a text that is not kept costs no more than this.
        guard label.byteCount == 0 || quota.withLock({ $0.take(label.byteCount, of: label.by, at: label.at) }) else {
            throw TrafficLogError.tooManyTexts(of: label.by)
        }
        let before: Redactor
        do {
            before = try await store.redactor(for: label.request, key: key)
        } catch TrafficLogError.noRequest {
            await flush()
            before = try await store.redactor(for: label.request, key: key)
        }
        let redacted = await LongWork.run(bytes: label.byteCount) {
            var redactor = before
            return redactor.redact(label)
        }
        return try await store.add(redacted, isOfRole: isOfRole, isSame: isSame)
    }

    /// Lets a batch fill, in short steps so that nobody who flushes waits for long.
    private func waitForMore() async {
        let step = min(20, limits.delayMilliseconds)
        var waited = 0
        while waited < limits.delayMilliseconds, !Task.isCancelled {
            let isEnough = state.withLock { $0.isUrgent || $0.waiting >= limits.batch }
            if isEnough { return }
            try? await Task.sleep(for: .milliseconds(step))
            waited += step
        }
    }

    private func storeBatch() async {
        let items = state.withLock { state in
            let items = state.next(limits.batch)
            state.writing += items.count
            return items
        }
        guard !items.isEmpty else { return }
        // A task of its own, waited for here: a server that stops must not leave half of what was answered unwritten.
        let (stored, drop, error) = await Task { await self.store(items) }.value
        let flushes = state.withLock { state in
            state.writing -= items.count
            state.counters.waitingBytes -= items.reduce(0) { $0 + $1.bytes }
            state.counters.stored += stored
            state.counters.standing = drop
            if let drop { state.counters.dropped[drop, default: 0] += items.count - stored }
            if let error { state.counters.lastError = error }
            return state.finish(items.count)
        }
        for flush in flushes { flush.resume() }
    }

    private func store(_ items: [Item]) async -> (stored: Int, drop: CaptureCounters.Drop?, error: String?) {
        var days: [TrafficDay: [CapturedRequest]] = [:]
        for item in items {
            var descriptors: Data?
            var redacted: RedactedBody?
            let isTooLarge =
                item.bytes > DayFile.bodyLimitBytes
                || item.body != nil && !quota.withLock { $0.take(item.bytes, of: item.record) }
            if let body = item.body {
                descriptors = await describe(item.record, body)
                if !isTooLarge {
                    // Of small texts a batch has many: together they are no small work.
                    redacted = await LongWork.run { [key] in
                        var redactor = Redactor(key: key)
                        return redactor.redact(body)
                    }
                }
            }
            days[TrafficDay(item.record.time), default: []].append(
                CapturedRequest(item.record, body: redacted, descriptors: descriptors, isTooLarge: isTooLarge)
            )
        }
        var stored = 0
        var drop: CaptureCounters.Drop?
        var failure: String?
        for (_, requests) in days.sorted(by: { $0.key < $1.key }) {
            do {
                try await store.append(requests)
                stored += requests.count
            } catch {
                drop = .error
                if case TrafficLogError.noRoom = error { drop = .diskFull }
                failure = "\(error)"
            }
        }
        return (stored, drop, failure)
    }
}

extension RequestLabel {
    fileprivate var byteCount: Int { (correction?.utf8.count ?? 0) + (comment?.utf8.count ?? 0) }
}

/// How the capture went since the server started.
public struct CaptureCounters: Hashable, Sendable {
    /// Why a request was not stored.
    public enum Drop: String, Sendable, CaseIterable {
        /// Too many requests or bytes were waiting.
        case queueFull = "queue full"
        /// The disk had no room.
        case diskFull = "disk full"
        /// The file could not be written for another reason.
        case error
        /// The server was stopping.
        case closed
    }

    /// Requests offered, without those whose policy keeps nothing.
    public var offered = 0
    /// Of those, the ones on disk.
    public var stored = 0
    /// Of those, the ones that were not stored, by reason.
    public var dropped: [Drop: Int] = [:]
    /// Requests that wait.
    public var waiting = 0
    /// Bytes of the texts that wait.
    public var waitingBytes = 0
    /// Why the newest batch was not stored; nil when it was.
    public var standing: Drop?
    /// The last error of a file; nil when there was none.
    public var lastError: String?

    /// Nothing happened yet.
    public init() {}
}

/// How much the capture holds in memory and how long it waits.
public struct CaptureLimits: Hashable, Sendable {
    /// The most requests that wait.
    public var requests: Int
    /// The most bytes of texts that wait.
    public var bytes: Int
    /// The most requests in one write.
    public var batch: Int
    /// How long a request waits for others to be written with, in milliseconds.
    public var delayMilliseconds: Int
    /// The most bytes of texts that are kept of one key on one day.
    public var bytesOfKey: Int

    /// Limits; each at least 1.
    public init(
        requests: Int = 20_000,
        bytes: Int = 64 << 20,
        batch: Int = 200,
        delayMilliseconds: Int = 250,
        bytesOfKey: Int = 2 << 30
    ) {
        self.bytesOfKey = max(1, bytesOfKey)
        self.requests = max(1, requests)
        self.bytes = max(1, bytes)
        self.batch = max(1, batch)
        self.delayMilliseconds = max(1, delayMilliseconds)
    }
}
