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
        do { return try StoredLogins(path: path) } catch {
            let problem = error == .damaged ? "it is not the JSON that serin writes" : "it cannot be read"
            throw .badCredentials(path: path, problem: problem)
        }
    }

    /// Keeps the logins at `path`.
    ///
    /// - Throws: ``CommandsError/unwritable(path:problem:)``.
    func keep(at path: String) throws(CommandsError) {
        do { try write(to: path) } catch {
            guard case .unwritable(let reason) = error else { return }
            throw .unwritable(path: path, problem: reason)
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
