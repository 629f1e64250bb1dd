import Foundation
import SeededRandom
import TestSupport
import Testing

@testable import ChatTemplate

/// Templates with random changes: whatever comes, it is a text or one error, and it ends. A few in every run; in the
/// slow matrix many, and those of real models where they are at hand.
@Suite struct TemplateFuzzTests {
    /// Pieces that mean something, to be put where they do not belong.
    private static let pieces = [
        "{{", "}}", "{%", "%}", "{#", "#}", "-%}", "{%-", "{% if x %}", "{% endif %}", "{% for a in b %}",
        "{% endfor %}",
        "{% set a = ", "{% macro f(a) %}", "{% endmacro %}", "{% endset %}", "{% raw %}", "(", ")", "[", "]", "{", "}",
        "|",
        ".", ",", ":", "::", "~", "-1", "0", "9223372036854775807", "1e308", "'", "\"", "\\", "\\u12", "\n", "\u{0}",
        "é",
        "👋", " in ", " not ", " is ", " and ", " if ", " else ", "namespace(", "range(99999)", ".split(", ".append(",
        "|tojson", "|map('upper')", "|sort", "|indent(9)", "[::-1]", "**", "//", "loop.index", "messages",
        "raise_exception(",
    ]

    /// Tight bounds, so that many templates are tried in the time of one that goes to the end.
    fileprivate static var limits: TemplateLimits {
        var limits = TemplateLimits()
        limits.steps = 50_000
        limits.textBytes = 1 << 20
        limits.elements = 10_000
        return limits
    }

    private static func mutated(_ bytes: [UInt8], with other: [UInt8], _ random: inout SplitMix64) -> String {
        var bytes = bytes
        func place() -> Int { bytes.isEmpty ? 0 : Int(random.next() % UInt64(bytes.count)) }
        for _ in 0...(random.next() % 4) {
            let start = place()
            let end = min(bytes.count, start + Int(random.next() % 24))
            switch random.next() % 8 {
            case 0: bytes.removeSubrange(start..<end)
            case 1: bytes.insert(contentsOf: bytes[start..<end], at: place())
            case 2, 3: bytes.insert(contentsOf: pieces[Int(random.next() % UInt64(pieces.count))].utf8, at: start)
            case 4:
                let piece = pieces[Int(random.next() % UInt64(pieces.count))].utf8
                bytes.replaceSubrange(start..<min(bytes.count, start + piece.count), with: piece)
            case 5: if start < bytes.count { bytes[start] = UInt8(truncatingIfNeeded: random.next()) }
            case 6: bytes.removeSubrange(start...)
            default:
                guard !other.isEmpty else { continue }
                let from = Int(random.next() % UInt64(other.count))
                bytes.insert(contentsOf: other[from..<min(other.count, from + 60)], at: start)
            }
            if bytes.isEmpty { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    fileprivate struct Tally {
        var unread = 0, refused = 0, rendered = 0
        var slowest = Duration.zero
        var slowestSource = ""

        mutating func run(_ source: String, _ variables: [(name: String, value: TemplateValue)]) {
            let clock = ContinuousClock()
            let start = clock.now
            do throws(TemplateError) {
                let template = try ChatTemplate(source, limits: TemplateFuzzTests.limits)
                do throws(TemplateError) {
                    _ = try template.render(variables: variables, now: TemplateTime(secondsSince1970: 0))
                    rendered += 1
                } catch {
                    #expect(error.line >= 1 && error.column >= 1 && !error.message.isEmpty)
                    refused += 1
                }
            } catch {
                #expect(error.line >= 1 && error.column >= 1 && !error.message.isEmpty)
                unread += 1
            }
            let time = clock.now - start
            if time > slowest { (slowest, slowestSource) = (time, source) }
        }
    }

    @Test func changedCasesEndWithATextOrAnError() throws {
        let table = try GoldenTests.Table()
        var random = SplitMix64(seed: 1)
        let sources = table.cases.map { Array($0.template.utf8) }
        var tally = Tally()
        for _ in 0..<(Checkout.isFullRun ? 400_000 : 8_000) {
            let source = sources[Int(random.next() % UInt64(sources.count))]
            let other = sources[Int(random.next() % UInt64(sources.count))]
            tally.run(Self.mutated(source, with: other, &random), table.variables)
        }
        print(
            "cases: \(tally.unread) unread, \(tally.refused) refused, \(tally.rendered) rendered, \(tally.slowest) at most"
        )
        #expect(tally.rendered > 0 && tally.refused > 0 && tally.unread > 0)
        #expect(tally.slowest < .seconds(20), "\(tally.slowestSource.debugDescription)")
    }

    @Test(
        .enabled(if: Checkout.isFullRun, "part of the slow matrix: set SERIN_TEST_FULL=1"),
        .enabled(
            if: TemplateOracleTests.templates != nil,
            "no templates of models: set SERIN_TEMPLATES to a folder of *.jinja files"
        )
    )
    func changedTemplatesOfModelsEndWithATextOrAnError() throws {
        let conversations = try TemplateOracleTests.Conversations().byName
        let sources = try TemplateOracleTests.sources().map { Array($0.text.utf8) }
        var random = SplitMix64(seed: 2)
        var tally = Tally()
        for source in sources {
            for _ in 0..<400 {
                let other = sources[Int(random.next() % UInt64(sources.count))]
                let conversation = conversations[Int(random.next() % UInt64(conversations.count))]
                tally.run(Self.mutated(source, with: other, &random), conversation.variables)
            }
        }
        print(
            "models: \(tally.unread) unread, \(tally.refused) refused, \(tally.rendered) rendered, \(tally.slowest) at most"
        )
        #expect(tally.slowest < .seconds(20), "\(tally.slowestSource.debugDescription)")
    }
}
