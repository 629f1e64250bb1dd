import Foundation
import RegistryTypes
import TestSupport
import Testing
import TrafficLog

@Suite struct TrafficStoreTests {
    static func store(_ scratch: ScratchFolder) throws -> TrafficStore {
        try TrafficStore(folder: scratch.path + "/traffic")
    }

    @Test func whatIsStoredComesBack() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.store(scratch)
        let batch = try (0..<120).map { try Records.captured($0) }
        let result = try await store.append(batch)
        #expect(result.stored == 120)
        #expect(result.last == [Records.today: 120])

        let reopened = try Self.store(scratch)
        for number in [0, 49, 50, 119] {
            let detail = try await reopened.detail(Records.id(number))
            #expect(detail.request.record == batch[number].record)
            #expect(detail.request.descriptors == batch[number].descriptors)
            #expect(detail.body == batch[number].body?.body)
            #expect(detail.body?.variables["ticket"]?.utf8.contains(0x40) == false)
            #expect(detail.marks.keys.sorted() == ["EMAIL_1"])
            #expect(detail.problem == nil)
        }
        let facts = try await reopened.facts()
        #expect(facts.map(\.day) == [Records.today])
        #expect(facts[0].requests == 120)
        #expect(facts[0].withTexts == 120)
        #expect(facts[0].newest == batch[119].record.time)
        #expect(facts[0].bytes > 0)
    }

    @Test func oddNumbersAreNotKnownRatherThanWrong() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.store(scratch)
        let odd = try Records.record(1, totalSeconds: .nan)
        try await store.append([CapturedRequest(odd)])
        let stored = try await store.request(odd.id)
        #expect(stored.record.totalSeconds == 0)
        #expect(stored.body == .none)
        #expect(try await store.append([CapturedRequest(odd)]).stored == 0)
        #expect(try await store.count(TrafficFilter()) == 1)
    }

    @Test func policyAndSizeDecideOnTheTexts() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.store(scratch)
        let big = RequestBody(variables: ["ticket": String(repeating: "word ", count: 2 << 20)], answers: [])
        let call = ToolCall(id: "x", name: "f", arguments: "{\"a\": \"\u{1}\"}")
        let messages = RequestBody(
            messages: [
                ChatMessage(role: .user, text: "hello\u{1}\u{2028}"),
                ChatMessage(role: .assistant, text: "", thinking: "Hm\n", calls: [call]),
                ChatMessage(role: .tool, text: "42", answers: "x", name: "f"),
            ],
            answers: ["ok"],
            askedAt: Records.noon,
            thinking: ["\"so\""],
            calls: [[call], []],
            tools: "[{\"z\": 1}]",
            invalidBytes: 3
        )
        try await store.append([
            CapturedRequest(try Records.record(1), body: Records.redacted(big)),
            CapturedRequest(try Records.record(2), body: Records.redacted(messages)),
            CapturedRequest(try Records.record(3, capture: .metadata), body: Records.redacted(Records.body(3))),
        ])
        #expect(try await store.request(Records.id(1)).body == .tooLarge)
        #expect(try await store.detail(Records.id(1)).problem != nil)
        #expect(try await store.detail(Records.id(2)).body == messages)
        #expect(try await store.detail(Records.id(3)).body == nil)
        #expect(try await store.facts()[0].withTexts == 1)
        #expect(try await store.facts()[0].bytes < 1 << 20)
    }

    // MARK: Days

    @Test func aRequestIsFoundOnTheDayItEnded() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.store(scratch)
        let late = try Records.record(1, time: Records.noon.adding(seconds: 86_400))
        let stepped = try Records.record(2, time: Records.noon.adding(seconds: 40 * 86_400))
        // Of two days behind the step the nearer one is looked at.
        let back = try Records.record(3, time: Records.noon.adding(seconds: -3 * 86_400))
        try await store.append([late, stepped, back].map { CapturedRequest($0) })
        #expect(try store.days().map(\.description) == ["2026-11-18", "2026-11-22", "2026-12-31"])
        for record in [late, stepped, back] { #expect(try await store.request(record.id).record == record) }
        await #expect(throws: TrafficLogError.noRequest(Records.id(9))) { try await store.request(Records.id(9)) }
    }

    @Test func aDayIsDroppedByItsFilesAndNeverToday() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.store(scratch)
        for day in -3...1 { try await store.append([try Records.captured(1, day: day)]) }
        let today = Records.today
        #expect(try store.removeDays(before: today.adding(days: -1), today: today).count == 2)
        #expect(try store.days() == [today.adding(days: -1), today, today.adding(days: 1)])
        // A clock far ahead asks for everything: its own day stays, and what lies later.
        #expect(try store.removeDays(before: today.adding(days: 40), today: today) == [today.adding(days: -1)])
        #expect(try store.days() == [today, today.adding(days: 1)])
        let names = try FileManager.default.contentsOfDirectory(atPath: store.folder)
        #expect(names.allSatisfy { $0.hasPrefix("2026-11-21") || $0.hasPrefix("2026-11-22") })
        await #expect(throws: TrafficLogError.self) { try await store.request(Records.id(1, day: -1)) }
        try await store.append([try Records.captured(2, day: -2)])
        #expect(try await store.detail(Records.id(2, day: -2)).body == Records.redacted(Records.body(2)).body)
    }

    @Test(arguments: ["2026-11-21", "1969-12-31", "2024-02-29", "0001-01-01"])
    func daysAreWrittenAsTheyAreRead(_ text: String) throws {
        let day = try #require(TrafficDay(text))
        #expect(day.description == text)
        #expect(TrafficDay(day.start) == day)
        #expect(TrafficDay(day.start.adding(seconds: 86_399.999)) == day)
        #expect(TrafficDay(day.start.adding(seconds: -0.001)) == day.adding(days: -1))
    }

    @Test(arguments: ["2026-11-31", "2026-1-1", "", "2026-11-21x", "../../etc/x", "2026-11-21T"])
    func otherTextsAreNoDays(_ text: String) {
        #expect(TrafficDay(text) == nil)
    }

    // MARK: Lists

    @Test func listsAreNewestFirstAndGoOnWhereTheyStopped() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.store(scratch)
        var ids: [RequestID] = []
        for day in 0..<3 {
            let batch = try (0..<40).map { try Records.captured($0, day: day) }
            try await store.append(batch)
            ids += batch.map(\.record.id)
        }
        // It came on the first day and ended on the last: it stands among those.
        let long = try Records.record(50, time: Records.id(10, day: 2).time.adding(seconds: 0.5))
        try await store.append([CapturedRequest(long)])
        var expected = Array(ids.reversed())
        expected.insert(long.id, at: 29)

        var found: [RequestID] = []
        var before: RequestID?
        while true {
            let page = try await store.list(before: before, limit: 7)
            #expect(page.problems.isEmpty)
            found += page.requests.map(\.record.id)
            guard page.requests.count == 7 else { break }
            before = page.requests.last?.record.id
        }
        #expect(found == expected)
    }

    @Test func filtersChoose() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.store(scratch)
        try await store.append([
            CapturedRequest(try Records.record(1)),
            CapturedRequest(try Records.record(2, release: 13, arm: .holdback)),
            CapturedRequest(try Records.record(3, model: "other")),
            CapturedRequest(try Records.record(4, source: .replay)),
            CapturedRequest(try Records.record(5, outcome: .clientGone)),
            CapturedRequest(try Records.record(6, day: 1)),
        ])
        func numbers(_ terms: [(String, String)], _ change: (inout TrafficFilter) -> Void = { _ in }) async throws
            -> [Int]
        {
            var filter = TrafficFilter()
            for (term, value) in terms { try filter.set(term, to: value) }
            change(&filter)
            let all = (1...6).map { (Records.id($0, day: $0 == 6 ? 1 : 0), $0) }
            let found = try await store.list(filter).requests.map(\.record.id)
            #expect(try await store.count(filter) == found.count)
            return all.filter { found.contains($0.0) }.map(\.1)
        }
        #expect(try await numbers([]) == [1, 2, 3, 4, 5, 6])
        #expect(try await numbers([("release", "r13")]) == [2])
        #expect(try await numbers([("release", "13"), ("arm", "holdback"), ("version", "v7")]) == [2])
        #expect(try await numbers([("source", "replay")]) == [4])
        #expect(try await numbers([("outcome", "clientGone")]) == [5])
        #expect(try await numbers([("key", "shop"), ("channel", "production"), ("valid", "no")]) == [])
        #expect(try await numbers([("labelled", "no")]) == [1, 2, 3, 4, 5, 6])
        #expect(try await numbers([]) { $0.model = try? Name("other") } == [3])
        #expect(try await numbers([]) { $0.since = Records.id(5).time } == [5, 6])
        #expect(try await numbers([]) { $0.until = Records.id(5).time } == [1, 2, 3, 4])
        #expect(try await store.models().map(\.text) == ["other", "ticket-bot"])

        for (term, value) in [
            ("color", "red"), ("arm", "left"), ("release", "r"), ("release", "12x"),
            ("release", "99999999999999999999"),
            ("labelled", "maybe"), ("key", "UPPER"), ("outcome", ""), ("release", "-1"),
        ] {
            var filter = TrafficFilter()
            #expect(throws: TrafficLogError.self) { try filter.set(term, to: value) }
            #expect(filter == TrafficFilter())
        }
    }

    @Test func scansHandOverEveryRowOnceInOrder() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.store(scratch)
        for day in 0..<2 {
            try await store.append(try (0..<2500).map { CapturedRequest(try Records.record($0, day: day)) })
        }
        var found: [RequestID] = []
        var parts = 0
        try await store.scan { part in
            parts += 1
            found += part.map(\.record.id)
        }
        #expect(found == (0..<2).flatMap { day in (0..<2500).map { Records.id($0, day: day) } })
        #expect(parts == 4)
        var rest = 0
        try await store.scan(after: [Records.today: 2400, Records.today.adding(days: 1): 2500]) { rest += $0.count }
        #expect(rest == 100)
    }

    // MARK: Labels

    @Test func ofEachKeyTheNewestLabelCounts() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.store(scratch)
        try await store.append(try (0..<3).map { try Records.captured($0) })
        func add(_ label: RequestLabel) async throws -> LabelChange {
            var redactor = try await store.redactor(for: label.request, key: Records.key)
            return try await store.add(redactor.redact(label), isOfRole: true)
        }
        let first = try await add(try Records.label(1, isCorrect: false, isLiked: false, at: 10))
        #expect(first.before == .none)
        #expect(first.after == LabelState(isCorrect: false, isLiked: false))
        #expect(first.record == (try Records.record(1)))
        // Another key says nothing of the thumb: the first one's stays.
        let second = try await add(try Records.label(1, isCorrect: true, by: "desk", at: 20))
        #expect(second.before == first.after)
        #expect(second.after == LabelState(isCorrect: true, isLiked: false))
        // The first key takes everything back but a thumb.
        let third = try await add(try Records.label(1, isLiked: true, at: 30))
        #expect(third.after == LabelState(isCorrect: true, isLiked: true))
        let detail = try await store.detail(Records.id(1))
        #expect(detail.labels.map(\.isCorrect) == [nil, true, false])
        #expect(detail.request.label == third.after)
        var filter = TrafficFilter()
        filter.isLabelled = true
        #expect(try await store.list(filter).requests.map(\.record.id) == [Records.id(1)])
        #expect(try await store.facts()[0].labelled == 1)
        #expect(try await store.facts()[0].requests == 3)
        await #expect(throws: TrafficLogError.noRequest(Records.id(7))) { try await add(try Records.label(7)) }
    }

    @Test func aCorrectionSaysWhetherTheAnswerWasRight() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.store(scratch)
        try await store.append(try (0..<3).map { try Records.captured($0) })
        for (number, correction, isCorrect) in [
            (0, "{\"order\":\"45000\"}", true), (1, "{\"order\":null}", false),
        ] {
            var redactor = try await store.redactor(for: Records.id(number), key: Records.key)
            let change = try await store.add(
                redactor.redact(try Records.label(number, correction: correction)),
                isOfRole: true
            )
            #expect(change.after == LabelState(isCorrect: isCorrect, correction: correction))
        }
        // The same address has the number that it has in the ticket, on whatever day it is said.
        var redactor = try await store.redactor(for: Records.id(2), key: Records.key)
        let label = redactor.redact(try Records.label(2, correction: "new@example.com or USER2@example.com"))
        #expect(label.label.correction == "<EMAIL_2> or <EMAIL_1>")
    }
}
