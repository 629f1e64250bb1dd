package import Foundation
import Synchronization

/// A program that a test starts, with its output in files.
///
/// Tests have this one way to start a program. Foundation's `Process` is not used: on Linux it reads past the end of a
/// buffer now and then, which ends a whole run. swift-subprocess is not used either: it waits in tasks, and a test
/// without `async` holds the thread that such a task would need.
package final class ChildProcess: Sendable {
    /// How a program ended.
    package enum End: Sendable, Equatable {
        /// By itself, with an exit code.
        case exit(Int32)
        /// By the signal of this number.
        case signal(Int32)

        /// The exit code, or the number of the signal.
        package var number: Int32 {
            switch self {
            case .exit(let code): code
            case .signal(let signal): signal
            }
        }

        /// - Parameter status: What `waitpid` says.
        fileprivate init(_ status: Int32) {
            let signal = status & 0x7f
            self = signal == 0 ? .exit((status >> 8) & 0xff) : .signal(signal)
        }
    }

    /// The system refused to start it.
    package struct StartFailure: Error, CustomStringConvertible {
        /// Which program, and what the system said.
        package let description: String
    }

    /// Its number, which stays its own until its end was read.
    package let identifier: Int32
    private let name: String
    private let orphanGuard: OrphanGuard?
    private let ended = Mutex<End?>(nil)

    /// Starts a program with an environment of its own, no open file of ours and no signal ignored.
    ///
    /// - Parameters:
    ///   - input: The open file that is its standard input; none when `nil`.
    ///   - output: The file that standard output goes to, made anew; nowhere when `nil`.
    ///   - errors: The file that standard error goes to; the same file may take both.
    ///   - orphanGuard: Who ends it when this process is gone.
    package init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String],
        input: Int32? = nil,
        output: URL? = nil,
        errors: URL? = nil,
        guardedBy orphanGuard: OrphanGuard? = .shared
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output?.path ?? "/dev/null", flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors?.path ?? "/dev/null", flags, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        #if os(Linux)
            // Nothing may slip in between a look at what is open and the start, so every number is closed; one that is not
            // open is no error.
            for file in 3..<Int32(min(4_096, sysconf(Int32(_SC_OPEN_MAX)))) {
                posix_spawn_file_actions_addclose(&actions, file)
            }
            posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        #else
            let settings = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_CLOEXEC_DEFAULT
            posix_spawnattr_setflags(&attributes, Int16(settings))
        #endif

        for file in [output, errors].compactMap(\.self) {
            _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        }
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for word in words + variables { free(word) } }
        var identifier = pid_t()
        let problem = posix_spawn(&identifier, program, &actions, &attributes, &words, &variables)
        guard problem == 0 else {
            throw StartFailure(description: "cannot start \(program): \(String(cString: strerror(problem)))")
        }
        self.identifier = identifier
        self.orphanGuard = orphanGuard
        orphanGuard?.began(identifier)
        name = ([program] + arguments).joined(separator: " ")
    }

    deinit {
        if end == nil {
            kill(identifier, SIGKILL)
            _ = waitpid(identifier, nil, 0)
            orphanGuard?.ended(identifier)
        }
    }

    /// How it ended; `nil` while it runs.
    package var end: End? {
        ended.withLock { ended in
            if ended != nil { return ended }
            var status: Int32 = 0
            if waitpid(identifier, &status, WNOHANG) == identifier {
                ended = End(status)
                orphanGuard?.ended(identifier)
            }
            return ended
        }
    }

    /// Whether it runs.
    package var isRunning: Bool { end == nil }

    /// Sends it a signal, unless it has ended.
    package func send(_ signal: Int32) {
        ended.withLock { ended in if ended == nil { kill(identifier, signal) } }
    }

    /// Waits for its end; it is killed when it does not come in time.
    @discardableResult
    package func waitForEnd(within limit: Duration = .seconds(120)) throws -> End {
        var last: End?
        do {
            try eventually("\(name) ends", within: limit) {
                last = end
                return last != nil
            }
        } catch {
            send(SIGKILL)
            throw error
        }
        guard let last else { preconditionFailure("eventually returned, so it ended") }
        return last
    }
}
