public import RegistryRecords
public import RegistryTypes
import SQLiteFiles

/// What can go wrong with the log and its projections.
public enum CatalogError: Error, Equatable, Sendable {
    /// Nothing has this name; up to three names that may have been meant.
    case notFound(what: String, name: String, near: [String])
    /// The name or the content is taken.
    case alreadyExists(what: String, name: String)
    /// A number was given that is not the next one.
    case wrongNumber(what: String, given: Int, next: Int)
    /// A channel does not point where the command thought; nil means to nothing.
    case channelMoved(model: Name, channel: Name, expected: Int?, actual: Int?)
    /// The log grew since the command's author looked.
    case headMoved(expected: Int, actual: Int)
    /// A canary that has ended was to be ended again.
    case canaryEnded(CanaryID, state: CanaryState)
    /// A rollout that has ended was to be ended again.
    case rolloutEnded(RolloutID, state: RolloutState)
    /// An idempotency key was used before, for something else.
    case keyReused(String)
    /// The text cannot be an idempotency key.
    case badKey(String)
    /// The schema refused a change.
    case refused(String)
    /// The disk has no room for the change; nothing of it was kept.
    case diskFull(path: String)
    /// Another program holds the database locked.
    case busy(path: String)
    /// The file is no database, or its content contradicts itself.
    case damaged(path: String, why: String)
    /// Events that were acknowledged are missed: nothing is added to the log until somebody accepts that.
    case logLost(LogLoss)
    /// A newer build wrote the file.
    case newer(path: String)
    /// The database does not sync its commits.
    case notDurable(path: String, synchronous: Int)
    /// The catalog was closed.
    case closed
    /// SQLite failed in another way.
    case storage(path: String, why: String)
}

extension CatalogError: CustomStringConvertible {
    /// What is wrong and what to do, in one line.
    public var description: String {
        switch self {
        case .notFound(let what, let name, let near):
            near.isEmpty
                ? "\(what) \"\(name)\" does not exist: list what there is, then use one of those"
                : "\(what) \"\(name)\" does not exist: did you mean \(near.joined(separator: ", "))?"
        case .alreadyExists(let what, let name):
            "\(what) \(name) exists already and never changes: use another name, or the one that exists"
        case .wrongNumber(let what, let given, let next):
            "\(what) \(given) cannot be added: the next number is \(next)"
        case .channelMoved(let model, let channel, let expected, let actual):
            "channel \(model)@\(channel) points to \(Self.release(actual)), not to \(Self.release(expected)): somebody moved it; look again, then decide"
        case .headMoved(let expected, let actual):
            "the log is at event \(actual), not at \(expected): read again, then repeat"
        case .canaryEnded(let id, let state):
            "canary \(id) is \(state.rawValue) and cannot end again: start a new one"
        case .rolloutEnded(let id, let state):
            "rollout \(id) is \(state.rawValue) and cannot end again: look at what is live now"
        case .keyReused(let key):
            "idempotency key \"\(key)\" was used for another request: use a new key for each request"
        case .badKey(let key):
            "\"\(String(decoding: key.utf8.prefix(40), as: UTF8.self))\" cannot be an idempotency key: use 1 to 200 printable ASCII characters"
        case .refused(let why):
            "the registry refused the change: \(why)"
        case .diskFull(let path):
            "disk of \(path) is full, the change was not made: free some space, then repeat"
        case .busy(let path):
            "\(path) is locked by another program: close it (sqlite3 shells too), then repeat"
        case .damaged(let path, let why):
            "\(path) is damaged (\(why)): restore it from a backup"
        case .logLost(let loss):
            "\(loss.title): nothing is changed until the end of the log is put back from a copy, or accepted as it is"
        case .newer(let path):
            "\(path) was written by a newer build of serin: run that build, or a newer one"
        case .notDurable(let path, let synchronous):
            "\(path) runs with synchronous=\(synchronous) instead of 2 (FULL): refusing to acknowledge changes that a power cut could lose"
        case .closed:
            "the catalog is closed: the server is shutting down; repeat after its restart"
        case .storage(let path, let why):
            "database \(path) failed: \(why)"
        }
    }

    private static func release(_ number: Int?) -> String { number.map { "r\($0)" } ?? "no release" }
}

extension CatalogError {
    /// Why an event was not replayed: a disk that takes no more, or gives an error, says nothing of the log.
    static func unreplayable(_ seq: Int, _ error: any Error, path: String) -> CatalogError {
        switch translating(error, path: path) {
        case CatalogError.diskFull: .diskFull(path: path)
        case CatalogError.busy: .busy(path: path)
        case CatalogError.storage(_, let why): .storage(path: path, why: why)
        default: .damaged(path: path, why: "event \(seq) cannot be replayed: \(error)")
        }
    }

    /// SQLite's error as one of ours; any other error as it is.
    static func translating(_ error: any Error, path: String) -> any Error {
        guard let error = SQLiteFileError.translating(error, path: path) as? SQLiteFileError else { return error }
        return switch error {
        case .full: CatalogError.diskFull(path: path)
        case .busy: CatalogError.busy(path: path)
        case .damaged(_, let why): CatalogError.damaged(path: path, why: why)
        case .newer: CatalogError.newer(path: path)
        case .notDurable(_, let synchronous): CatalogError.notDurable(path: path, synchronous: synchronous)
        case .refused(_, let why): CatalogError.refused(why)
        case .other(_, let why): CatalogError.storage(path: path, why: why)
        }
    }
}
