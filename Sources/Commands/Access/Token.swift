import Foundation
import StoredLogins

extension StoredLogins {
    /// Where the logins of this environment are kept; nil without a home folder.
    static func path(_ environment: Environment) -> String? {
        environment.configurationFolder.map { path(inFolder: $0) }
    }

    /// The logins stored at `path`.
    ///
    /// - Throws: ``CommandsError/badCredentials(path:problem:)``.
    static func read(_ path: String) throws(CommandsError) -> StoredLogins {
        do { return try StoredLogins(path: path) } catch { throw failure(error, path) }
    }

    /// Changes the logins at `path`; others that change them at the same moment wait.
    ///
    /// - Throws: ``CommandsError/badCredentials(path:problem:)``, ``CommandsError/unwritable(path:problem:)``.
    static func change<Value>(_ path: String, _ change: (inout StoredLogins) -> Value) throws -> Value {
        do { return try update(path, change) } catch let error as Failure { throw failure(error, path) }
    }

    private static func failure(_ failure: Failure, _ path: String) -> CommandsError {
        switch failure {
        case .damaged: .badCredentials(path: path, problem: "it is not the JSON that serin writes")
        case .unreadable, .known: .badCredentials(path: path, problem: "it cannot be read")
        case .unwritable(let reason): .unwritable(path: path, problem: reason)
        }
    }
}

/// What proves to the server who asks, and where it was found; never printed.
struct Token: Hashable, Sendable {
    let text: String
    let origin: String

    /// Accepts `text`, without the line end that a file has.
    ///
    /// - Throws: ``CommandsError/badToken(origin:)`` for bytes no header may hold.
    init(_ text: String, origin: String) throws(CommandsError) {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !trimmed.isEmpty, trimmed.utf8.count <= 512, trimmed.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { throw .badToken(origin: origin) }
        self.text = trimmed
        self.origin = origin
    }

    /// The token to use for `server`: flag, variable, file named by a variable, stored login; nil when there is none.
    ///
    /// - Throws: ``CommandsError`` when what is there cannot be used.
    static func find(
        for server: ServerAddress,
        file: String?,
        _ environment: Environment
    ) throws(CommandsError) -> Token? {
        if let file { return try read(file, origin: "--token-file") }
        if let text = environment["SERIN_TOKEN"] { return try Token(text, origin: "SERIN_TOKEN") }
        if let file = environment["SERIN_TOKEN_FILE"] { return try read(file, origin: "SERIN_TOKEN_FILE") }
        guard let path = StoredLogins.path(environment) else { return nil }
        guard let login = try StoredLogins.read(path).servers[server.description] else { return nil }
        return try Token(login.token, origin: path)
    }

    private static func read(_ file: String, origin: String) throws(CommandsError) -> Token {
        guard let data = try? Data(contentsOf: URL(filePath: file)) else {
            throw .file(path: file, problem: "cannot be read (\(origin))")
        }
        return try Token(String(decoding: data.prefix(1024), as: UTF8.self), origin: origin)
    }
}
