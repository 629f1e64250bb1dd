import Foundation
import GRDB
public import RegistryTypes

/// What the log holds.
extension TrafficStore {
    /// How each day stands, newest first. A day that cannot be read says why.
    ///
    /// - Throws: ``TrafficLogError/unreadable(path:why:)`` when the folder cannot be read.
    public func facts() async throws -> [DayFacts] {
        var facts: [DayFacts] = []
        for day in try days().reversed() { facts.append(await self.facts(of: day)) }
        return facts
    }

    /// A day whose files did not change since they were looked at is not opened again.
    private func facts(of day: TrafficDay) async -> DayFacts {
        let stamp = FileStamp(folder: folder, day: day)
        if let known = knownFacts(of: day, stamp) { return known }
        var tally = DayFile.Tally()
        var problem: String?
        do {
            if let file = try existingFile(of: day) { tally = try await file.tally() }
        } catch {
            problem = "\(error)"
        }
        let facts = DayFacts(
            day: day,
            requests: tally.requests,
            withTexts: tally.withTexts,
            labelled: tally.labelled,
            newest: tally.newest,
            bytes: stamp.bytes,
            problem: problem
        )
        if problem == nil { remember(facts, stamp) }
        return facts
    }

    // MARK: Lists

    /// The newest requests that fit, newest first.
    ///
    /// - Parameters:
    ///   - before: Only those before this one in that order: the last one of the part before.
    ///   - limit: At most so many.
    /// - Returns: The requests, and for each day that could not be read, why.
    public func list(
        _ filter: TrafficFilter = TrafficFilter(),
        before: RequestID? = nil,
        limit: Int = 50
    ) async throws -> (requests: [StoredRequest], problems: [TrafficDay: String]) {
        var found: [StoredRequest] = []
        var problems: [TrafficDay: String] = [:]
        var bound: (time: Timestamp, id: RequestID)?
        if let before {
            // A request whose day is gone still says when it came.
            let time = try? await request(before).record.time
            bound = (time ?? before.time, before)
        }
        for day in try days().reversed() where filter.allows(day) && found.count < limit {
            if let bound, day > TrafficDay(bound.time) { continue }
            do {
                guard let file = try existingFile(of: day) else { continue }
                found += try await file.list(filter, before: bound, limit: limit - found.count)
            } catch let error as TrafficLogError {
                problems[day] = error.description
            }
        }
        return (found, problems)
    }

    /// How many requests fit; days that cannot be read are left out.
    public func count(_ filter: TrafficFilter) async throws -> Int {
        var count = 0
        for day in try days() where filter.allows(day) {
            guard let file = try? existingFile(of: day) else { continue }
            count += (try? await file.count(filter)) ?? 0
        }
        return count
    }

    /// The models of which requests were captured, by name.
    public func models(_ filter: TrafficFilter = TrafficFilter()) async throws -> [Name] {
        var names: Set<Name> = []
        for day in try days() where filter.allows(day) {
            guard let file = try? existingFile(of: day) else { continue }
            names.formUnion((try? await file.models(filter)) ?? [])
        }
        return names.sorted()
    }

    /// Hands over every request that fits, oldest day first and each day in the order of its rows, in parts.
    ///
    /// - Parameters:
    ///   - after: For each day, the place of the last row that is not wanted again.
    ///   - body: Takes a part; throws to stop.
    /// - Returns: For each day that could not be read to its end, why.
    @discardableResult
    public func scan(
        _ filter: TrafficFilter = TrafficFilter(),
        after: [TrafficDay: Int64] = [:],
        _ body: ([StoredRequest]) async throws -> Void
    ) async throws -> [TrafficDay: String] {
        var problems: [TrafficDay: String] = [:]
        for day in try days() where filter.allows(day) {
            var last = after[day] ?? 0
            while true {
                let part: [StoredRequest]
                do {
                    guard let file = try existingFile(of: day) else { break }
                    part = try await file.scan(filter, after: last, limit: 2000)
                } catch let error as TrafficLogError {
                    problems[day] = error.description
                    break
                }
                guard let end = part.last?.sequence else { break }
                try await body(part)
                last = end
            }
        }
        return problems
    }

    // MARK: One request

    /// One request without its texts.
    ///
    /// - Throws: ``TrafficLogError/noRequest(_:)``.
    public func request(_ id: RequestID) async throws -> StoredRequest {
        try await find(id).request
    }

    /// All that is held of one request.
    ///
    /// - Throws: ``TrafficLogError/noRequest(_:)``.
    public func detail(_ id: RequestID) async throws -> RequestDetail {
        let (file, request) = try await find(id)
        let labels = try await file.labels(of: request.sequence, id: id)
        var line: BodyLine?
        var problem: String?
        if request.body.isStored {
            switch try await file.bodies([request.sequence])[request.sequence] {
            case .success(let found): line = found
            case .failure(let why): problem = why.why
            case nil: problem = "its row names no block"
            }
        } else if request.body == .lost {
            problem = "a crash or a damaged disk took its texts"
        } else if request.body == .tooLarge {
            let limit = request.record.outcome.isRefused ? CaptureQuota.refusedBytes : DayFile.bodyLimitBytes
            let what = request.record.outcome.isRefused ? "it was refused, and its" : "its"
            problem =
                "\(what) texts have more than \(limit) bytes, or its key left as many that day as a key may: they were not kept"
        }
        return RequestDetail(
            request: request,
            body: line?.body,
            marks: line?.marks ?? [:],
            labels: labels,
            problem: problem
        )
    }

    /// The file and the row of a request. It came on one day and ended there or on the next, or, where the clock
    /// stepped in between, on the nearest day on either side that has requests.
    func find(_ id: RequestID) async throws -> (file: DayFile, request: StoredRequest) {
        let day = TrafficDay(id.time)
        let next = day.adding(days: 1)
        let all = try days()
        let candidates = [day, next, all.first { $0 > next }, all.last { $0 < day }].compactMap(\.self)
        var failure: (any Error)?
        for day in candidates {
            do {
                guard let file = try existingFile(of: day), let request = try await file.request(id) else { continue }
                return (file, request)
            } catch {
                // Another day may have it; when none has, this is why.
                failure = failure ?? error
            }
        }
        throw failure ?? TrafficLogError.noRequest(id)
    }
}
