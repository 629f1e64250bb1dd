/// Writes blocks of weights, for fixtures: nearest levels under simple scales, not the search that a quantiser makes.
struct BlockWriter {
    private(set) var bytes: [UInt8] = []

    /// Appends the one block that `values` fill.
    mutating func append(_ values: [Float], as type: WeightType) {
        switch type {
        case .f32: for shift: UInt32 in [0, 8, 16, 24] { byte(Int(values[0].bitPattern >> shift & 255)) }
        case .f16: half(HalfPrecision.half(values[0]))
        case .bf16: half(UInt16((values[0].bitPattern &+ 0x7fff &+ (values[0].bitPattern >> 16 & 1)) >> 16))
        case .q8_0:
            let scale = (values.map(abs).max() ?? 0) / 127
            half(HalfPrecision.half(scale))
            for value in values { byte(Self.level(value, scale, -127...127) & 255) }
        case .q4_0:
            let scale = Self.extreme(values) / -8
            half(HalfPrecision.half(scale))
            nibbles(values.map { Self.level($0, scale, -8...7) + 8 })
        case .q4_1:
            let range = appendRange(values, steps: 15)
            nibbles(values.map { Self.level($0 - range.minimum, range.scale, 0...15) })
        case .q5_0:
            let scale = Self.extreme(values) / -16
            half(HalfPrecision.half(scale))
            let levels = values.map { Self.level($0, scale, -16...15) + 16 }
            fifthBits(levels)
            nibbles(levels)
        case .q5_1:
            let range = appendRange(values, steps: 31)
            let levels = values.map { Self.level($0 - range.minimum, range.scale, 0...31) }
            fifthBits(levels)
            nibbles(levels)
        case .iq4_nl:
            let scale = Self.extreme(values) / -127
            half(HalfPrecision.half(scale))
            nibbles(values.map { Self.nearest($0, scale, WeightType.nonlinearLevels) })
        case .mxfp4:
            let largest = (values.map(abs).max() ?? 0) / 12
            let exponent = largest > 0 ? max(-128, min(126, Int(largest.exponent) + 1)) : 0
            let power = Float(sign: .plus, exponent: exponent, significand: 1)
            byte(exponent + 128)
            nibbles(values.map { Self.nearest($0, power, WeightType.fourBitFloats) })
        case .q2_K:
            let groups = Self.shifted(values, group: 16, steps: 3, factors: 15)
            for (scale, minimum) in zip(groups.scales, groups.minima) { byte(scale | minimum << 4) }
            quarters(groups.levels)
            half(groups.scale)
            half(groups.minimum)
        case .q3_K:
            let groups = Self.centred(values, group: 16, levels: -4...3, factors: 31)
            for k in 0..<32 { byte((0..<8).reduce(0) { $0 | ((groups.levels[$1 * 32 + k] + 4) >> 2) << $1 }) }
            quarters(groups.levels.map { ($0 + 4) & 3 })
            let scales = groups.scales.map { $0 + 32 }
            for k in 0..<8 { byte(scales[k] & 15 | (scales[k + 8] & 15) << 4) }
            for k in 0..<4 { byte((0..<4).reduce(0) { $0 | (scales[$1 * 4 + k] >> 4) << ($1 * 2) }) }
            half(groups.scale)
        case .q4_K, .q5_K:
            let groups = Self.shifted(values, group: 32, steps: type == .q4_K ? 15 : 31, factors: 63)
            half(groups.scale)
            half(groups.minimum)
            sixBits(groups.scales, groups.minima)
            if type == .q5_K {
                for k in 0..<32 { byte((0..<8).reduce(0) { $0 | (groups.levels[$1 * 32 + k] >> 4) << $1 }) }
            }
            for pair in 0..<4 {
                for k in 0..<32 {
                    byte(groups.levels[pair * 64 + k] & 15 | (groups.levels[pair * 64 + 32 + k] & 15) << 4)
                }
            }
        case .q6_K:
            let groups = Self.centred(values, group: 16, levels: -32...31, factors: 127)
            let levels = groups.levels.map { $0 + 32 }
            for start in [0, 128] { for k in start..<start + 64 { byte(levels[k] & 15 | (levels[k + 64] & 15) << 4) } }
            quarters(levels.map { $0 >> 4 })
            for scale in groups.scales { byte(scale & 255) }
            half(groups.scale)
        case .iq4_xs:
            appendNonlinear(values)
        }
    }

    // MARK: - Fields

    private mutating func byte(_ value: Int) { bytes.append(UInt8(truncatingIfNeeded: value)) }

    private mutating func half(_ value: UInt16) {
        byte(Int(value & 255))
        byte(Int(value >> 8))
    }

    /// 16 bytes for each 32 levels: the low nibbles first.
    private mutating func nibbles(_ levels: [Int]) {
        for start in stride(from: 0, to: levels.count, by: 32) {
            for k in start..<start + 16 { byte(levels[k] & 15 | (levels[k + 16] & 15) << 4) }
        }
    }

    /// Bit 4 of each of 32 levels.
    private mutating func fifthBits(_ levels: [Int]) {
        for start in [0, 8, 16, 24] { byte((0..<8).reduce(0) { $0 | (levels[start + $1] >> 4 & 1) << $1 }) }
    }

    /// 32 bytes for each 128 levels of two bits: the first 32 lowest.
    private mutating func quarters(_ levels: [Int]) {
        for start in [0, 128] {
            for k in start..<start + 32 { byte((0..<4).reduce(0) { $0 | levels[k + $1 * 32] << ($1 * 2) }) }
        }
    }

    /// Eight scales and eight minima of six bits each.
    private mutating func sixBits(_ scales: [Int], _ minima: [Int]) {
        for k in 0..<4 { byte(scales[k] | (scales[k + 4] >> 4) << 6) }
        for k in 0..<4 { byte(minima[k] | (minima[k + 4] >> 4) << 6) }
        for k in 4..<8 { byte(scales[k] & 15 | (minima[k] & 15) << 4) }
    }

    /// Writes and returns the scale and the minimum that spread `steps` over the values.
    private mutating func appendRange(_ values: [Float], steps: Float) -> (scale: Float, minimum: Float) {
        let minimum = values.min() ?? 0
        let scale = ((values.max() ?? 0) - minimum) / steps
        half(HalfPrecision.half(scale))
        half(HalfPrecision.half(minimum))
        return (scale, minimum)
    }

    private mutating func appendNonlinear(_ values: [Float]) {
        let scales = Self.groups(values, 32).map { Self.extreme($0) / -127 }
        let scale = HalfPrecision.half((scales.map(abs).max() ?? 0) / 31)
        let factors = scales.map { Self.level($0, HalfPrecision.float(scale), -32...31) }
        half(scale)
        half(UInt16(factors.indices.reduce(0) { $0 | ((factors[$1] + 32) >> 4) << ($1 * 2) }))
        for k in 0..<4 { byte((factors[2 * k] + 32) & 15 | ((factors[2 * k + 1] + 32) & 15) << 4) }
        for (group, factor) in zip(Self.groups(values, 32), factors) {
            let step = HalfPrecision.float(scale) * Float(factor)
            nibbles(group.map { Self.nearest($0, step, WeightType.nonlinearLevels) })
        }
    }

    // MARK: - Levels

    /// The level of a value: the nearest multiple of `scale`, held within `range`; 0 where that is not a number.
    private static func level(_ value: Float, _ scale: Float, _ range: ClosedRange<Int>) -> Int {
        let quotient = (value / scale).rounded()
        guard !quotient.isNaN else { return max(range.lowerBound, min(range.upperBound, 0)) }
        return Int(max(Float(range.lowerBound), min(Float(range.upperBound), quotient)))
    }

    /// Index of the table's nearest entry.
    private static func nearest(_ value: Float, _ scale: Float, _ table: [Int8]) -> Int {
        let quotient = scale == 0 ? 0 : value / scale
        return table.indices.min { abs(Float(table[$0]) - quotient) < abs(Float(table[$1]) - quotient) } ?? 0
    }

    /// The element of largest magnitude, with its sign.
    private static func extreme(_ values: [Float]) -> Float { values.max { abs($0) < abs($1) } ?? 0 }

    private static func groups(_ values: [Float], _ size: Int) -> [[Float]] {
        stride(from: 0, to: values.count, by: size).map { Array(values[$0..<$0 + size]) }
    }

    /// A super-block: halves, and the integers of its groups and elements.
    private struct SuperBlock {
        var scale: UInt16
        var minimum: UInt16 = 0
        var scales: [Int]
        var minima: [Int] = []
        var levels: [Int] = []
    }

    /// Groups of levels around zero: element = scale × group's scale × level.
    private static func centred(
        _ values: [Float],
        group: Int,
        levels: ClosedRange<Int>,
        factors: Int
    ) -> SuperBlock {
        let scales = groups(values, group).map { extreme($0) / Float(levels.lowerBound) }
        let scale = HalfPrecision.half((scales.map(abs).max() ?? 0) / Float(factors))
        let step = HalfPrecision.float(scale)
        var block = SuperBlock(scale: scale, scales: scales.map { level($0, step, -factors...factors) })
        for (values, factor) in zip(groups(values, group), block.scales) {
            block.levels += values.map { level($0, step * Float(factor), levels) }
        }
        return block
    }

    /// Groups of levels above a minimum: element = scale × group's scale × level - minimum × group's minimum.
    private static func shifted(_ values: [Float], group: Int, steps: Int, factors: Int) -> SuperBlock {
        let minima = groups(values, group).map { max(0, -($0.min() ?? 0)) }
        let scales = zip(groups(values, group), minima).map { (($0.max() ?? 0) + $1) / Float(steps) }
        let scale = HalfPrecision.half((scales.max() ?? 0) / Float(factors))
        let minimum = HalfPrecision.half((minima.max() ?? 0) / Float(factors))
        let (step, fall) = (HalfPrecision.float(scale), HalfPrecision.float(minimum))
        var block = SuperBlock(
            scale: scale,
            minimum: minimum,
            scales: scales.map { level($0, step, 0...factors) },
            minima: minima.map { level($0, fall, 0...factors) }
        )
        for (index, values) in groups(values, group).enumerated() {
            let (factor, offset) = (Float(block.scales[index]), Float(block.minima[index]))
            block.levels += values.map { level($0 + fall * offset, step * factor, 0...steps) }
        }
        return block
    }
}

extension WeightType {
    /// Blocks in which every integer has any bit pattern, under scales of any sign between 2^-9 and 2, for fixtures.
    package func randomBlocks(_ count: Int, using random: inout some RandomNumberGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<count {
            var block = (0..<block.bytes).map { _ in UInt8.random(in: 0...255, using: &random) }
            // Of a float and of a half, the last byte holds the sign and the high bits of the exponent.
            for offset in halfOffsets {
                block[offset + 1] = UInt8.random(in: 0x18...0x3f, using: &random) | block[offset + 1] & 0x80
            }
            switch self {
            case .f16: block[1] = UInt8.random(in: 0x18...0x3f, using: &random) | block[1] & 0x80
            case .f32: block[3] = UInt8.random(in: 0x38...0x3f, using: &random) | block[3] & 0x80
            case .bf16: block[1] = UInt8.random(in: 0x38...0x3f, using: &random) | block[1] & 0x80
            case .mxfp4: block[0] = UInt8.random(in: 119...128, using: &random)
            case .q8_0, .q4_0, .q4_1, .q5_0, .q5_1, .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .iq4_nl, .iq4_xs: break
            }
            bytes += block
        }
        return bytes
    }
}
