import Foundation
import Testing

@testable import Pages

/// Text can be read in both themes: the contrast of every pair of colours that meet, by the formula of WCAG 2.
struct ContrastTests {
    /// A theme as the style sheet has it: the variable's name without its dashes, and its colour.
    private func themes() throws -> [(name: String, colours: [String: [Double]])] {
        let sheet = String(decoding: try Templates().styleSheet, as: UTF8.self)
        let roots = sheet.components(separatedBy: ":root{").dropFirst().map {
            $0.components(separatedBy: "}").first ?? ""
        }
        #expect(roots.count == 2)
        return zip(["light", "dark"], roots).map { name, text in
            var colours: [String: [Double]] = [:]
            for declaration in text.components(separatedBy: ";") {
                let parts = declaration.components(separatedBy: ":")
                guard parts.count == 2, parts[0].hasPrefix("--"), parts[1].hasPrefix("#") else { continue }
                colours[String(parts[0].dropFirst(2))] = Self.channels(String(parts[1].dropFirst()))
            }
            return (name, colours)
        }
    }

    private static func channels(_ text: String) -> [Double] {
        let full = text.count == 3 ? text.map { "\($0)\($0)" }.joined() : text
        return stride(from: 0, to: 6, by: 2).map { start in
            let digits = full.dropFirst(start).prefix(2)
            return Double(Int(digits, radix: 16) ?? 0) / 255
        }
    }

    private static func luminance(_ channels: [Double]) -> Double {
        zip(channels, [0.2126, 0.7152, 0.0722]).map { value, weight in
            weight * (value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4))
        }.reduce(0, +)
    }

    private static func contrast(_ left: [Double], _ right: [Double]) -> Double {
        let pair = [luminance(left), luminance(right)].sorted()
        return (pair[1] + 0.05) / (pair[0] + 0.05)
    }

    /// Text colours and what they stand on; 4.5 for text, 3 for what is drawn.
    @Test(
        arguments: [
            (["t", "m", "a", "ok", "no", "bad", "in"], ["b", "s"], 4.5),
            (["t", "m"], ["okb", "nob", "badb", "inb"], 4.5),
            (["ok"], ["okb"], 4.5), (["no"], ["nob"], 4.5), (["bad"], ["badb"], 4.5), (["in"], ["inb"], 4.5),
            (["can", "c", "bad"], ["b"], 3), (["can"], ["okb", "badb"], 3), (["b"], ["t"], 4.5),
        ] as [([String], [String], Double)]
    )
    func textCanBeRead(texts: [String], grounds: [String], least: Double) throws {
        for theme in try themes() {
            for text in texts {
                for ground in grounds {
                    let contrast = Self.contrast(
                        try #require(theme.colours[text], "\(text)"),
                        try #require(theme.colours[ground], "\(ground)")
                    )
                    #expect(contrast >= least, "--\(text) on --\(ground) in \(theme.name): \(contrast)")
                }
            }
        }
    }

    /// A drawing's own colours, for readers without the style sheet, are the light ones of the style sheet.
    @Test(arguments: [
        ("series", "can"), ("limit", "c"), ("bad", "bad"), ("zone", "okb"), ("overdrawn", "badb"), ("grid", "l"),
    ])
    func drawingsHaveTheColoursOfTheSheet(paint: String, variable: String) throws {
        let colours: [String: TimeChart.Paint] = [
            "series": .series, "limit": .limit, "bad": .bad, "zone": .zone, "overdrawn": .overdrawn, "grid": .grid,
        ]
        let colour = try #require(colours[paint]).colour
        #expect(Self.channels(String(colour.dropFirst())) == (try themes()[0].colours[variable]))
    }
}
