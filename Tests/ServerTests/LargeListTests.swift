import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import RegistryTypes
import TestSupport
import Testing
import WireFormat

@testable import Server

/// What pages and lists cost, and how large they are, where there are many of everything: as much as where there are few.
@Suite struct LargeListTests {
    /// Sizes of the two registries that are compared. Each holds more of each thing than one page shows.
    private static let (few, many) = Checkout.isFullRun ? (120, 10_000) : (110, 220)

    /// A page of every kind that shows what there are many of.
    private static let pages: [String] = {
        let busy = LargeRegistry.busy, long = LargeRegistry.long
        return [
            "/", "/oncall", "/models", "/models?prefix=model", "/models/\(busy)",
            "/models/\(busy)?versions=40&releases=40",
            "/models/\(busy)/versions/30", "/models/\(busy)/releases/1", "/models/\(busy)/releases/30", "/prompts",
            "/prompts/\(long)", "/prompts/\(long)?before=30", "/prompts/\(long)/diff?from=1&to=2", "/traffic",
            "/canaries", "/canaries?model=\(busy)", "/rollouts", "/rollouts?model=\(busy)",
            "/incidents", "/incidents?open=yes", "/incidents?open=no&model=\(busy)", "/incidents/i-1",
            "/decisions/dec-9",
            "/drift", "/slos?model=\(busy)", "/policies", "/audit", "/audit?kind=channel.moved", "/audit?who=ada",
            "/audit?subject=busy@staging", "/requests",
        ]
    }()

    /// A list of every kind, for programs.
    private static let lists: [String] = {
        let busy = LargeRegistry.busy
        return [
            "status", "status?served=yes", "status?model=\(busy)", "oncall", "models", "models?prefix=m&limit=5",
            "models/\(busy)",
            "models/\(busy)/versions", "models/\(busy)/releases", "prompts", "prompts/\(LargeRegistry.long)", "keys",
            "keys?prefix=key-00001", "traffic", "canaries", "canaries?model=\(busy)", "evaluations",
            "evaluations?model=\(busy)", "decisions", "decisions?model=\(busy)", "rollouts", "rollouts?model=\(busy)",
            "incidents", "incidents?open=yes", "incidents?open=no", "drift", "baselines", "audit", "requests",
        ].map { APIPath.prefix + "/" + $0 }
    }()

    @Test func whatIsShownCostsNoMoreWhereThereAreMany() async throws {
        var costs: [String: [StatementMeter.Cost]] = [:]
        for count in [Self.few, Self.many] {
            var watching: StatementMeter?
            let test = try await TestSite(LargeRegistry(count: count)) { watching = StatementMeter(path: $0) }
            let meter = try #require(watching)
            let found = Counted()
            try await test.run { client in
                let browser = try await client.loggedIn(.admin)
                for address in Self.pages + Self.lists {
                    let isPage = !address.hasPrefix(APIPath.prefix)
                    _ = meter.take()
                    let answer =
                        isPage ? try await browser.page(address) : try await client.ask(.get, address, role: .admin)
                    await found.add(address, meter.take())
                    #expect(answer.status == .ok, "\(address)")
                    if isPage { #expect(answer.body.readableBytes <= 50_000, "\(address) with \(count)") }
                }
            }
            for (address, cost) in await found.costs { costs[address, default: []].append(cost) }
            try await test.plane.close()
        }
        for (address, cost) in costs.sorted(by: { $0.key < $1.key }) {
            if Checkout.isFullRun { print("\(address): \(cost[0].steps) and \(cost[1].steps) steps") }
            // Numbers of more digits, and one more level of a tree, and no more than that.
            #expect(cost[1].steps <= cost[0].steps + cost[0].steps / 10 + 100, "\(address): \(cost[0]) and \(cost[1])")
        }
    }

    /// Of more open incidents than are listed, the number is true wherever it stands, and the rest can be found.
    @Test func openIncidentsAreCountedBeyondTheList() async throws {
        let count = 120
        let test = try await TestSite(LargeRegistry(count: count)) { _ in }
        try await test.run { client in
            let answer = try await client.ask(.get, "\(APIPath.prefix)/status", role: .admin)
            let status = try JSONDecoder().decode(OpenOnly.self, from: Data(answer.body.readableBytesView))
            #expect(status.incidents.count == 100 && status.openIncidents.count == count)
            #expect(status.openIncidents.oldest != nil)
            let model = try LargeRegistry(count: count).name("model", 7)
            for (name, open) in [(model, 1), (LargeRegistry.busy, 0)] {
                let one = try await client.ask(.get, "\(APIPath.prefix)/status?model=\(name)", role: .admin)
                let of = try JSONDecoder().decode(OpenOnly.self, from: Data(one.body.readableBytesView))
                #expect(of.incidents.count == open && of.openIncidents.count == open, "\(name)")
            }
            let browser = try await client.loggedIn(.admin)
            let page = String(buffer: try await browser.page("/oncall").body)
            #expect(page.contains("Incidents (\(count))") && page.contains("\(count - 10) others are open"))
            let overview = String(buffer: try await browser.page("/").body)
            let needing = overview.firstMatch(of: /(\d+) things need a person/).flatMap { Int($0.1) }
            #expect((needing ?? 0) >= count, "\(needing ?? 0)")
            // Who asks for readiness of a model that is none is told so.
            let ready = try await client.ask(.get, "/readyz?model=nope")
            #expect(ready.status == .serviceUnavailable)
        }
        try await test.plane.close()
    }

    private struct OpenOnly: Decodable {
        struct Open: Decodable {
            let count: Int
            let oldest: String?
        }
        struct Row: Decodable { let id: String }
        let incidents: [Row]
        let openIncidents: Open
    }

    /// One model, or a part of them: what would be left out of one of the two questions is refused.
    @Test(arguments: ["after=a", "prefix=b", "limit=5", "served=yes"])
    func aStatusIsOfOneModelOrOfAPart(_ other: String) async throws {
        let test = try await TestSite()
        try await test.run { client in
            let answer = try await client.ask(.get, "\(APIPath.prefix)/status?model=busy&\(other)", role: .reader)
            #expect(answer.status == .badRequest)
            let name = other.prefix { $0 != "=" }
            #expect(String(buffer: answer.body).contains("leave out \(name)"), "\(String(buffer: answer.body))")
        }
    }

    private actor Counted {
        private(set) var costs: [String: StatementMeter.Cost] = [:]
        func add(_ address: String, _ cost: StatementMeter.Cost) { costs[address] = cost }
    }

    /// A part of any list: its entries as texts, to be compared.
    private struct Part {
        let entries: [String]
        let next: String?
        let total: Int?

        init(_ body: ByteBuffer) throws {
            let object = try JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any]
            entries = try (object?["items"] as? [Any] ?? []).map { entry in
                String(decoding: try JSONSerialization.data(withJSONObject: entry, options: .sortedKeys), as: UTF8.self)
            }
            next = object?["next"] as? String
            total = object?["total"] as? Int
        }
    }

    @Test(arguments: [
        ("models", "after"), ("prompts", "after"), ("keys", "after"), ("traffic", "after"),
        ("models/busy/versions", "before"), ("models/busy/releases", "before"), ("canaries", "before"),
        ("canaries?model=busy", "before"), ("evaluations", "before"), ("decisions", "before"), ("rollouts", "before"),
        ("incidents", "before"), ("incidents?open=yes", "before"), ("audit", "before"),
    ])
    func thePartsOfAListAreTheWhole(_ list: String, _ cursor: String) async throws {
        let count = 120
        let test = try await TestSite(LargeRegistry(count: count)) { _ in }
        try await test.run { client in
            func part(_ query: String) async throws -> Part {
                let start = APIPath.prefix + "/" + list
                let answer = try await client.ask(
                    .get,
                    start + (list.contains("?") ? "&" : "?") + query,
                    role: .admin
                )
                #expect(answer.status == .ok)
                return try Part(answer.body)
            }
            let whole = try await part("limit=500")
            #expect(whole.entries.count >= count)
            var found: [String] = [], next: String?
            repeat {
                let some = try await part("limit=50" + (next.map { "&\(cursor)=\($0)" } ?? ""))
                #expect(some.entries.count <= 50)
                found += some.entries
                next = some.next
                guard found.count <= 600 else { break }
            } while next != nil && found.count < whole.entries.count
            #expect(found == whole.entries)
            #expect(Set(found).count == found.count)
            if cursor == "after" || list.hasSuffix("versions") || list.hasSuffix("releases") {
                #expect(whole.total == whole.entries.count)
            }
        }
        try await test.plane.close()
    }
}
