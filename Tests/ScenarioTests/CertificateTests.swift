import Foundation
import TestSupport
import Testing

/// The program of OpenSSL; nil where there is none.
private let openSSL = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/openssl" }.first { FileManager.default.isExecutableFile(atPath: $0) }

/// TLS as clients find it, asked by OpenSSL's own: what is refused, and what a renewed certificate does.
@Suite(.enabled(if: openSSL != nil, "no openssl on the path"))
struct CertificateTests {
    /// A certificate for `name` with its key, in place of what is there.
    private static func make(_ name: String, _ installation: Installation, kind: [String]) throws {
        let folder = installation.folder.path
        let process = try ChildProcess(
            #require(openSSL),
            ["req", "-x509", "-nodes", "-newkey"] + kind
                + [
                    "-subj", "/CN=\(name)", "-days", "2", "-keyout", "\(folder)/key.new", "-out", "\(folder)/chain.new",
                ],
            environment: [:]
        )
        #expect(try process.waitForEnd().number == 0)
        for file in ["key", "chain"] { #expect(rename("\(folder)/\(file).new", "\(folder)/\(file).pem") == 0) }
    }

    private static let elliptic = ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]

    @Test func onlyModernTLSIsSpokenAndACertificateIsRenewed() throws {
        let installation = try Installation()
        let folder = installation.folder.path, log = installation.folder.appending(path: "client.log")
        // With an RSA key all of the old ciphers would be possible.
        try Self.make("first", installation, kind: ["rsa:2048"])
        let server = try RunningServer(
            installation,
            flags: ["--tls-cert", "\(folder)/chain.pem", "--tls-key", "\(folder)/key.pem"]
        )
        let address = String(server.address.dropFirst("https://".count))
        func shake(_ flags: [String] = []) throws -> String {
            let process = try ChildProcess(
                #require(openSSL),
                ["s_client", "-connect", address] + flags,
                environment: [:],
                output: log,
                errors: log
            )
            try process.waitForEnd()
            defer { try? FileManager.default.removeItem(at: log) }
            return try String(contentsOf: log, encoding: .utf8)
        }
        func isSpoken(_ answer: String) -> Bool {
            answer.contains("Cipher is ") && !answer.contains("Cipher is (NONE)")
        }
        for flags in [
            ["-tls1"], ["-tls1_1"], ["-tls1_2", "-cipher", "AES128-GCM-SHA256"],
            ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA"], ["-tls1_2", "-cipher", "ECDHE-RSA-AES256-SHA384"],
            ["-tls1_2", "-cipher", "AES256-SHA"], ["-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256"],
        ] {
            let old = flags + (flags[0] == "-tls1_2" ? [] : ["-cipher", "ALL:@SECLEVEL=0"])
            #expect(try !isSpoken(shake(old)), "\(flags)")
        }
        for cipher in ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305"] {
            #expect(try isSpoken(shake(["-tls1_2", "-cipher", cipher])), "\(cipher)")
        }
        #expect(try shake(["-tls1_3"]).contains("CN = first"))

        // A broken one keeps the one before, and is said; a good one is served without a restart.
        try Self.make("second", installation, kind: Self.elliptic)
        let good = try Data(contentsOf: URL(filePath: "\(folder)/key.pem"))
        try Data("no key".utf8).write(to: URL(filePath: "\(folder)/key.pem"))
        server.send(SIGHUP)
        try eventually("the broken certificate is said") { server.output.contains("stays the one that is served") }
        #expect(try shake().contains("CN = first"))
        try good.write(to: URL(filePath: "\(folder)/key.pem"))
        server.send(SIGHUP)
        try eventually("the new certificate is said") { server.output.contains("was read again") }
        #expect(try shake().contains("CN = second"))
        #expect(server.isRunning)
        try server.stop()
    }
}
