import Foundation

/// The file in which the command line finds its token: `credentials.json` of the user who started the server.
struct LoginFile {
    /// The file.
    let url: URL

    /// The file in the user's folder for serin.
    init(folder: URL) { url = folder.appending(path: "credentials.json") }

    private struct Content: Codable {
        struct Login: Codable { var token: String }
        var servers: [String: Login] = [:]
    }

    /// Stores `token` for `address`; what is stored for other servers stays. The file is replaced as a whole, with
    /// mode 0600 in a folder with mode 0700.
    ///
    /// - Throws: the errors of the file system, and `DecodingError` when the file is something else.
    func store(token: String, address: String) throws {
        let manager = FileManager.default
        try manager.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        var content = Content()
        if manager.fileExists(atPath: url.path) {
            content = try JSONDecoder().decode(Content.self, from: Data(contentsOf: url))
        }
        content.servers[address] = Content.Login(token: token)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let data = try encoder.encode(content)
        let temporary = url.deletingLastPathComponent().appending(path: "credentials.json.\(getpid()).new")
        try? manager.removeItem(at: temporary)
        let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
        defer { try? manager.removeItem(at: temporary) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: data)
        try file.synchronize()
        try file.close()
        guard rename(temporary.path, url.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
