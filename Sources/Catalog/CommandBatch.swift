import GRDB
import RegistryRecords

/// Commands that share a transaction, and so one sync of the disk: each in a savepoint of its own, so that one that is
/// refused takes nothing with it, and all answered after the commit.
struct CommandBatch {
    let database: Database
    let path: String
    let queue: CommandQueue
    let failpoint: @Sendable (String) -> Void

    /// Commands in one transaction at most.
    private static let count = 256
    /// A transaction takes no more commands after this time, so that the first of them does not wait long.
    private static let time = Duration.milliseconds(2)

    typealias Answer = (command: Command, result: Result<Command.Written, any Error>)

    /// Writes what waits and returns the answers, all of which are on the disk.
    func write() -> [Answer] {
        var answers: [Answer] = []
        do {
            try database.beginTransaction(.immediate)
        } catch {
            let error = CatalogError.translating(error, path: path)
            while let command = queue.next() { answers.append((command, .failure(error))) }
            return answers
        }
        let start = ContinuousClock.now
        while answers.count < Self.count, ContinuousClock.now - start < Self.time, let command = queue.next() {
            let result = write(command)
            answers.append((command, result))
            if !database.isInsideTransaction {
                // SQLite itself gave up the whole transaction, as it may when the disk is full.
                if case .failure(let error) = result { fail(&answers, error) }
                return answers
            }
        }
        let hasEvents = answers.contains {
            if case .success(let written) = $0.result { written.hasEvents } else { false }
        }
        do {
            if hasEvents { failpoint("catalog.appended") }
            try database.commit()
            if hasEvents { failpoint("catalog.committed") }
        } catch {
            try? database.rollback()
            fail(&answers, error)
        }
        return answers
    }

    /// Takes back what was promised to commands that went well.
    private func fail(_ answers: inout [Answer], _ error: any Error) {
        let error = CatalogError.translating(error, path: path)
        for index in answers.indices {
            if case .success = answers[index].result { answers[index].result = .failure(error) }
        }
    }

    private func write(_ command: Command) -> Result<Command.Written, any Error> {
        do {
            try database.execute(sql: "SAVEPOINT command")
            let written = try command.write(EventLog(database: database, path: path))
            try database.execute(sql: "RELEASE command")
            return .success(written)
        } catch {
            if database.isInsideTransaction {
                do {
                    try database.execute(sql: "ROLLBACK TO command; RELEASE command")
                } catch {
                    // Half a command must not be committed with the whole ones.
                    try? database.rollback()
                }
            }
            return .failure(CatalogError.translating(error, path: path))
        }
    }
}
