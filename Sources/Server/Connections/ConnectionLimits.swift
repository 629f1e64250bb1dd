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

    /// The defaults, where nothing else limits them.
    static let usual = ConnectionLimits(descriptors: .max, used: 0)

    /// The most that are held, whatever the process may open.
    private static let mostInAll = 1024
    private static let mostReserve = 64
    /// Descriptors that are kept for files: databases open readers when they are asked, uploads and downloads a file each.
    private static let filesKept = 64

    /// Limits of a process that may open so many descriptors, of which `used` are open.
    init(descriptors: Int, used: Int) {
        let free = max(0, descriptors - used)
        let places = max(8, free - min(Self.filesKept, free / 2))
        reserve = min(Self.mostReserve, max(2, places / 8))
        inAll = min(Self.mostInAll, places - reserve)
        perKey = max(2, inAll / 2)
        keylessPerAddress = max(2, inAll / 4)
        headerSeconds = 10
    }

    /// Whether the process may open fewer descriptors than the defaults need.
    var isReduced: Bool { inAll < Self.mostInAll }
}
