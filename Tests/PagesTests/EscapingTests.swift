import Foundation
import StrictJSON
import Testing

@testable import Pages

/// Nothing that a user or a model wrote can become markup, on any page.
struct EscapingTests {
    /// A text of scalars that a literal cannot hold.
    static func scalars(_ values: UInt32...) -> String {
        String(String.UnicodeScalarView(values.compactMap(Unicode.Scalar.init)))
    }

    /// Texts that break escaping by character, by byte, by context or by size.
    static let hostile: [String] = [
        "\"\u{301} onmouseover=alert(1) x=\"",
        "<\u{338}script>alert(1)</script>",
        "</script><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "'\u{301} onfocus=alert(1) autofocus '",
        "</title></head><body onload=alert(1)>",
        "</pre></details></main><form action=//evil.example><input name=token>",
        "&lt;script&gt; &#x3c;b&#x3e; &notin; &",
        "{{{layout.person.token}}} {{>layout}} {{#rows}}{{/rows}}",
        scalars(0x61, 0, 1, 0x7f, 0x85, 0xfffe, 0xfdd0, 0x10ffff, 0x20, 0xd, 0xa, 0x9),
        String(decoding: [0x3c, 0xc0, 0xaf, 0xff, 0xfe, 0x3e, 0xed, 0xa0, 0x80] as [UInt8], as: UTF8.self),
        "<!-- --> <![CDATA[ ]]> <?php ?> <!doctype html>",
        "javascript:alert(1)",
        "`${alert(1)}` ´ \u{2028}\u{2029}\u{202e}",
        String(repeating: "\"<", count: 90),
        String(repeating: "<b>\"\u{301}&'", count: 10_000),
        String(repeating: "\u{301}", count: 5_000),
        "",
    ]

    @Test(arguments: hostile.indices)
    func hostileTextsDoNotChangeTheShapeOfAnyPage(index: Int) throws {
        let templates = try Templates()
        let benign = Dictionary(uniqueKeysWithValues: PageSamples(hostile: "benign").all.map { ($0.name, $0.page) })
        for (name, page) in PageSamples(hostile: EscapingTests.hostile[index]).all {
            let html = templates.render(page)
            let expected = try StrictTokenizer(EscapingTests.render(benign[name], templates))
            let shape = try StrictTokenizer(html).shape
            // Marks of a word difference depend on the words: only they may differ.
            #expect(EscapingTests.withoutMarks(shape) == EscapingTests.withoutMarks(expected.shape), "\(name)")
            #expect(html.utf8.count < 50_000, "\(name) has \(html.utf8.count) bytes")
        }
    }

    /// Whatever hides in a text is seen on every page; so are names that look like the address of another server.
    @Test func nothingHiddenIsOnAnyPage() throws {
        let hidden =
            (UInt32(0)...0xffff).compactMap(Unicode.Scalar.init).filter {
                HiddenScalars.contains($0.value) || HiddenScalars.isJoiner($0.value)
                    || HiddenScalars.isSelector($0.value)
            }.map { "a\($0)" }.joined() + "\u{e0041}b\u{e0101}"
        let templates = try Templates()
        for hostile in [hidden, "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
            for (name, page) in PageSamples(hostile: hostile).all {
                let html = templates.render(page)
                let leak = html.unicodeScalars.first {
                    $0 != "\n" && $0 != "\t" && (HiddenScalars.contains($0.value) || HiddenScalars.isJoiner($0.value))
                }
                #expect(leak == nil, "\(name): U+\(String(leak?.value ?? 0, radix: 16))")
                for case .element(let element, let attributes) in try StrictTokenizer(html).nodes {
                    for attribute in ["href", "action", "src", "formaction"] {
                        // The icon of the window stands in the page itself.
                        guard let value = attributes[attribute],
                            element != "link" || attribute != "href" || !value.hasPrefix("data:image/svg+xml,")
                        else { continue }
                        let isOwn = value.hasPrefix("/") && !value.hasPrefix("//") && !value.hasPrefix("/\\")
                        #expect(
                            isOwn || value.hasPrefix("#") || value.hasPrefix("?"),
                            "\(name): \(element) \(attribute)=\(value)"
                        )
                    }
                }
            }
        }
    }

    private static func render(_ page: (any Page)?, _ templates: Templates) throws -> String {
        guard let page else { throw CocoaError(.featureUnsupported) }
        return templates.render(page)
    }

    private static func withoutMarks(_ shape: [String]) -> [String] {
        shape.filter { $0 != "ins" && $0 != "del" }
    }

    @Test func goldenPagesAreStrict() throws {
        let templates = try Templates()
        for (name, page) in PageSamples().all {
            let html = templates.render(page)
            let tokens = try StrictTokenizer(html)
            let headings = tokens.nodes.filter { if case .element("h1", _) = $0 { true } else { false } }
            #expect(headings.count == 1, "\(name) has \(headings.count) h1")
            for case .element("th", let attributes) in tokens.nodes {
                #expect(attributes["scope"] != nil, "\(name): a th without scope")
            }
        }
    }

    /// The one mechanism: whatever a template can reach is escaped text, a flag, or made of these.
    @Test func pagesHoldOnlyEscapedText() {
        for (name, page) in PageSamples().all {
            EscapingTests.walk(page, path: name)
        }
    }

    private static func walk(_ value: Any, path: String) {
        switch value {
        case is HTMLText, is Bool: return
        case is IntervalAxis:
            // Its two bounds are numbers that no template names.
            return
        default: break
        }
        let mirror = Mirror(reflecting: value)
        if mirror.children.isEmpty, mirror.displayStyle != .collection, mirror.displayStyle != .optional {
            Issue.record("\(path) is a \(type(of: value)), not escaped text")
        }
        for child in mirror.children { walk(child.value, path: "\(path).\(child.label ?? "_")") }
    }

    /// Templates place escaped text as it is, and use nothing of the library that would escape, or not, on its own.
    @Test func templatesUseOnlyTheTripleForm() throws {
        for (name, source) in try Templates().sources {
            var rest = Substring(source)
            while let start = rest.range(of: "{{") {
                rest = rest[start.upperBound...]
                let first = try #require(rest.first, "\(name) ends in a tag")
                #expect("{#^/>$<".contains(first), "\(name): {{\(rest.prefix(20))")
            }
            #expect(!source.contains("<script") && !source.contains(" style="), "\(name)")
        }
    }

    @Test(arguments: [
        ("a<b>&\"'`", "a&lt;b&gt;&amp;&#34;&#39;&#96;"),
        ("\"\u{301}", "&#34;\u{301}"),
        ("<\u{338}", "&lt;\u{338}"),
        (EscapingTests.scalars(0, 8, 0x7f, 0x9f, 0xfdd0, 0x1ffff, 0xd), String(repeating: "\u{fffd}", count: 7)),
        ("tab\tline\nend", "tab\tline\nend"),
        ("ä€😀", "ä€😀"),
    ])
    func escapes(text: String, html: String) {
        #expect(Array(HTMLText(text).html.utf8) == Array(html.utf8))
    }

    @Test func longTextsAreCutAndSaySo() {
        #expect(HTMLText("abcdef", limit: 4).html == "abcd… (2 bytes more)")
        #expect(HTMLText("ab<", limit: 4).html == "ab… (1 bytes more)")
        #expect(HTMLText("abcd", limit: 4).html == "abcd")
    }
}
