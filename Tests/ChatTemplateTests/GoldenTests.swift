import Foundation
import TestSupport
import Testing

@testable import ChatTemplate

/// Small templates of ours, with the texts that jinja2 makes of them. `jinja_oracle.py golden Golden/cases.json` makes
/// the texts anew; a case without a text is one that jinja2 refuses.
@Suite struct GoldenTests {
    struct Table {
        let now: Int
        let variables: [(name: String, value: TemplateValue)]
        let cases: [(template: String, text: String?)]

        init() throws {
            let file = Checkout.root.appending(path: "Tests/ChatTemplateTests/Golden/cases.json")
            let json = try String(contentsOf: file, encoding: .utf8)
            guard case .mapping(let table)? = TemplateValue(json: json), case .integer(let now)? = table["now"],
                case .mapping(let variables)? = table["variables"], case .list(let cases)? = table["cases"]
            else { throw CocoaError(.fileReadCorruptFile) }
            self.now = now
            self.variables = variables.entries.map { ($0.key.string, $0.value) }
            self.cases = cases.elements.compactMap { element in
                guard case .mapping(let entry) = element, case .text(let template)? = entry["template"] else {
                    return nil
                }
                if case .text(let text)? = entry["text"] { return (template.string, text.string) }
                return (template.string, nil)
            }
        }
    }

    @Test func everyCaseRendersAsJinjaRendersIt() throws {
        let table = try Table()
        #expect(table.cases.count >= 600)
        var differences: [String] = []
        for (source, expected) in table.cases {
            do {
                let template = try ChatTemplate(source)
                let text = try template.render(
                    variables: table.variables,
                    now: TemplateTime(secondsSince1970: table.now)
                ).string
                if let expected {
                    if !TemplateText.isSame(text, expected) {
                        differences.append(
                            "\(source.debugDescription)\n  gives \(text.debugDescription)\n  not   \(expected.debugDescription)"
                        )
                    }
                } else {
                    differences.append(
                        "\(source.debugDescription)\n  gives \(text.debugDescription), and jinja2 refuses it"
                    )
                }
            } catch {
                if let expected {
                    differences.append(
                        "\(source.debugDescription)\n  fails: \(error)\n  not   \(expected.debugDescription)"
                    )
                }
            }
        }
        #expect(
            differences.isEmpty,
            "\(differences.count) of \(table.cases.count):\n\(differences.joined(separator: "\n"))"
        )
    }
}
