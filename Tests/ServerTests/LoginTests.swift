import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import RegistryRecords
import RegistryTypes
import Testing
import WireFormat

@testable import Server

struct LoginTests {
    @Test func aLinkWorksOnce() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let made = try await browser.ask(
                .post,
                "/api/v1/login-links",
                role: .reader,
                ["Content-Type": "application/json"],
                body: "{}"
            )
            let link = try JSONDecoder().decode(LoginLink.self, from: Data(made.body.readableBytesView))
            let path = try #require(link.url.range(of: "/login?code=").map { String(link.url[$0.lowerBound...]) })
            let answer = try await browser.page(path)
            #expect(answer.status == .seeOther && answer.headers[.location] == "/")
            let cookie = try #require(answer.headers[.setCookie])
            for part in ["HttpOnly", "SameSite=Strict", "Path=/"] { #expect(cookie.contains(part)) }
            let visitor = try await browser.keeping(answer)
            let home = try await visitor.page("/")
            #expect(home.status == .ok && String(buffer: home.body).contains("reader · reader"))
            let again = try await browser.page(path)
            #expect(again.status == .unauthorized && again.headers[.setCookie] == nil)
        }
    }

    /// Nothing that only looks where a link leads logs in, or uses it up.
    @Test func lookingAtALinkDoesNotUseItUp() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let link = try test.site.link(for: test.admin.name)
            let path = try #require(link.range(of: "/login").map { String(link[$0.lowerBound...]) })
            let looks: [(HTTPRequest.Method, [String: String])] = [
                (.head, [:]), (.head, ["Accept": "text/html"]), (.get, ["Sec-Purpose": "prefetch;prerender"]),
                (.get, ["Purpose": "prefetch"]), (.get, ["X-Purpose": "preview"]), (.get, ["X-Moz": "prefetch"]),
            ]
            for (method, headers) in looks {
                let answer = try await browser.ask(method, path, headers)
                #expect(answer.status == .ok && answer.headers[.setCookie] == nil, "\(method) \(headers)")
            }
            #expect(try await browser.page(path).status == .seeOther)
        }
    }

    /// The link that a start prints is for a key that works: after `admin` was revoked, for the admin key that came next.
    @Test func theFirstLinkIsForAKeyThatWorks() async throws {
        let test = try await TestSite()
        #expect(try await test.plane.access.firstAdmin()?.name == test.admin.name)
        test.clock.advance(seconds: 1)
        _ = try await test.plane.access.createKey(KeyRequest(name: Name("aaa"), role: .admin), by: test.admin)
        _ = try await test.plane.access.revokeKey(test.admin.name, by: test.admin)
        let admin = try #require(try await test.plane.access.firstAdmin())
        #expect(admin.name.text == "aaa")
        try await test.run { browser in
            let link = try test.site.link(for: admin.name)
            let path = try #require(link.range(of: "/login?code=").map { String(link[$0.lowerBound...]) })
            #expect(try await browser.page(path).status == .seeOther)
        }
    }

    /// However many logins a key asks for, those of others stay, and its own newest ones work.
    @Test func manyLoginsOfAKeyPushOutNobodyElse() async throws {
        let logins = Logins(), now = Timestamp(milliseconds: 1_795_260_044_120)
        let admin = try Name("admin"), caller = try Name("caller")
        let link = try logins.makeLink(for: admin, now: now), cookie = try logins.open(for: admin, now: now)
        var own: [String] = []
        for _ in 0..<1001 {
            _ = try logins.makeLink(for: caller, now: now)
            own.append(try logins.open(for: caller, now: now))
        }
        #expect(logins.session(cookie: cookie, now: now)?.name == admin)
        #expect(logins.redeem(code: link, now: now) == admin)
        #expect(
            own.map { logins.session(cookie: $0, now: now) != nil }
                == Array(repeating: false, count: 1001 - LoginTable<Name>.maxOfOneKey)
                + Array(repeating: true, count: LoginTable<Name>.maxOfOneKey)
        )
    }

    /// Many keys fill the table: who has the most gives way.
    @Test func aFullTableTakesFromWhoHasTheMost() throws {
        var table = LoginTable<Int>(), now = Timestamp(milliseconds: 0)
        let end = now.adding(seconds: 60), admin = try Name("admin")
        table.add("admin", of: admin, expires: end, now: now, 1)
        for key in 0..<501 {
            for entry in 0..<20 { table.add("\(key) \(entry)", of: try Name("k\(key)"), expires: end, now: now, entry) }
        }
        #expect(table.count == LoginTable<Int>.maxEntries)
        #expect(table.value(of: "admin", now: now) == 1 && table.value(of: "500 19", now: now) == 19)
        now = end
        #expect(table.value(of: "admin", now: now) == nil)
        // A full table drops what is too old before it takes anything from anybody.
        for entry in 0..<2 { table.add("later \(entry)", of: admin, expires: end.adding(seconds: 1), now: now, entry) }
        #expect(table.count == 2)
    }

    @Test func aLinkAndASessionEnd() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let link = try test.site.link(for: test.admin.name)
            let path = try #require(link.range(of: "/login").map { String(link[$0.lowerBound...]) })
            let other = try test.site.link(for: test.admin.name)
            test.clock.advance(seconds: Logins.linkSeconds + 1)
            #expect(try await browser.page(path).status == .unauthorized)
            #expect(try await browser.page(String(other.suffix(64))).status == .notFound)
            let visitor = try await browser.loggedIn(.admin)
            test.clock.advance(seconds: Logins.sessionSeconds + 1)
            #expect(try await visitor.page("/").status == .unauthorized)
        }
    }

    @Test func logoutEndsTheSession() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let visitor = try await browser.loggedIn(.caller)
            #expect(try await visitor.send("/logout", "csrf=wrong").status == .forbidden)
            let admin = try await browser.loggedIn(.admin)
            #expect(try await admin.send("/logout", "csrf=\(admin.formToken)").status == .seeOther)
            #expect(try await admin.page("/").status == .unauthorized)
        }
    }

    @Test(arguments: [
        "nonsense", "", "%00", "' OR 1=1 --", String(repeating: "a", count: 60_000), "admin", "%F0%28%8C%28",
    ])
    func aWrongTokenIsRefused(token: String) async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let answer = try await browser.send("/login", "token=\(token)")
            #expect(answer.status == .unauthorized && answer.headers[.setCookie] == nil)
        }
    }

    @Test(arguments: [
        ("/canaries/c-1", "/canaries/c-1"), ("/prompts/a/diff?from=1&to=2", "/prompts/a/diff?from=1&to=2"),
        ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil.example", "/"), ("/a\r\nSet-Cookie: x", "/"),
        ("", "/"), ("models", "/"), ("/\u{e9}", "/"),
    ])
    func oneGoesOnOnlyWithinTheSite(asked: String, path: String) {
        #expect(AccessRoutes.localPath(asked) == path)
    }
}
