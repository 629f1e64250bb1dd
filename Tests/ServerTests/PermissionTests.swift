import ControlPlane
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import RegistryTypes
import Testing
import WireFormat

@testable import Server

/// Every route, as it is registered: nobody gets past it without the permission it names.
struct PermissionTests {
    /// An address that fits a pattern.
    static func path(_ pattern: String) -> String {
        pattern.split(separator: "/").map { part in
            switch part {
            case "{number}": "1"
            case "{canary}": "c-1"
            case "{decision}": "dec-1"
            case "{evaluation}": "e-1"
            case "{rollout}": "ro-1"
            case "{incident}": "i-1"
            case "{drift}": "d-1"
            case "{digest}": "sha256:" + String(repeating: "0", count: 64)
            case "{request}": "01KAJ5W1T8Z3V0Q9M7R2X4B6CD"
            case let part where part.hasPrefix("{"): "any"
            default: String(part)
            }
        }.reduce("") { $0 + "/" + $1 }
    }

    static func method(_ entry: Routes.Entry) throws -> HTTPRequest.Method {
        try #require(HTTPRequest.Method(entry.method))
    }

    @Test func everyRouteAsksForAKey() async throws {
        let test = try await TestSite()
        #expect(test.site.entries.count > 60)
        try await test.run { browser in
            for entry in test.site.entries where entry.permission != .anyone {
                let path = PermissionTests.path(entry.pattern), method = try PermissionTests.method(entry)
                for headers in [
                    [:], ["Authorization": "Bearer nonsense"], ["Authorization": "Basic YTpi"], ["Cookie": "serin=1"],
                ] {
                    let answer = try await browser.ask(method, path.isEmpty ? "/" : path, headers, body: "{}")
                    #expect(answer.status == .unauthorized, "\(entry.method) \(path) \(headers)")
                }
            }
        }
    }

    @Test func everyRouteRefusesASmallerRole() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            for entry in test.site.entries {
                guard let least = entry.permission.minRole, let below = Role.allCases.last(where: { $0 < least })
                else {
                    continue
                }
                let path = PermissionTests.path(entry.pattern), method = try PermissionTests.method(entry)
                let answer: TestResponse
                switch entry.door {
                case .token: answer = try await browser.ask(method, path, role: below, body: "{}")
                case .session:
                    let visitor = try await browser.loggedIn(below)
                    answer = try await visitor.ask(method, path.isEmpty ? "/" : path, body: "csrf=\(visitor.formToken)")
                }
                #expect(answer.status == .forbidden, "\(entry.method) \(path) as \(below)")
            }
        }
    }

    /// A cookie opens no API, and a token opens no page: what a browser sends by itself cannot change anything there.
    @Test func doorsAreNotMixedUp() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let admin = try await browser.loggedIn(.admin)
            for entry in test.site.entries where entry.permission != .anyone {
                let path = PermissionTests.path(entry.pattern), method = try PermissionTests.method(entry)
                let answer =
                    entry.door == .token
                    ? try await admin.ask(method, path, body: "{}")
                    : try await browser.ask(method, path.isEmpty ? "/" : path, role: .admin, body: "{}")
                #expect(answer.status == .unauthorized, "\(entry.method) \(path)")
            }
        }
    }

    @Test func onlyTheseNeedNoKey() async throws {
        let open = try await TestSite().site.entries.filter { $0.permission == .anyone }.map {
            "\($0.method) \($0.pattern)"
        }
        #expect(
            Set(open) == [
                "GET /livez", "GET /readyz", "GET /static/app.css", "GET /login", "POST /login", "GET /api/v1/whoami",
            ]
        )
    }

    /// Addresses whose permission is easily taken for another one.
    @Test func operationsSayThePermission() async throws {
        let entries = try await TestSite().site.entries
        func permissions(_ operation: Operation) -> Set<Permission> {
            Set(entries.filter { $0.operation == operation }.map(\.permission))
        }
        #expect(permissions(.noteIncident) == [.deploy])
        #expect(permissions(.replayRequest) == [.read])
        #expect(permissions(.labelAnswer) == [.call])
        #expect(permissions(.readKeys) == [.administer])
        // What is asked besides, once it is known that it is needed.
        let inner: Set<Operation> = [
            .makeRelease, .changeDocument, .overridePolicy, .cancelForOthers, .labelAnyAnswer, .runUnreleased,
            .cancelAnyReading,
        ]
        #expect(Set(Operation.allCases).subtracting(entries.compactMap(\.operation)) == inner)
    }

    @Test func aRevokedKeyOpensNothing() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let reader = try await browser.loggedIn(.reader)
            #expect(try await reader.page("/models").status == .ok)
            #expect(try await browser.ask(.get, "/api/v1/models", role: .reader).status == .ok)
            _ = try await test.plane.access.revokeKey(Name("reader"), by: test.admin)
            #expect(try await reader.page("/models").status == .unauthorized)
            #expect(try await browser.ask(.get, "/api/v1/models", role: .reader).status == .unauthorized)
        }
    }
}
