import RegistryTypes

/// What becomes of weights whose load ended the process: decided from how often in a row that happened, and from what else
/// could answer.
enum LoadCrashRule: Equatable {
    /// They are tried again, alone: one crash proves nothing.
    case tryAgain
    /// They are tried again after a while, because nothing else can answer in the place of a release that did.
    case tryLater
    /// They are not loaded any more.
    case quarantine

    /// Processes in a row that may end while they load the same weights, before these are left alone.
    static let maxCrashes = 3

    /// - Parameters:
    ///   - crashes: Processes in a row that ended while they loaded the weights, at least one.
    ///   - isOnlyAnswer: Whether a channel points to a release with them that answered, and has nothing else to answer with.
    init(crashes: Int, isOnlyAnswer: Bool) {
        if crashes < Self.maxCrashes {
            self = .tryAgain
        } else {
            self = isOnlyAnswer ? .tryLater : .quarantine
        }
    }

    /// Weights that ended more than one process are loaded when everything else is.
    static func isLoadedLast(crashes: Int) -> Bool { crashes > 1 }

    /// Seconds after the start of a process before weights are tried again, so that it can be used meanwhile: none after the
    /// first crashes, then a minute, and twice as long after each more, up to an hour.
    static func pauseSeconds(crashes: Int) -> Double {
        crashes < maxCrashes ? 0 : min(3600, 60 * Double(1 << min(10, crashes - maxCrashes)))
    }
}
