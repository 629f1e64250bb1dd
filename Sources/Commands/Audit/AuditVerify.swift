import ArgumentParser
import WireFormat

/// `serin audit verify`
struct AuditVerify: Verb {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Recompute the hash chain of the log; exits 10 when it is broken.",
        discussion: """
            Examples:
              serin audit verify
            """
    )

    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let chain: ChainView = try await session.client.get(APIPath.auditVerify)
        try session.show(chain, kind: "Chain", names: [chain.head], .chain(chain))
        return chain.firstBadEvent == nil ? .ok : .checkFailed
    }
}
