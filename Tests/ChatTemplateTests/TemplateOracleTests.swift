import Foundation
import TestSupport
import Testing

@testable import ChatTemplate

/// The templates of real models, rendered here and by jinja2. They belong to others and are not part of the checkout:
/// `SERIN_TEMPLATES` names a folder of `*.jinja` files, `SERIN_ORACLE_PYTHON` a Python that has jinja2.
@Suite struct TemplateOracleTests {
    static let templates = ProcessInfo.processInfo.environment["SERIN_TEMPLATES"].map { URL(filePath: $0) }
    static let python = ProcessInfo.processInfo.environment["SERIN_ORACLE_PYTHON"]
    static let tests = Checkout.root.appending(path: "Tests/ChatTemplateTests")
    static let conversationsFile = tests.appending(path: "Golden/conversations.json")

    /// A text that jinja2 made; nil when it refused.
    struct Expected: Decodable {
        let template: String
        let conversation: String
        let text: String?
        let why: String?
    }

    struct Conversations {
        let now: TemplateTime
        let byName: [(name: String, variables: [(name: String, value: TemplateValue)])]

        init() throws {
            let json = try String(contentsOf: conversationsFile, encoding: .utf8)
            guard case .mapping(let table)? = TemplateValue(json: json), case .integer(let now)? = table["now"],
                case .mapping(let conversations)? = table["conversations"]
            else { throw CocoaError(.fileReadCorruptFile) }
            self.now = TemplateTime(secondsSince1970: now)
            byName = conversations.entries.map { entry in
                guard case .mapping(let variables) = entry.value else { return (entry.key.string, []) }
                return (entry.key.string, variables.entries.map { ($0.key.string, $0.value) })
            }
        }
    }

    static func sources() throws -> [(name: String, text: String)] {
        guard let templates else { return [] }
        return try FileManager.default.contentsOfDirectory(
            at: templates.resolvingSymlinksInPath(),
            includingPropertiesForKeys: nil
        )
        .filter { $0.pathExtension == "jinja" }
        .sorted { $0.lastPathComponent < $1.lastPathComponent }
        .map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
    }

    @Test(
        .enabled(if: templates != nil, "no templates of models: set SERIN_TEMPLATES to a folder of *.jinja files"),
        .enabled(if: python != nil, "no oracle: set SERIN_ORACLE_PYTHON to a Python that has jinja2")
    )
    func templatesOfModelsRenderAsJinjaRendersThem() throws {
        let folder = try ScratchFolder()
        let answers = folder.url.appending(path: "answers.json")
        let errors = folder.url.appending(path: "errors.txt")
        let oracle = try ChildProcess(
            Self.python ?? "",
            [
                Self.tests.appending(path: "jinja_oracle.py").path, "folder", Self.templates?.path ?? "",
                Self.conversationsFile.path, answers.path,
            ],
            environment: ["PYTHONDONTWRITEBYTECODE": "1"],
            errors: errors
        )
        let end = try oracle.waitForEnd()
        let why = try String(contentsOf: errors, encoding: .utf8)
        #expect(end == .exit(0), "\(why)")
        let expected = try JSONDecoder().decode([Expected].self, from: Data(contentsOf: answers))
        let table = try Conversations()
        let sources = try Self.sources()
        #expect(expected.count == sources.count * table.byName.count)

        var differences: [String] = []
        var alike: Set<String> = [], lenient: Set<String> = [], texts = 0, refusals = 0
        for (name, source) in sources {
            let before = differences.count
            let template: ChatTemplate
            do {
                template = try ChatTemplate(source)
            } catch {
                differences.append("\(name) cannot be read: \(error)")
                continue
            }
            for case let wanted in expected where wanted.template == name {
                guard let conversation = table.byName.first(where: { $0.name == wanted.conversation }) else { continue }
                do {
                    let text = try template.render(variables: conversation.variables, now: table.now).string
                    if let expectedText = wanted.text {
                        texts += 1
                        if !TemplateText.isSame(text, expectedText) {
                            differences.append(
                                "\(name), \(wanted.conversation):\n  ours \(Self.difference(text, expectedText))"
                            )
                        }
                    } else if wanted.why?.contains("generator is not JSON") == true {
                        // A list that Python makes while it is gone through has no JSON there; here it is a list.
                        lenient.insert(name)
                    } else {
                        differences.append(
                            "\(name), \(wanted.conversation): renders, and jinja2 says \(wanted.why ?? "")"
                        )
                    }
                } catch {
                    refusals += 1
                    if wanted.text != nil { differences.append("\(name), \(wanted.conversation): \(error)") }
                }
            }
            if differences.count == before { alike.insert(name) }
        }
        print(
            "\(alike.count) of \(sources.count) templates render alike: \(texts) texts, \(refusals) refusals; "
                + "more is rendered of \(lenient.sorted())"
        )
        #expect(differences.isEmpty, "\(differences.count) differences:\n\(differences.joined(separator: "\n"))")
    }

    /// What some of them do, as their authors describe them.
    @Test(
        .enabled(if: templates != nil, "no templates of models: set SERIN_TEMPLATES to a folder of *.jinja files"),
        arguments: [
            (
                "Qwen-Qwen2.5-7B-Instruct", "system,user,assistant,tool", "<|im_end|>", "<|im_start|>assistant\n", nil,
                "hermes"
            ),
            (
                "Qwen-Qwen3-0.6B", "system,user,assistant,tool", "<|im_end|>", "<|im_start|>assistant\n", "think",
                "hermes"
            ),
            ("google-gemma-2-2b-it", "user,assistant", "<end_of_turn>", "<start_of_turn>model\n", nil, nil),
            (
                "meta-llama-Llama-3.1-8B-Instruct", "system,user,assistant,tool", "<|eot_id|>",
                "<|start_header_id|>assistant<|end_header_id|>\n\n", nil, "llama-3"
            ),
            ("mistralai-Mistral-Nemo-Instruct-2407", "system,user,assistant,tool", "</s>", "", nil, "mistral"),
            (
                "openai-gpt-oss-120b", "system,user,assistant,tool", "<|end|>", "<|start|>assistant", "gpt-oss",
                "gpt-oss"
            ),
            ("microsoft-Phi-3.5-mini-instruct", "system,user,assistant", "<|end|>", "", nil, nil),
        ] as [(String, String, String, String, String?, String?)]
    )
    func factsOfTemplatesOfModels(
        _ name: String,
        _ roles: String,
        _ endOfTurn: String,
        _ prompt: String,
        _ thinking: String?,
        _ calls: String?
    ) throws {
        guard let source = try Self.sources().first(where: { $0.name == name + ".jinja" }) else { return }
        let facts = TemplateFacts(of: try ChatTemplate(source.text), bosToken: "<s>", eosToken: "</s>")
        #expect(facts.roles.joined(separator: ",") == roles)
        #expect(facts.endOfTurn == endOfTurn)
        #expect(facts.generationPrompt == prompt)
        #expect(facts.thinking?.name == thinking)
        #expect(facts.toolCalls?.name == calls)
        #expect((facts.defaultSystemMessage != nil) == (name == "Qwen-Qwen2.5-7B-Instruct"))
        #expect(facts.thinkingSwitch?.variable == (name == "Qwen-Qwen3-0.6B" ? "enable_thinking" : nil))
    }

    /// Families that write calls in a form of their own.
    @Test(
        .enabled(if: templates != nil, "no templates of models: set SERIN_TEMPLATES to a folder of *.jinja files"),
        arguments: [
            ("Qwen3.5-4B", "qwen-3.5"), ("Qwen3-Coder", "qwen-3.5"), ("google-gemma-4-31B-it", "gemma-4"),
            ("google-gemma-4-31B-it-interleaved", "gemma-4"),
        ]
    )
    func callsOfTemplatesOfModels(_ name: String, _ calls: String) throws {
        guard let source = try Self.sources().first(where: { $0.name == name + ".jinja" }) else { return }
        let facts = TemplateFacts(of: try ChatTemplate(source.text), bosToken: "<s>", eosToken: "</s>")
        #expect(facts.toolCalls?.name == calls)
    }

    private static func difference(_ ours: String, _ theirs: String) -> String {
        let shared = zip(ours.utf8, theirs.utf8).prefix { $0 == $1 }.count
        func part(_ text: String) -> String {
            String(decoding: Array(text.utf8).dropFirst(max(0, shared - 30)).prefix(90), as: UTF8.self).debugDescription
        }
        return "\(part(ours))\n  not  \(part(theirs)) at byte \(shared)"
    }
}
