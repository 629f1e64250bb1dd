import Foundation
package import Statistics

/// Draws that simulations of tests share. The numbers themselves are the package's one generator.
extension SplitMix64 {
    /// A generator for one of many runs whose seeds are neighbours: they must not give the same sequence shifted by one,
    /// so the seed is mixed first.
    package init(run: UInt64) {
        var mixed = SplitMix64(seed: run ^ 0x5851_F42D_4C95_7F2D)
        self.init(seed: mixed.next() ^ (run << 32))
    }

    /// A Poisson number by counting products (Knuth, 1969); for small means.
    package mutating func poisson(_ mean: Double) -> Int {
        let limit = exp(-mean)
        var product = unit()
        var count = 0
        while product > limit {
            count += 1
            product *= unit()
        }
        return count
    }
}
