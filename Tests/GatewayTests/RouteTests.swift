import RegistryTypes
import StrictJSON
import Testing

@testable import Gateway

/// Who is answered by which release.
struct RouteTests {
    @Test func aUnitAlwaysGetsTheSameArmAndTheShareHolds() throws {
        let test = try TestGateway()
        let production = try Name("production")
        let held = try TestGateway.route(1, production, .holdback, test.loaded, test.engine)
        let holdback = GatewayChannel.Holdback(route: held, share: 0.1, salt: "ro-1")
        let kept = (0..<20_000).filter { holdback.keeps("unit-\($0)") }
        #expect(kept == (0..<20_000).filter { holdback.keeps("unit-\($0)") })
        // Three standard errors of a binomial share.
        #expect(abs(Double(kept.count) / 20_000 - 0.1) < 0.0064)
        let other = GatewayChannel.Holdback(route: held, share: 0.1, salt: "ro-2")
        let both = kept.filter { other.keeps("unit-\($0)") }
        #expect(abs(Double(both.count) / Double(kept.count) - 0.1) < 0.021)
        // Who was held back at 10 % still is at 20 %.
        let more = GatewayChannel.Holdback(route: held, share: 0.2, salt: "ro-1")
        #expect(kept.allSatisfy { more.keeps("unit-\($0)") })
        #expect((0..<1000).allSatisfy { !GatewayChannel.Holdback(route: held, share: .nan, salt: "s").keeps("\($0)") })
    }

    @Test func peopleAndConversationsStayTogether() throws {
        let body = #"{"model": "m", "messages": [{"role": "user", "content": "x"}]"#
        func unit(_ more: String, header: String? = nil) throws -> String? {
            let request = try ChatCompletionRequest(Array((body + more + "}").utf8))
            return try TestGateway.call(conversation: header).unit(request, key: [1, 2, 3])
        }
        #expect(try unit("") == nil)
        let user = try #require(try unit(#", "user": "anna""#))
        #expect(
            user.utf8.count == 16 && user.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        )
        #expect(try unit(#", "user": "anna", "n": 2"#) == user)
        #expect(try unit(#", "user": "bert""#) != user)
        let conversation = try unit(#", "user": "anna", "metadata": {"conversation": "c-1"}"#)
        #expect(conversation != user)
        #expect(try unit("", header: "c-1") == conversation)
    }

    @Test func eachChannelIsListedByItsReference() throws {
        let test = try TestGateway()
        #expect(test.gateway.models.map(\.id) == ["ticket-bot", "ticket-bot@staging"])
        let list = try JSONText.parse(String(decoding: ListedModel.list(test.gateway.models), as: UTF8.self))
        #expect(list["object"]?.text == "list")
        #expect(list["data"]?[0]?["id"]?.text == "ticket-bot")
        #expect(list["data"]?[0]?["created"]?.number == 1_700_000_000)
        #expect(list["data"]?[0]?["owned_by"]?.text == "serin")
    }

    /// A snapshot is taken once: what moves while an answer runs does not reach it.
    @Test func aMovedChannelDoesNotMixAnswers() async throws {
        let test = try TestGateway()
        let model = try Name("ticket-bot"), production = try Name("production")
        let loaded = test.loaded, engine = test.engine, gateway = test.gateway
        let releases = try await withThrowingTaskGroup(of: Set<String>.self) { group in
            for index in 0..<40 {
                group.addTask {
                    let events = try await test.ask(#", "stream": true, "max_tokens": 12"#).events()
                    return try Set(events.dropLast().map { try JSONText.parse($0)["model"]?.text ?? "" })
                }
                gateway.update(
                    GatewayRoutes([
                        GatewayChannel(
                            model: model,
                            name: production,
                            created: Timestamp(milliseconds: 0),
                            live: try TestGateway.route(3 + index % 2, production, .live, loaded, engine)
                        )
                    ])
                )
            }
            return try await group.reduce(into: [Set<String>]()) { $0.append($1) }
        }
        #expect(releases.count == 40)
        #expect(releases.allSatisfy { $0.count == 1 })
        #expect(test.all.allSatisfy { $0.record.outcome == .answered })
    }

    /// A channel that is down must not look healthy: what it fails to answer counts, against the release it points to.
    @Test func aReleaseThatIsNotLoadedFailsAndCounts() async throws {
        let test = try TestGateway()
        let model = try Name("ticket-bot"), production = try Name("production")
        let unloaded = GatewayChannel.Unloaded(
            release: ReleaseID(model, 7),
            version: VersionID(model, 4),
            prompt: VersionID(try Name("triage"), 3)
        )
        test.gateway.update(
            GatewayRoutes([
                GatewayChannel(
                    model: model,
                    name: production,
                    created: Timestamp(milliseconds: 0),
                    live: nil,
                    unloaded: unloaded
                )
            ])
        )
        #expect(test.gateway.hasUnloadedChannel)
        await #expect(throws: GatewayError.unavailable("ticket-bot@production is not loaded")) {
            _ = try await test.ask("")
        }
        let record = try #require(test.last?.record)
        #expect(record.outcome == .engineFailed && record.status == 503)
        #expect(record.release == 7 && record.version == 4 && record.arm == .live && record.channel == production)
        #expect(test.last?.body == RequestBody())
    }

    /// What is served elsewhere is not offered here, and whoever asks for it hears so, and not to try again.
    @Test func aReleaseThatNothingHereRunsIsNotListed() async throws {
        let test = try TestGateway()
        let model = try Name("ticket-bot"), production = try Name("production")
        func channel(_ name: Name, live: GatewayRoute?, elsewhere: ReleaseID?) -> GatewayChannel {
            GatewayChannel(
                model: model,
                name: name,
                created: Timestamp(milliseconds: 0),
                live: live,
                elsewhere: elsewhere
            )
        }
        let staging = try Name("staging")
        test.gateway.update(
            GatewayRoutes([
                channel(production, live: nil, elsewhere: ReleaseID(model, 3)),
                channel(
                    staging,
                    live: try TestGateway.route(2, staging, .live, test.loaded, test.engine),
                    elsewhere: nil
                ),
            ])
        )
        #expect(test.gateway.models.map(\.id) == ["ticket-bot@staging"])
        #expect(!test.gateway.hasUnloadedChannel)
        let error = await #expect(throws: GatewayError.self) { _ = try await test.ask("") }
        let answer = ErrorAnswer(try #require(error))
        #expect(answer.status == 503 && answer.code == "no_engine" && !answer.shouldRetry)
        #expect(answer.message.contains("ticket-bot@r3"))
    }
}
