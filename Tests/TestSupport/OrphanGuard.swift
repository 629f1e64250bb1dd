import Foundation
import Synchronization

/// Ends the programs that tests started, and takes down the disks that they mounted, when the test process is gone, however
/// it went: no server and no mount goes on after a crash, a kill or a Ctrl-C.
///
/// A shell waits at one end of a connection and keeps the numbers of what runs. The system closes the other end when the
/// test process ends, and no signal that is sent to both can come before that.
package final class OrphanGuard: Sendable {
    /// The one of this process; nil where it could not be started, which must fail no test.
    package static let shared = try? OrphanGuard()

    private let connection: Int32
    private let shell: ChildProcess

    /// Reads `+ NUMBER` for a program that runs and `- NUMBER` for one whose end was read; `m PATH` for a disk that is mounted
    /// and `u PATH` for one that is no more.
    private static let script = """
        trap '' INT TERM HUP
        running=' '
        disks='|'
        while read -r sign name; do
            case "$sign" in
            +) running="$running$name " ;;
            -) case "$running" in *" $name "*) running="${running%% "$name" *} ${running#* "$name" }" ;; esac ;;
            m) disks="$disks$name|" ;;
            u) case "$disks" in *"|$name|"*) disks="${disks%%"|$name|"*}|${disks#*"|$name|"}" ;; esac ;;
            esac
        done
        for number in $running; do kill -9 "$number"; done
        IFS='|'
        for disk in $disks; do if [ -n "$disk" ]; then /bin/umount -l "$disk"; fi; done
        """

    package init() throws {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Self.stream, 0, &ends) == 0 else { throw CocoaError(.fileReadUnknown) }
        defer { close(ends[1]) }
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        connection = ends[0]
        do {
            shell = try ChildProcess(
                "/bin/sh",
                ["-c", Self.script],
                environment: [:],
                input: ends[1],
                guardedBy: nil
            )
        } catch {
            close(ends[0])
            throw error
        }
    }

    deinit { close(connection) }

    /// Ends all that runs, as the end of this process does.
    package func endAll() throws {
        shutdown(connection, Int32(SHUT_WR))
        try shell.waitForEnd()
    }

    /// A program that runs.
    package func began(_ process: Int32) { tell("+ \(process)\n") }

    /// A program whose end was read: its number may be another's from now on.
    package func ended(_ process: Int32) { tell("- \(process)\n") }

    /// A disk is mounted at a path.
    package func mounted(_ path: String) { tell("m \(path)\n") }

    /// A disk that was mounted at a path is no more.
    package func unmounted(_ path: String) { tell("u \(path)\n") }

    private func tell(_ line: String) {
        // A shell that somebody killed is no reason to end.
        _ = line.withCString { send(connection, $0, strlen($0), Self.noSignal) }
    }

    #if os(Linux)
        private static let stream = Int32(SOCK_STREAM.rawValue)
        private static let noSignal = Int32(MSG_NOSIGNAL)
    #else
        private static let stream = SOCK_STREAM
        private static let noSignal: Int32 = 0
    #endif
}
