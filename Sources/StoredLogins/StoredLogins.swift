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

    /// Replaces the file at `path` as a whole, with mode 0600 in a folder with mode 0700.
    ///
    /// - Throws: ``Failure/unwritable(reason:)``.
    public func write(to path: String) throws(Failure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do {
            try FileManager.default.createDirectory(
                at: URL(filePath: path).deletingLastPathComponent(),
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try DurableFile.replace(path, with: try encoder.encode(self), mode: 0o600)
        } catch let error as FileError {
            throw .unwritable(reason: error.reason)
        } catch {
            throw .unwritable(reason: "cannot be written")
        }
    }
}
