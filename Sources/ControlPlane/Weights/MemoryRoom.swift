import Foundation
import Wording

/// How much memory this process can still take, as the system tells: of the machine, of its group, and of its own limit.
enum MemoryRoom {
    /// Bytes; nil where the system does not tell.
    static func bytes() -> Int64? {
        func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
        let group = text("/proc/self/cgroup").flatMap(groupPath).map { "/sys/fs/cgroup" + $0 }
        var addressSpace = rlimit()
        #if os(Linux)
            let hasLimit = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &addressSpace) == 0
        #else
            let hasLimit = false
        #endif
        let limit = hasLimit && addressSpace.rlim_cur < UInt64(Int64.max) ? Int64(addressSpace.rlim_cur) : nil
        return [
            text("/proc/meminfo").flatMap { kilobytes("MemAvailable", in: $0) },
            group.flatMap { room(limit: text($0 + "/memory.max"), used: text($0 + "/memory.current")) },
            limit.flatMap { limit in
                text("/proc/self/status").flatMap { kilobytes("VmSize", in: $0) }.map { max(0, limit - $0) }
            },
        ].compactMap(\.self).min()
    }

    /// Refuses what needs more memory than there is, before any of it is taken: the system would end the whole process.
    ///
    /// - Parameters:
    ///   - needed: Bytes, rather too many than too few.
    ///   - what: What is to be read, as the message says it.
    ///   - found: What is free; nil where the system does not tell, and then nothing is refused.
    /// - Throws: ``ControlPlaneError`` of kind `unavailable`.
    static func require(_ needed: Int64, for what: String, found: Int64?) throws(ControlPlaneError) {
        guard let found, found < needed + reserveBytes else { return }
        throw ControlPlaneError(
            .unavailable,
            "there is not enough memory to read \(what)",
            why: "it takes about \(NumberText.bytes(needed)), and \(NumberText.bytes(found)) are free, of which "
                + "\(NumberText.bytes(reserveBytes)) are kept for what answers",
            next: "free some memory, or end what runs (\(NextStep.canaryList())), then ask again"
        )
    }

    /// What is left for requests that are being answered.
    static let reserveBytes: Int64 = 32 << 20

    /// The value of a line such as `MemAvailable:   12345 kB`, in bytes.
    static func kilobytes(_ name: String, in text: String) -> Int64? {
        text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(name + ":") }
            .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int64($0) }.map { $0 * 1024 }
    }

    /// Where a process stands in the one hierarchy of groups, from a file with the line `0::/path`.
    static func groupPath(_ text: String) -> String? {
        text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("0::") }.map { String($0.dropFirst(3)) }
    }

    /// What a group may still take; nil for one without a limit.
    static func room(limit: String?, used: String?) -> Int64? {
        func number(_ text: String?) -> Int64? {
            text.flatMap { Int64($0.split(whereSeparator: \.isNewline).first ?? "") }
        }
        guard let limit = number(limit), let used = number(used) else { return nil }
        return max(0, limit - used)
    }
}
