import DurableFiles
import Foundation

/// The stored logins of a person: one token per server, in `credentials.json`, which only they can read.
///
/// The command line reads and writes it; a server hands its first token over in it. A program that does not know what
/// it finds there leaves it alone.
public struct StoredLogins: Hashable, Sendable, Codable {
    /// What is stored for a server.
    public struct Login: Hashable, Sendable, Codable {
        /// What proves who asks.
        public var token: String

        /// The login with `token`.
        public init(token: String) { self.token = token }
    }

    /// Why the file cannot be used.
    public enum Failure: Error, Hashable, Sendable {
        /// It is there and cannot be read.
        case unreadable
        /// It is there and not what serin writes.
        case damaged
        /// There is one for this server already.
        case known
        /// It cannot be written, in the words of the system.
        case unwritable(reason: String)
    }

    /// Logins by the address of the server, such as `http://127.0.0.1:7470`.
    public var servers: [String: Login] = [:]

    /// No login.
    public init() {}

    /// The file in the user's folder for serin.
    public static func path(inFolder folder: String) -> String { folder + "/credentials.json" }

    /// The logins stored at `path`; none when there is no file.
    ///
    /// - Throws: ``Failure``.
    public init(path: String) throws(Failure) {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            guard FileManager.default.fileExists(atPath: path) else { return }
            throw .unreadable
        }
        do { self = try JSONDecoder().decode(StoredLogins.self, from: data) } catch { throw .damaged }
    }

    /// Adds the token that a server made for whoever started it. A login that is there already is never replaced: it may be
    /// the only copy of the token of another folder that was served at the same address.
    ///
    /// - Throws: ``Failure/known``.
    public mutating func add(_ token: String, for server: String) throws(Failure) {
        guard servers[server] == nil else { throw .known }
        servers[server] = Login(token: token)
    }

    /// Takes a token back that was added for a server; another one stays.
    public mutating func remove(_ token: String, for server: String) {
        if servers[server]?.token == token { servers[server] = nil }
    }

    /// Changes the logins at `path` while nobody else does: two that read and write at once would lose one of their logins.
    ///
    /// What else is in the file stays as it is, and a link to a file elsewhere stays a link. The file has mode 0600, and is
    /// replaced as a whole; its folder has mode 0700 where it is made.
    ///
    /// - Parameter change: Changes the logins as they are now; when it throws, nothing is written.
    /// - Throws: ``Failure``, and what `change` throws.
    public static func update<Value>(_ path: String, _ change: (inout StoredLogins) throws -> Value) throws -> Value {
        let folder = URL(filePath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Failure.unwritable(reason: "cannot be written")
        }
        // The folder is locked and not the file, which is another one after each change.
        let lock = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw Failure.unwritable(reason: String(cString: strerror(errno))) }
        }
        let before = try StoredLogins(path: path)
        var logins = before
        let value = try change(&logins)
        if logins != before { try logins.write(to: path) }
        return value
    }

    /// Replaces the file at `path` with these logins and what it holds besides.
    private func write(to path: String) throws(Failure) {
        var target = path
        if let resolved = realpath(path, nil) {
            target = String(cString: resolved)
            free(resolved)
        }
        var content =
            (try? JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: target)))) as? [String: Any] ?? [:]
        let before = content["servers"] as? [String: [String: Any]] ?? [:]
        content["servers"] = Dictionary(
            uniqueKeysWithValues: servers.map { ($0, (before[$0] ?? [:]).merging(["token": $1.token]) { $1 }) }
        )
        do {
            let options: JSONSerialization.WritingOptions = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            let data = try JSONSerialization.data(withJSONObject: content, options: options)
            try DurableFile.replace(target, with: data, mode: 0o600)
        } catch let error as FileError {
            throw .unwritable(reason: error.reason)
        } catch {
            throw .unwritable(reason: "cannot be written")
        }
    }
}
