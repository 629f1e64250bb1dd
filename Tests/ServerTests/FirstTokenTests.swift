import Foundation
import StoredLogins
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Where the first token is left, and that it can be taken back from each place.
@Suite struct FirstTokenTests {
    private let scratch: ScratchFolder
    private let address = "http://127.0.0.1:7470"

    init() throws { scratch = try ScratchFolder() }

    private func options(showsSecrets: Bool, hasLogins: Bool) -> ServerOptions {
        var options = ServerOptions(folder: scratch.url, build: "test")
        options.showsSecrets = showsSecrets
        options.configurationFolder = hasLogins ? scratch.url.appending(path: "config") : nil
        return options
    }

    @Test(arguments: [(true, true), (true, false), (false, true), (false, false)])
    func whatWasLeftIsTakenBack(_ showsSecrets: Bool, _ hasLogins: Bool) throws {
        let said = Mutex<[String]>([])
        func announce(_ line: String) { said.withLock { $0.append(line) } }
        let first = FirstToken(options: options(showsSecrets: showsSecrets, hasLogins: hasLogins), address: address)
        let file = scratch.file("admin-token"), logins = scratch.file("config/credentials.json")
        let delivery = try first.deliver("srn_first", announce)
        switch delivery.place {
        case .logins(let path):
            #expect(hasLogins && path == logins && delivery.lines.isEmpty)
            #expect(try StoredLogins(path: logins).servers[address]?.token == "srn_first")
        case .file(let path):
            #expect(!hasLogins && !showsSecrets && path == file)
            // It is said when the token works, and not before.
            #expect(delivery.lines.count == 1 && said.withLock(\.isEmpty))
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "srn_first\n")
        case .shown:
            #expect(!hasLogins && showsSecrets)
            #expect(said.withLock { $0.contains { $0.contains("srn_first") } })
        }
        first.takeBack(delivery, announce)
        #expect(try StoredLogins(path: logins).servers.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: file))
        let isShown = delivery.place == .shown
        #expect(said.withLock { $0.last?.contains("works nowhere") == true } == isShown)
    }

    /// What is taken back is that token and no other.
    @Test func anotherLoginStays() throws {
        let path = scratch.file("config/credentials.json")
        try StoredLogins.update(path) { try $0.add("srn_other", for: address) }
        let first = FirstToken(options: options(showsSecrets: false, hasLogins: true), address: address)
        let delivery = try first.deliver("srn_first") { _ in }
        #expect(delivery.place == .file(scratch.file("admin-token")))
        #expect(delivery.lines.first?.contains("left as it is") == true && delivery.lines.count == 2)
        first.takeBack(FirstToken.Delivery(token: "srn_first", place: .logins(path: path), lines: [])) { _ in }
        #expect(try StoredLogins(path: path).servers[address]?.token == "srn_other")
    }
}
