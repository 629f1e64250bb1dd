import ControlPlane
import RegistryRecords
import RegistryTypes
import Testing
import WireFormat

/// Who may come in.
@Suite struct KeyTests {
    @Test func keysLiveAndEnd() async throws {
        let demo = try await DemoPlane()
        let admin = try #require(try await demo.plane.access.makeFirstKey { $0 })
        #expect(try await demo.plane.access.makeFirstKey { $0 } == nil)
        #expect(try await demo.plane.access.authenticate(token: admin)?.role == .admin)
        for token in ["", "srn_", admin + "x", String(admin.dropLast())] {
            #expect(try await demo.plane.access.authenticate(token: token) == nil)
        }
        await expectError(.conflict, "the last admin") {
            try await demo.plane.access.revokeKey(DemoPlane.known("admin"), by: DemoPlane.admin)
        }
        let request = KeyRequest(name: DemoPlane.known("ci"), role: .publisher)
        await expectError(.notAllowed) {
            try await demo.plane.access.createKey(request, by: Caller(name: DemoPlane.known("dev"), role: .deployer))
        }
        let made = try await demo.plane.access.createKey(request, by: DemoPlane.admin)
        #expect(
            try await demo.plane.access.authenticate(token: made.token) == Caller(name: made.key.name, role: .publisher)
        )
        let revoked = try await demo.plane.access.revokeKey(DemoPlane.known("ci"), by: DemoPlane.admin)
        #expect(revoked.key.revokedAt != nil && revoked.note == nil)
        #expect(try await demo.plane.access.authenticate(token: made.token) == nil)
        // Again changes nothing, which is said, and the name stays used.
        let again = try await demo.plane.access.revokeKey(DemoPlane.known("ci"), by: DemoPlane.admin)
        #expect(again.key == revoked.key)
        #expect(again.note?.contains("was revoked before") == true)
        await expectError(.conflict) { try await demo.plane.access.createKey(request, by: DemoPlane.admin) }
        await expectError(.notFound) {
            try await demo.plane.access.revokeKey(DemoPlane.known("nobody"), by: DemoPlane.admin)
        }

        // The log says "serin" where the server acted by itself.
        await expectError(.conflict) {
            try await demo.plane.access.createKey(
                KeyRequest(name: DemoPlane.known("serin"), role: .admin),
                by: DemoPlane.admin
            )
        }

        _ = try await demo.plane.access.createKey(
            KeyRequest(name: DemoPlane.known("second"), role: .admin),
            by: DemoPlane.admin
        )
        #expect(
            try await demo.plane.access.revokeKey(DemoPlane.known("admin"), by: DemoPlane.admin).key.revokedAt != nil
        )
        // No token is in the log.
        for event in try await demo.plane.audit.list(before: nil, after: nil, limit: 1000, kind: nil, subject: nil) {
            #expect(!event.body.contains(made.token))
        }
    }
}
