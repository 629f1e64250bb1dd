import CProcess
import Foundation

/// What a process does so that its memory, which holds tokens and texts of people, ends up in no file.
public enum ProcessPrivacy {
    /// No core dump, and no other process of the same user may read the memory. Crash logs stay, without memory.
    public static func keepMemory() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        #if canImport(Darwin)
            setrlimit(RLIMIT_CORE, &none)
        #else
            setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        #endif
        _ = cprocess_set_dumpable(false)
    }

    /// Files that are made from now on are for the user of the process alone, folders too.
    public static func keepFiles() { _ = umask(0o077) }

    /// What the Swift runtime must be told before a program begins, so that the log of a crash shows no memory: nil
    /// where it was told. By itself it prints the bytes that registers point to.
    ///
    /// - Parameter setting: `SWIFT_BACKTRACE` as it is.
    public static func backtraceSetting(_ setting: String?) -> String? {
        let quiet = "registers=none"
        let parts = (setting ?? "").utf8.split(separator: UInt8(ascii: ",")).map {
            String(decoding: Array($0), as: UTF8.self)
        }
        guard parts.last(where: { $0.utf8.starts(with: "registers=".utf8) }) != quiet else { return nil }
        return (parts.filter { !$0.utf8.starts(with: "registers=".utf8) } + [quiet]).joined(separator: ",")
    }
}
