public import RegistryTypes

/// A file of requests, whoever wrote it: what it is, what was taken of it and what not. Nothing is taken of a file of which
/// one line is wrong.
public struct TrafficFile: Sendable {
    /// What the file is.
    public let format: TrafficFormat
    /// Its requests, in its order, each with an id of its own.
    public let requests: [TrafficRequest]
    /// What stood in it and is in no request, by its name.
    public let notTaken: [String: Int]

    /// Reads a whole file.
    ///
    /// - Throws: ``TrafficFileError`` with every wrong line.
    public init(_ bytes: [UInt8]) throws(TrafficFileError) {
        var reading = try TrafficFileReading(bytes)
        try reading.run()
        format = reading.format
        notTaken = reading.output.notTaken
        requests = try reading.finished()
    }
}

/// Why a file is no traffic set: each wrong line, the first ones in words.
public struct TrafficFileError: Error, Equatable, Sendable {
    /// What is wrong, and where.
    public struct Problem: Equatable, Sendable {
        /// Where it is, such as `line 3` or `item 3`; empty for the whole file.
        public let place: String
        /// What is wrong.
        public let text: String
    }

    /// The wrong lines that are told: the first ones.
    public static let shown = 20

    /// What the file was taken for; nil where nobody can say.
    public let format: TrafficFormat?
    /// The first ``shown`` of what is wrong.
    public let problems: [Problem]
    /// How many lines are wrong.
    public let count: Int
    /// How many were looked at.
    public let records: Int

    init(_ format: TrafficFormat?, _ text: String, at place: String = "") {
        self.format = format
        problems = [Problem(place: place, text: text)]
        count = 1
        records = 1
    }

    init(_ format: TrafficFormat?, _ problems: [Problem], count: Int, records: Int) {
        self.format = format
        self.problems = problems
        self.count = count
        self.records = records
    }
}

extension TrafficFileError: CustomStringConvertible {
    /// What is wrong, each line with what to do.
    public var description: String {
        let first = problems.first.map { $0.place.isEmpty ? $0.text : "\($0.place): \($0.text)" } ?? "nothing is known"
        guard count > 1 else { return first }
        return "\(count) of \(records) lines are wrong, and nothing was taken; the first is \(first)"
    }

    /// The wrong lines after the first, as far as they are told.
    public var others: [String] {
        let told = problems.dropFirst().map { "\($0.place): \($0.text)" }
        return count > problems.count ? told + ["and \(count - problems.count) more"] : told
    }
}
