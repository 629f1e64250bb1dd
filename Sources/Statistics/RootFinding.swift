/// The argument in [`low`, `high`] where the falling or rising `function` changes sign, to the last bit that
/// halving can reach. No tolerance in absolute units: a judge must not depend on whether a cost is given in
/// dollars or in microdollars.
///
/// - Returns: nil when `function` has the same sign at both ends or is not a number on the way.
func bisect(_ low: Double, _ high: Double, _ function: (Double) -> Double) -> Double? {
    var low = low
    var high = high
    let atLow = function(low)
    let atHigh = function(high)
    guard !atLow.isNaN, !atHigh.isNaN else { return nil }
    if atLow == 0 { return low }
    if atHigh == 0 { return high }
    guard (atLow < 0) != (atHigh < 0) else { return nil }
    // 200 halvings of [0, 1] reach 1e-60; below that no share, ratio or score means anything.
    for _ in 0..<200 {
        let middle = low + (high - low) / 2
        if middle <= low || middle >= high { break }
        let value = function(middle)
        if value.isNaN { return nil }
        if value == 0 { return middle }
        if (value < 0) == (atLow < 0) {
            low = middle
        } else {
            high = middle
        }
    }
    return low + (high - low) / 2
}

/// Newton's method that falls back to halving whenever a step would leave the bracket [`low`, `high`].
///
/// The direction is told, not found out: where a root lies on an end of the bracket, rounding decides the sign there.
///
/// - Parameters:
///   - rises: whether the function grows with its argument.
///   - function: value and slope at the argument.
func safeguardedNewton(
    _ low: Double,
    _ high: Double,
    start: Double,
    rises: Bool,
    _ function: (Double) -> (value: Double, slope: Double)
) -> Double? {
    var low = low
    var high = high
    var argument = min(max(start, low), high)
    for _ in 0..<200 {
        let (value, slope) = function(argument)
        if value.isNaN { return nil }
        if value == 0 { return argument }
        if (value > 0) == rises { high = argument } else { low = argument }
        var next = argument - value / slope
        if !(next > low && next < high) { next = low + (high - low) / 2 }
        if next == argument || abs(next - argument) <= 2 * argument.ulp { return next }
        argument = next
    }
    return argument
}
