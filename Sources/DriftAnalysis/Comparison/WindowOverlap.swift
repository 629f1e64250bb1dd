public import RegistryTypes
import Wording

/// The time that a window of traffic and the reference it would be compared with have in common.
public struct WindowOverlap: Hashable, Sendable {
    /// The common time, in seconds; over 0.
    public let seconds: Double
    /// Whether all of the window is in the reference.
    public let isInside: Bool
    /// Where the reference ends: a window from here on has nothing in common with it.
    public let referenceEnd: Timestamp

    /// What the two stretches have in common; nil when nothing.
    public init?(window: Range<Timestamp>, reference: Range<Timestamp>) {
        let common = window.clamped(to: reference)
        guard !common.isEmpty else { return nil }
        seconds = common.upperBound.seconds(since: common.lowerBound)
        isInside = common == window
        referenceEnd = reference.upperBound
    }

    /// The longest window that ends at `now` and has nothing in common, in whole seconds; nil when there is none.
    public func longestWindowSeconds(now: Timestamp) -> Int? {
        let seconds = now.seconds(since: referenceEnd).rounded(.down)
        return seconds >= 1 ? Int(min(seconds, 400 * 86_400)) : nil
    }

    /// Why nothing is compared.
    var sentence: String {
        let share =
            isInside
            ? "the window lies inside its own reference"
            : "\(NumberText.elapsed(seconds)) of the window lie inside its own reference"
        return "\(share), which ends at \(TimeText.second(referenceEnd)): traffic that is compared with itself shows "
            + "nothing, choose a window after it or another reference"
    }
}
