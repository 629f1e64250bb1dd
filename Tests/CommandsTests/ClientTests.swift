import Foundation
import TestSupport
import Testing

@testable import Commands

struct ClientTests {
    @Test(arguments: [
        ("ticket-bot@7", "ticket-bot%407"), ("a b&c=d", "a%20b%26c%3Dd"), ("ü", "%C3%BC"), ("", ""), ("\r\n", "%0D%0A"),
        ("A-z_0.~", "A-z_0.~"),
    ])
    func queriesAreEscaped(text: String, escaped: String) { #expect(RegistryClient.escaped(text) == escaped) }

    /// What the transport says without a type of ours, as it prints itself.
    struct Transport: Error, CustomStringConvertible, Sendable { let description: String }

    @Test(arguments: [
        ("connect(descriptor:addr:size:): Connection refused (errno: \(ECONNREFUSED))", "connection refused"),
        ("NIOConnectionError(… error: Connection refused)", "connection refused"),
        ("read(descriptor:pointer:size:) failed: (errno: \(ECONNRESET))", "connection reset by peer"),
        ("NIOSSLError.handshakeFailed(CERTIFICATE_VERIFY_FAILED)", "its certificate was not accepted"),
        ("NIOSSLError.handshakeFailed(WRONG_VERSION_NUMBER)", "no TLS there, or not the right one"),
        ("SocketAddressError.unknown(host: \"x\", port: 80)", "the host name is not known"),
        ("HTTPParserError.invalidEOFState", "the answer broke off"), ("something else", "no connection"),
    ])
    func transportErrorsGetWords(text: String, words: String) {
        #expect(RegistryClient.reason(Transport(description: text)) == words)
    }

    @Test func fileReadersRefuseWhatIsNoFile() throws {
        let folder = try ScratchFolder()
        for (path, problem) in [
            ("\(folder.path)/none", "no such file or directory"), (folder.path, "is not a regular file"),
            ("/dev/zero", "is not a regular file"),
        ] {
            let error = #expect(throws: CommandsError.self) { _ = try FileReader(path).sizeBytes }
            #expect(try #require(error) == .file(path: path, problem: problem))
        }
    }

    @Test(arguments: [
        ("a/b.txt", "b.txt"), ("/", ""), ("x", "x"), ("a//b/", "b"), ("a/\u{338}b", "\u{338}b"),
    ])
    func lastPathParts(path: String, last: String) { #expect(Array(path.lastPathPart.utf8) == Array(last.utf8)) }

    @Test(arguments: [("a\nb", ["a", "b"]), ("a\n", ["a", ""]), ("", [""]), ("a\r\nb", ["a\r", "b"])])
    func lines(text: String, parts: [String]) { #expect(text.lines == parts) }
}
