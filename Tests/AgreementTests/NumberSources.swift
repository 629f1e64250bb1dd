import Foundation
import RegistryTypes
import Wording

/// Where the numbers of a sample come from: the values of its JSON representation, each in all the ways in which
/// `NumberText` writes it, by what kind of thing it may be.
struct NumberSources {
    /// What a number may be; the same value is written differently as a share and as a time.
    enum Kind: CaseIterable {
        case share, points, duration, bytes, scaled, number
    }

    /// The values with their paths, such as `report.judgment.checks[0].estimate`.
    let values: [(path: String, value: Double)]
    /// Every text that one of the values may be written as, and the numbers inside the texts of the representation:
    /// sentences that were written when it was made.
    private let texts: Set<String>

    /// - Parameters:
    ///   - json: The representation.
    ///   - now: The moment to which page and terminal count ages.
    init(json: Data, now: Timestamp) throws {
        var values: [(String, Double)] = [], quoted: Set<String> = [], ratios: [Double] = [],
            times: Set<Timestamp> = [now]
        func walk(_ value: Any, _ path: String) {
            switch value {
            case let members as [String: Any]:
                for (key, inner) in members { walk(inner, path.isEmpty ? key : "\(path).\(key)") }
                ratios += Self.ratios(members)
            case let items as [Any]:
                for (index, inner) in items.enumerated() { walk(inner, "\(path)[\(index)]") }
            case let text as String:
                quoted.formUnion(ShownNumbers(text: text).texts)
                if let time = Timestamp(text) { times.insert(time) }
            case let number as NSNumber: values.append((path, number.doubleValue))
            default: break
            }
        }
        walk(try JSONSerialization.jsonObject(with: json, options: .fragmentsAllowed), "")
        self.values = values.sorted { $0.0 < $1.0 }
        // Once for each value: a report repeats the same few.
        let known = times.reduce(into: quoted) { texts, start in
            // Ages, and how long something took.
            for end in times where end > start {
                let seconds = end.seconds(since: start)
                for text in [NumberText.elapsed(seconds), NumberText.duration(seconds), NumberText.setTime(seconds)] {
                    texts.formUnion(ShownNumbers(text: text).texts)
                }
            }
        }
        // A rate of bad events, and how many times faster than the target allows the budget burns.
        let targets = values.filter { $0.0.hasSuffix("target") }.map(\.1)
        let burns = ratios.flatMap { ratio in targets.map { ratio / (1 - $0) } }
        texts = Set(values.map(\.1) + ratios + burns).reduce(into: known) { texts, value in
            for kind in Kind.allCases { texts.formUnion(Self.texts(value, as: kind)) }
            // The share of the rest: of 4 % that were bad, 96 % were good.
            if (0...1).contains(value) { texts.formUnion(Self.texts(1 - value, as: .share)) }
        }
    }

    /// What counts that stand beside each other come to: bad of valid, bad of labelled, an estimate of its margin.
    private static func ratios(_ members: [String: Any]) -> [Double] {
        [("bad", "valid"), ("bad", "labelled"), ("bad", "requests"), ("badLong", "validLong"), ("estimate", "margin")]
            .compactMap {
                part,
                whole in
                guard let part = members[part] as? NSNumber, let whole = members[whole] as? NSNumber,
                    whole.doubleValue != 0
                else { return nil }
                return part.doubleValue / whole.doubleValue
            }
    }

    /// The ways in which a value is written as one kind of thing.
    static func texts(_ value: Double, as kind: Kind) -> Set<String> {
        var texts: Set<String> = []
        let signs = value < 0 ? [value, -value] : [value]
        for value in signs {
            switch kind {
            case .share:
                // The second for what is in percent already.
                texts.formUnion([NumberText.share(value), NumberText.significant(value) + " %"])
                for places in 0...4 {
                    texts.insert(NumberText.good(value, places))
                    for isSigned in [false, true] {
                        texts.insert(NumberText.growth(value, places, signed: isSigned))
                        // Margins of amounts and times are logarithms of ratios.
                        texts.insert(NumberText.growth(expm1(value), places, signed: isSigned))
                    }
                }
            case .points:
                for places in 0...3 {
                    for isSigned in [false, true] {
                        texts.insert(NumberText.points(value, places, signed: isSigned))
                    }
                }
            case .duration:
                texts.formUnion([NumberText.duration(value), NumberText.setTime(value), NumberText.elapsed(value)])
            case .bytes: texts.insert(NumberText.bytes(Int64(max(-9e18, min(9e18, value)))))
            case .scaled: texts.insert(NumberText.scaled(Int(max(-9e18, min(9e18, value)))))
            case .number:
                if let whole = Int(exactly: value) {
                    texts.formUnion([NumberText.count(whole), NumberText.estimate(whole)])
                }
                texts.formUnion([NumberText.significant(value), NumberText.rate(value), NumberText.burn(value)])
                for places in 0...5 {
                    texts.formUnion([NumberText.plain(value, places), NumberText.floored(value, places)])
                    for isSigned in [false, true] {
                        texts.insert(NumberText.decimal(value, places, signed: isSigned))
                    }
                }
            }
        }
        // A column has its unit in the heading.
        texts.formUnion(
            texts.compactMap { text in
                [" points", " %"].first { text.hasSuffix($0) }.map { String(text.dropLast($0.count)) }
            }
        )
        // `6 min 12 s` is two numbers to a reader of tokens.
        return texts.union(texts.flatMap { ShownNumbers(text: $0).texts })
    }

    /// Whether some value, or some sentence, is written so.
    func explain(_ text: String) -> Bool { texts.contains(text) }
}
