import Testing

@testable import Commands

struct ServerAddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:7470", "http://127.0.0.1:7470", true),
        ("http://localhost:7470/", "http://localhost:7470", true),
        ("HTTPS://Models.Example.COM", "https://models.example.com", false), ("https://a.b:443", "https://a.b", false),
        ("http://a:80//", "http://a", false), ("http://[::1]:7470", "http://[::1]:7470", true),
        ("http://[fe80::1]", "http://[fe80::1]", false),
        ("http://127.0.0.1.example.com", "http://127.0.0.1.example.com", false),
    ])
    func accepted(text: String, shown: String, isLoopback: Bool) throws {
        let address = try ServerAddress(text)
        #expect(address.description == shown)
        #expect(address.isLoopback == isLoopback)
    }

    @Test(arguments: [
        "", "http://", "ftp://a", "127.0.0.1:7470", "http://a:0", "http://a:65536", "http://a:", "http://user@a",
        "http://a/path",
        "http://a?x", "http://a#x", "http://a b", "http://[::1", "http://[]", "http://[zz]", "http://a\r\nX: y",
        "http://ä.de",
        "http://-a", "https:/a", "http://a:+80", "http://\u{0}", "http://[::1]x",
    ])
    func refused(text: String) { #expect(throws: CommandsError.badServer(text)) { try ServerAddress(text) } }
}
