import Foundation

/// Size and age of files: while they are the same, so is what was read from them.
struct FileStamp: Hashable {
    /// Bytes of all of them.
    private(set) var bytes: Int64 = 0
    private var times: [Int64] = []

    /// The files of a day.
    init(folder: String, day: TrafficDay) {
        for ending in ["db", "db-wal", "seg"] { add("\(folder)/\(day).\(ending)") }
    }

    /// One file; nothing when there is none.
    init(path: String) { add(path) }

    private mutating func add(_ path: String) {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            times.append(0)
            return
        }
        bytes += Int64(facts.st_size)
        #if os(Linux)
            times.append(Int64(facts.st_mtim.tv_sec) * 1_000_000_000 + Int64(facts.st_mtim.tv_nsec))
        #else
            times.append(Int64(facts.st_mtimespec.tv_sec) * 1_000_000_000 + Int64(facts.st_mtimespec.tv_nsec))
        #endif
    }
}
