import Catalog
import Logging
import Synchronization
import WireFormat
import Wording

/// Compares the tables with the log while the server runs: right after the start where the log is too long to do it before, and
/// once a day. The log is replayed beside, in parts; nobody waits for it.
final class TableWatch: Sendable {
    private let catalog: Catalog
    private let notices: StoreNotices
    private let logger: Logger
    private let turns = Mutex(0)

    /// Turns of the maintenance between two comparisons.
    private static let turnsBetween = 144
    static let beginning = "the tables are not what the log says: "
    static let damage = "serin.db is damaged: "

    init(catalog: Catalog, notices: StoreNotices, logger: Logger) {
        self.catalog = catalog
        self.notices = notices
        self.logger = logger
    }

    /// Compares when it is time to.
    func step() async {
        let turn = turns.withLock { turns in
            defer { turns += 1 }
            return turns
        }
        guard turn % Self.turnsBetween == 0 else { return }
        // A damaged page is no table to compare: it is said alone.
        guard await isSound() else { return }
        do {
            let events = try await catalog.read { try $0.head().seq }
            // Shorter ones were compared before anybody was let in.
            guard turn > 0 || events > Takeover.comparedAtStart else { return }
            let comparison = try await catalog.compareTables()
            notices.remove { $0.text.hasPrefix(Self.beginning) }
            for difference in comparison.differences {
                logger.error("\(Self.beginning)\(difference)")
                notices.add(
                    StoreNotice(
                        .impaired,
                        Self.beginning + difference,
                        next: "stop the server; \(NextStep.serverRebuild) with --data makes them again from the log"
                    )
                )
            }
        } catch {
            logger.warning("the tables cannot be compared with the log", metadata: ["error": "\(error)"])
        }
    }

    /// Reads every page of the file, which an opening does not do where it is large; says what is damaged.
    private func isSound() async -> Bool {
        do {
            let problem = try await catalog.damagedPage()
            notices.remove { $0.text.hasPrefix(Self.damage) }
            guard let problem else { return true }
            let text = Self.damage + problem.split(whereSeparator: \.isNewline).joined(separator: " ")
            logger.error("\(text)")
            notices.add(
                StoreNotice(
                    .impaired,
                    text,
                    next: "stop the server; \(NextStep.serverCheck) with --data says what can be read of it"
                )
            )
            return false
        } catch {
            logger.warning("the pages of the log cannot be read", metadata: ["error": "\(error)"])
            return true
        }
    }
}
