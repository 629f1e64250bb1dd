/// Numbers drawn with block characters, in one line of text.
enum BlockChart {
    private static let blocks = Array("▁▂▃▄▅▆▇█")

    /// Which value stands for the stretch that one block covers.
    enum Telling: Hashable, Sendable {
        /// The highest, for what is bad when high.
        case highest
        /// The lowest, for what is bad when low.
        case lowest
    }

    /// A bar of `width` cells for a share in 0...1.
    static func bar(_ share: Double, width: Int) -> String {
        let full = Int((min(1, max(0, share.isFinite ? share : 0)) * Double(width)).rounded(.down))
        return String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
    }

    /// Numbers in a row as blocks of eight heights; a stretch without data is a dot, never a zero. At most `width`
    /// blocks; empty when fewer than two values are known: one is no course.
    ///
    /// - Parameters:
    ///   - bottom: The value of the lowest block.
    ///   - top: The value of the highest block; nil means the highest value there is.
    static func line(
        _ values: [Double?],
        width: Int,
        bottom: Double = 0,
        top: Double? = nil,
        telling: Telling = .highest
    ) -> String {
        let known = values.compactMap(\.self).filter(\.isFinite)
        guard known.count > 1, let highest = known.max(), width > 0 else { return "" }
        let span = (top ?? highest) - bottom
        let count = min(width, values.count)
        return String(
            (0..<count).map { place -> Character in
                let part = values[(place * values.count / count)..<((place + 1) * values.count / count)]
                    .compactMap(\.self).filter(\.isFinite)
                guard let value = telling == .highest ? part.max() : part.min() else { return "·" }
                // Clamped as a number: what a server sends may be far beyond any block, or any integer.
                let height = span > 0 ? (value - bottom) / span * Double(blocks.count) : 0
                return blocks[height.isNaN ? 0 : Int(min(Double(blocks.count - 1), max(0, height)))]
            }
        )
    }
}
