import Foundation

/// How many connections a server holds, and for how long one that shows no key.
struct ConnectionLimits: Hashable, Sendable {
    /// Connections that are open at the same time, of everybody.
    let inAll: Int
    /// Places besides for those who come when all are taken: health checks and admins are answered there.
    let reserve: Int
    /// Connections of one key.
    let perKey: Int
    /// Connections of one address that have shown no key.
    let keylessPerAddress: Int
    /// Seconds in which whoever has shown no key must send the whole header of its next request.
    let headerSeconds: Double
    /// Seconds in which a request that was sent with its connection has arrived.
    let arrivalSeconds = 1.0

    /// The defaults, where nothing else limits them.
    static let usual = ConnectionLimits(descriptors: .max, used: 0)

    /// The most that are held, whatever the process may open.
    private static let maxInAll = 1024
    private static let maxReserve = 64
    /// Descriptors that are kept for files: databases open readers when they are asked, uploads and downloads a file each.
    private static let filesKept = 64

    /// Limits of a process that may open so many descriptors, of which `used` are open.
    init(descriptors: Int, used: Int) {
        let free = max(0, descriptors - used)
        let places = max(8, free - min(Self.filesKept, free / 2))
        reserve = min(Self.maxReserve, max(2, places / 8))
        inAll = min(Self.maxInAll, places - reserve)
        perKey = max(2, inAll / 2)
        keylessPerAddress = max(2, inAll / 4)
        headerSeconds = 10
    }

    /// Whether the process may open fewer descriptors than the defaults need.
    var isReduced: Bool { inAll < Self.maxInAll }
}

/// The descriptors that the process may open, for files and connections.
enum Descriptors {
    /// Raises the limit to the most that the system allows without asking anybody.
    ///
    /// - Returns: The limit from now on.
    static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        if limit.rlim_cur < limit.rlim_max {
            let before = limit.rlim_cur
            limit.rlim_cur = limit.rlim_max
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) != 0 { limit.rlim_cur = before }
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many are open.
    static func open() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 64
    }
}
