import Foundation

/// The stored logins of a person: one token per server, in a file that only they can read.
struct Credentials: Hashable, Sendable, Codable {
    /// What is stored for a server.
    struct Login: Hashable, Sendable, Codable {
        var token: String
    }

    /// Logins by address.
    var servers: [String: Login] = [:]

    /// Where the logins of this environment are kept; nil without a home folder.
    static func path(_ environment: Environment) -> String? {
        environment.configurationFolder.map { $0 + "/credentials.json" }
    }

    /// The logins stored at `path`; none when there is no file.
    ///
    /// - Throws: ``CommandsError/badCredentials(path:problem:)``.
    static func read(_ path: String) throws(CommandsError) -> Credentials {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            guard FileManager.default.fileExists(atPath: path) else { return Credentials() }
            throw .badCredentials(path: path, problem: "it cannot be read")
        }
        do { return try JSONDecoder().decode(Credentials.self, from: data) } catch {
            throw .badCredentials(path: path, problem: "it is not the JSON that serin writes")
        }
    }

    /// Replaces the file at `path` as a whole, with mode 0600 in a folder with mode 0700.
    ///
    /// - Throws: ``CommandsError/unwritable(path:problem:)``.
    func write(_ path: String) throws(CommandsError) {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let data = try encoder.encode(self)
            let temporary = path + ".\(getpid()).new"
            unlink(temporary)
            let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw CommandsError.unwritable(path: path, problem: FileReader.reason(errno)) }
            defer { unlink(temporary) }
            let isWritten = data.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) == $0.count }
            let isSynced = isWritten && fsync(descriptor) == 0
            guard close(descriptor) == 0, isSynced, rename(temporary, path) == 0 else {
                throw CommandsError.unwritable(path: path, problem: FileReader.reason(errno))
            }
        } catch let error as CommandsError {
            throw error
        } catch {
            throw .unwritable(path: path, problem: "cannot be written")
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
        guard let path = Credentials.path(environment) else { return nil }
        guard let login = try Credentials.read(path).servers[server.description] else { return nil }
        return try Token(login.token, origin: path)
    }

    private static func read(_ file: String, origin: String) throws(CommandsError) -> Token {
        guard let data = try? Data(contentsOf: URL(filePath: file)) else {
            throw .file(path: file, problem: "cannot be read (\(origin))")
        }
        return try Token(String(decoding: data.prefix(1024), as: UTF8.self), origin: origin)
    }
}
