public import RegistryTypes
import SQLiteFiles
public import TrafficFormats

/// What can go wrong with traffic sets and canary samples.
public enum TrafficLogError: Error, Equatable, Sendable {
    /// A line of a traffic set cannot be read.
    case badLine(number: Int, TrafficLineError)
    /// Two lines have the same id.
    case duplicateID(String, line: Int, firstLine: Int)
    /// A traffic set has no requests.
    case emptySet
    /// A traffic set has more requests than are taken.
    case tooManyRequests(limit: Int)
    /// A traffic set cannot be opened or read.
    case unreadable(path: String, why: String)
    /// The samples belong to another run: `field` of the file is `found`, not `expected`.
    case otherRun(path: String, field: String, expected: String, found: String)
    /// There are no samples where those of a run should be.
    case noSamples(path: String)
    /// A pair has samples of another request than before at its position.
    case contradiction(path: String, why: String)
    /// The file is no database, or not one of ours.
    case damaged(path: String, why: String)
    /// The disk has no room; nothing of the pair was kept.
    case diskFull(path: String)
    /// A filter that is not known, or cannot have that value.
    case badFilter(String, String, why: String)
    /// No day of the log holds this request.
    case noRequest(RequestID)
    /// A key said as much of one request as is kept.
    case tooManyLabels(RequestID, of: Name, limit: Int)
    /// A key left as many texts as it may on one day.
    case tooManyTexts(of: Name)
    /// Several models have captured requests, and none was named.
    case manyModels([Name])
    /// A file of captured requests or of roll-ups is no database, or not one of ours.
    case damagedLog(path: String, why: String)
    /// The disk has no room for captured requests or roll-ups; nothing of the batch was kept.
    case noRoom(path: String)
    /// SQLite failed in another way.
    case storage(path: String, why: String)
}

extension TrafficLogError {
    /// Whether a file cannot be read and another one may take its place: nobody else has it, and no newer build wrote it.
    public var isReplaceable: Bool {
        switch self {
        case .damaged(_, let why), .damagedLog(_, let why): why != Self.newerBuild
        case .storage(let path, let why): why != SQLiteFileError.busy(path: path).why
        case .unreadable, .contradiction, .otherRun: true
        case .noSamples, .badLine, .duplicateID, .emptySet, .tooManyRequests, .diskFull, .badFilter, .noRequest,
            .manyModels,
            .noRoom, .tooManyLabels, .tooManyTexts:
            false
        }
    }

    /// Whether the pages of a file are broken, or it is no database.
    var isDamage: Bool {
        guard case .damagedLog(_, let why) = self else { return false }
        return why != Self.newerBuild
    }

    /// Whether a file of samples is not what it should be, rather than that it cannot be had now.
    public var isAboutSamples: Bool {
        switch self {
        case .noSamples, .otherRun, .contradiction, .damaged: true
        default: false
        }
    }

    /// What is wrong with a file, without the file and what to do; the whole sentence for anything else.
    public var why: String {
        switch self {
        case .unreadable(_, let why), .contradiction(_, let why), .damaged(_, let why), .damagedLog(_, let why),
            .storage(_, let why):
            why
        case .badLine, .duplicateID, .emptySet, .tooManyRequests, .diskFull, .badFilter, .noRequest, .manyModels,
            .noRoom, .tooManyLabels, .tooManyTexts:
            description
        case .noSamples: "there are none"
        case .otherRun(_, let field, let expected, let found):
            "they are of another run (\(field) is \(found), not \(expected))"
        }
    }
}

extension TrafficLogError: CustomStringConvertible {
    /// What is wrong and what to do, in one line.
    public var description: String {
        switch self {
        case .badLine(let number, let error):
            "line \(number): \(error)"
        case .duplicateID(let id, let line, let firstLine):
            "line \(line): id \"\(id)\" is that of line \(firstLine) too: give each request an id of its own"
        case .emptySet:
            "the traffic set has no requests: write one JSON object per line"
        case .tooManyRequests(let limit):
            "the traffic set has more than \(limit) requests: select fewer"
        case .unreadable(let path, let why):
            "cannot read \(path): \(why)"
        case .otherRun(let path, let field, let expected, let found):
            "\(path) holds samples of another run (\(field) is \(found), not \(expected)): move the file away and start the canary again"
        case .noSamples(let path):
            "\(path) holds no samples: put it back from a copy, or run the canary again"
        case .contradiction(let path, let why):
            "\(path) contradicts the run (\(why)): move the file away and start the canary again"
        case .damaged(let path, let why):
            "\(path) is damaged (\(why)): move it away and start the canary again"
        case .diskFull(let path):
            "disk of \(path) is full: free some space; the canary goes on where it stopped"
        case .badFilter(let term, let value, let why):
            "filter \(TrafficLogError.shown(term))=\(TrafficLogError.shown(value)) is not understood: \(why)"
        case .noRequest(let id):
            "no captured request \(id): it was not kept, or its day is gone"
        case .tooManyLabels(let id, let key, let limit):
            "key \(key) labelled request \(id) \(limit) times, which is as often as is kept: its newest label stands"
        case .tooManyTexts(let key):
            "key \(key) left as many texts as a key may on one day: label without a comment and a correction, or tomorrow"
        case .manyModels(let models):
            "requests of \(models.map(\.text).joined(separator: ", ")) were captured: name one of them"
        case .damagedLog(let path, let why):
            "\(path) is damaged (\(why)): move it away; everything else is served"
        case .noRoom(let path):
            "disk of \(path) is full: free some space; what comes until then is dropped and counted"
        case .storage(let path, let why):
            "database \(path) failed: \(why)"
        }
    }
    /// At most 40 bytes of what a user wrote, without control characters.
    private static func shown(_ text: String) -> String {
        String(decoding: text.utf8.prefix(40).map { $0 < 0x20 || $0 == 0x7f ? 0x3f : $0 }, as: UTF8.self)
    }
}

extension TrafficLogError {
    /// What an error of a file of captured requests or of roll-ups means; an error of another kind is left as it is.
    static func ofLog(_ error: any Error, _ path: String) -> any Error {
        switch SQLiteFileError.translating(error, path: path) {
        case SQLiteFileError.full: TrafficLogError.noRoom(path: path)
        case SQLiteFileError.damaged(_, let why): TrafficLogError.damagedLog(path: path, why: why)
        case SQLiteFileError.newer: TrafficLogError.damagedLog(path: path, why: newerBuild)
        case let error as SQLiteFileError: TrafficLogError.storage(path: path, why: error.why)
        case let error: error
        }
    }

    /// What an error of a file of samples means; an error of another kind is left as it is.
    static func ofSamples(_ error: any Error, _ path: String) -> any Error {
        switch SQLiteFileError.translating(error, path: path) {
        case SQLiteFileError.full: TrafficLogError.diskFull(path: path)
        case SQLiteFileError.damaged(_, let why): TrafficLogError.damaged(path: path, why: why)
        case SQLiteFileError.newer: TrafficLogError.damaged(path: path, why: newerBuild)
        case SQLiteFileError.refused(_, let why): TrafficLogError.contradiction(path: path, why: why)
        case let error as SQLiteFileError: TrafficLogError.storage(path: path, why: error.why)
        case let error: error
        }
    }

    static let newerBuild = "a newer build of serin wrote it"
}
