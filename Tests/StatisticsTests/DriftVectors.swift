import Foundation
import SeededRandom
import Statistics
import TestSupport

/// The cases of the drift vectors, read once for all tests.
enum DriftVectors {
    private static let parsed = Result { try ReferenceVectors.read(.drift, as: DriftVectorFile.self)?.cases ?? [:] }

    static func cases(_ kind: String) throws -> [JSON]? { try parsed.get()[kind] }
}

private struct DriftVectorFile: Decodable {
    let cases: [String: [JSON]]
}

/// One side of a case: written out, or made by the generator that it names.
enum DriftSeries {
    /// Numbers, in order; nil for missing. Infinities count as missing, as every drift measure drops them.
    static func numbers(_ source: JSON) -> [Double?] {
        var values: [Double?] =
            if case .array(let listed) = source["values"] {
                listed.map { if case .number(let value) = $0 { value } else { nil } }
            } else {
                source["segments"].list.flatMap(segment)
            }
        if case .number(let every) = source["null_every"] {
            for place in values.indices where (place + 1) % Int(every) == 0 { values[place] = nil }
        }
        return values
    }

    /// Words, in order; nil for missing.
    static func words(_ source: JSON) -> [String?] {
        var values: [String?] =
            if case .array(let listed) = source["values"] {
                listed.map { if case .string(let value) = $0 { value } else { nil } }
            } else {
                source["segments"].list.flatMap(wordSegment)
            }
        if case .number(let every) = source["null_every"] {
            for place in values.indices where (place + 1) % Int(every) == 0 { values[place] = nil }
        }
        return values
    }

    private static func wordSegment(_ segment: JSON) -> [String?] {
        var numbers = SplitMix64(seed: UInt64(segment["seed"].double))
        let limits = segment["cum"].doubles
        return (0..<segment["n"].int).map { _ in
            let draw = numbers.unit()
            return segment["labels"].list[limits.firstIndex { draw < $0 } ?? limits.count - 1].string
        }
    }

    /// SplitMix64 and exact steps of IEEE arithmetic.
    private static func segment(_ segment: JSON) -> [Double?] {
        var numbers = SplitMix64(seed: UInt64(segment["seed"].double))
        let low = segment["lo"].double
        let high = segment["hi"].double
        return (0..<segment["n"].int).map { _ in
            switch segment["kind"].string {
            case "uniform": return low + numbers.unit() * (high - low)
            case "int": return low + Double(numbers.next() % UInt64(high - low + 1))
            case "pareto": return segment["scale"].double / (1 - 0.999 * numbers.unit())
            default:
                var total = 0.0
                for _ in 0..<12 { total += numbers.unit() }
                let value = segment["mean"].double + (total - 6) * segment["sd"].double
                guard case .number(let digits) = segment["round"] else { return value }
                let scale = pow(10, digits)
                return (value * scale).rounded(.toNearestOrEven) / scale
            }
        }
    }
}
