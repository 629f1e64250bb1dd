import Foundation
import TestSupport
import Testing
import WireFormat

/// A disk that refuses every write for a while: reading goes on, nothing is acknowledged that is not there, and everything works
/// when the disk does again.
@Suite(.serialized, .needsDemo)
struct FailingDiskTests {
    private static let compiler = ["/usr/bin/clang", "/usr/bin/gcc", "/usr/bin/cc"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    private static let source = Checkout.root.appending(path: "Tests/Faults/failing-disk.c")

    @Test(.enabled(if: compiler != nil, "needs a C compiler"))
    func nothingIsAcknowledgedThatIsNotThere() throws {
        let compiler = try #require(Self.compiler)
        let installation = try Installation()
        let library = installation.folder.appending(path: "failing-disk.so").path
        let arguments = ["-O1", "-shared", "-fPIC", "-o", library, Self.source.path, "-ldl"]
        let build = try ChildProcess(compiler, arguments, environment: ["PATH": "/usr/bin:/bin"])
        try #require(try build.waitForEnd() == .exit(0))
        #expect(try installation.run("demo", "create", installation.folder.appending(path: "files").path).exit == 0)
        let fault = installation.folder.appending(path: "fault")
        let server = try RunningServer(
            installation,
            environment: [
                "LD_PRELOAD": library, "SERIN_DISK_ROOT": installation.data.path, "SERIN_DISK_FAULT": fault.path,
            ]
        )
        let environment = ["SERIN_SERVER": server.address]
        func make(_ key: String) throws -> Int32 {
            try installation.run(["key", "create", key, "--role", "reader"], environment: environment).exit
        }
        #expect(try make("before") == 0)
        try Data().write(to: fault)
        for number in 0..<3 { #expect(try make("lost-\(number)") != 0) }
        let status = try installation.run(["status", "-o", "json"], environment: environment)
        #expect(status.exit == 0, "\(status.err)")
        try FileManager.default.removeItem(at: fault)
        try eventually("changes are made again") { try make("after") == 0 }
        let keys = try installation.run(["key", "list", "-o", "json"], environment: environment).out
        #expect(keys.contains("\"before\"") && keys.contains("\"after\"") && !keys.contains("\"lost-"), "\(keys)")
        #expect(try server.stop() == .exit(0))
        let check = try installation.run("server", "check", "--data", installation.data.path)
        #expect(check.exit == 0, "\(check.out)")
    }
}
