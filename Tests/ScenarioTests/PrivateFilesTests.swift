import Foundation
import TestSupport
import Testing

/// What a server and its commands leave behind is for their user alone.
@Suite struct PrivateFilesTests {
    /// Every file of the data folder under the umask of the tests, and what the process may be dumped to.
    @Test func filesAreForTheirUserAlone() throws {
        let installation = try Installation()
        let server = try RunningServer(installation)
        #if os(Linux)
            let limits = try String(contentsOfFile: "/proc/\(server.identifier)/limits", encoding: .utf8)
            let core = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
            #expect(core.split(separator: " ").filter { $0 == "0" }.count == 2, "\(core)")
            // A process that may not be dumped shows its environment to root alone.
            if geteuid() == 0 {
                let environment = try Data(contentsOf: URL(filePath: "/proc/\(server.identifier)/environ"))
                #expect(String(decoding: environment, as: UTF8.self).contains("registers=none"))
            }
        #endif
        _ = try installation.run("status", "--server", server.address)
        try server.stop()
        let files = try #require(FileManager.default.enumerator(atPath: installation.data.path))
        var seen = 0
        for case let name as String in files {
            var status = stat()
            #expect(lstat(installation.data.appending(path: name).path, &status) == 0)
            let others = status.st_mode & 0o077
            // A blob is known by its digest and never changes; its folder lets nobody in.
            #expect(
                others == 0 || name.hasPrefix("blobs/"),
                "\(name) has mode \(String(status.st_mode & 0o777, radix: 8))"
            )
            seen += 1
        }
        #expect(seen > 5)
    }
}
