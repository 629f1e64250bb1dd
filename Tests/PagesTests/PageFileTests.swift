import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments
import WireFormat

@testable import Pages

/// A page as one file, and pairs of any length on one page.
struct PageFileTests {
    /// Each report as a file: under 50 KB, nothing that would be fetched, every link to where it came from, and the words of
    /// the page.
    @Test(arguments: ["canary-fail", "canary-pass", "canary-inconclusive", "canary-stopped"])
    func aReportIsOneFile(name: String) throws {
        let samples = PageSamples(hostile: "\"><script src=\"/x\"> href=\"/y")
        for pages in [PageSamples(), samples] {
            let page = try #require(pages.all.first { $0.name == name }?.page)
            let templates = try Templates()
            let file = templates.file(page, site: "https://serin.example:8080"), shown = templates.render(page)
            #expect(file.utf8.count < 50_000)
            for fetched in ["<link rel=\"stylesheet\"", "<script", " src=\"", "<img", "@import", "url("] {
                #expect(!file.contains(fetched), "\(fetched)")
            }
            #expect(!file.contains(" href=\"/") && file.contains(" href=\"https://serin.example:8080/canaries\""))
            #expect(file.contains("<style>:root"))
            let words = shown.replacing(" href=\"/", with: " href=\"https://serin.example:8080/")
            let body = { (text: String) in text.components(separatedBy: "<main").last }
            #expect(body(file) == body(words))
        }
    }

    /// Twelve checks and long answers stay under the size of a page.
    @Test func twelveChecksFit() throws {
        let s = Samples()
        let checks = (0..<12).map { index in
            s.check(
                "check number \(index) with a name of some length",
                .exactMatch,
                base: 0.9471,
                candidate: 0.6180,
                unit: .share,
                0.329,
                0.287,
                0.371,
                margin: 0.02,
                .fail,
                flips: .init(gotWorse: 660, gotBetter: 2, bothGood: 1234, bothBad: 104)
            )
        }
        let page = CanaryPage(s.canaryView(s.report(2, .fail, checks)), context: PageSamples().context("/canaries/c-2"))
        #expect(try Templates().file(page, site: "https://serin.example").utf8.count < 50_000)
    }

    /// However long the answers are, a page of pairs is no larger, and the next one goes on behind what is shown.
    @Test func longPairsAreFewer() throws {
        let s = Samples(), base = s.canarySamples(1)[0]
        let long = String(repeating: "<word> & ", count: 2_000)
        let items = (1...50).map { place in
            CanarySample(
                place: place,
                pair: .init(
                    request: "r-\(place)",
                    input: long,
                    expected: long,
                    baseline: .init(text: long, thinking: long, error: nil, outputTokens: 1),
                    candidate: .init(text: "other " + long, error: nil, outputTokens: 1),
                    worse: base.pair.worse
                ),
                better: [],
                isDifferent: true
            )
        }
        for shown in [items, s.canarySamples(5)] {
            let page = CanarySamplesPage(
                ListAnswer(items: shown, next: nil),
                of: s.canary(2, of: 2, .fail),
                only: nil,
                isFirst: true,
                context: PageSamples().context("/canaries/c-2/samples")
            )
            #expect(try Templates().render(page).utf8.count < 50_000)
            #expect(page.pairs.count == min(shown.count, page.pairs.count) && page.pairs.count > 3)
            let next = shown.count > page.pairs.count ? "after=\(shown[page.pairs.count - 1].place)" : nil
            #expect(page.next.map { $0.href.html.hasSuffix(next ?? "-") } ?? (next == nil))
        }
    }
}
