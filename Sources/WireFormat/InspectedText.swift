public import RegistryRecords
import Wording

/// The facts of a model file in words, the same for the terminal and the page.
public enum InspectedText {
    /// A label and what there is to say; what the file does not say is left out.
    public static func rows(_ facts: InspectedModel) -> [(label: String, words: String)] {
        var rows: [(String, String)] = []
        if let name = facts.name { rows.append(("name", name)) }
        if let architecture = facts.architecture {
            rows.append(("architecture", ([architecture] + shape(facts)).joined(separator: ", ")))
        }
        rows.append(("parameters", NumberText.scaled(facts.parameterCount)))
        if let context = facts.contextLength { rows.append(("context", NumberText.count(context, "token"))) }
        if let license = facts.license { rows.append(("licence", license)) }
        if let tokenizer = facts.tokenizer { rows += self.rows(tokenizer) }
        // An adapter by itself has none: those of its base are used.
        if facts.adapter == nil || facts.tokenizer != nil { rows += template(facts.template) }
        if let adapter = facts.adapter { rows.append(("adapter", words(adapter))) }
        if let memory = facts.memory {
            var words =
                "\(NumberText.bytes(Int64(memory.weightBytes))) for weights, "
                + "\(NumberText.bytes(Int64(memory.bytesPerThousandTokens))) for 1,000 tokens of context"
            if memory.bytesPerSequence > 0 {
                words += ", \(NumberText.bytes(Int64(memory.bytesPerSequence))) for each conversation besides"
            }
            rows.append(("memory", words))
        }
        return rows
    }

    /// What an adapter is, in a line.
    public static func words(_ adapter: AdapterFacts) -> String {
        let ranks = adapter.ranks.map { NumberText.count($0) }
        let last = ranks.last ?? ""
        let rankWords =
            switch ranks.count {
            case ...1: "rank \(last)"
            case 2...3: "ranks \(ranks.dropLast().joined(separator: ", ")) and \(last)"
            default: "ranks \(ranks[0]) to \(last)"
            }
        var parts = [
            rankWords,
            "alpha \(NumberText.significant(adapter.alpha))",
            "\(NumberText.count(adapter.matrixCount, "matrix", plural: "matrices")) changed",
            "\(NumberText.scaled(adapter.parameterCount)) parameters",
        ]
        if !adapter.baseNames.isEmpty { parts.append("made for \(adapter.baseNames.joined(separator: ", "))") }
        return parts.joined(separator: ", ")
    }

    private static func shape(_ facts: InspectedModel) -> [String] {
        var parts: [String] = []
        if let layers = facts.layerCount { parts.append(NumberText.count(layers, "layer")) }
        if let width = facts.width { parts.append("width \(NumberText.count(width))") }
        if let heads = facts.headCount {
            let keys = facts.keyValueHeadCount.map { " (\(NumberText.count($0)) for keys)" } ?? ""
            parts.append(NumberText.count(heads, "head") + keys)
        }
        return parts
    }

    private static func rows(_ tokenizer: InspectedTokenizer) -> [(String, String)] {
        var parts: [String] = []
        switch (tokenizer.kind, tokenizer.model) {
        case (let kind?, let model?): parts.append("\(kind) (\(model))")
        case (let one?, nil), (nil, let one?): parts.append(one)
        case (nil, nil): parts.append("of no known kind")
        }
        if let name = tokenizer.preTokenizer { parts.append("pre-tokenizer \(name)") }
        if let count = tokenizer.tokenCount { parts.append(NumberText.count(count, "token")) }
        if let count = tokenizer.mergeCount, count > 0 { parts.append(NumberText.count(count, "merge")) }
        if let count = tokenizer.specialCount { parts.append("\(NumberText.count(count)) special") }
        if let missing = tokenizer.missingBytes {
            parts.append(missing.isEmpty ? "every byte has a token" : "\(missing.count) of 256 bytes have no token")
        }
        var rows = [("tokenizer", parts.joined(separator: ", "))]
        var roles = tokenizer.roles.map { "\(words($0.role)) \($0.text) (\($0.id))" }
        if tokenizer.addsBeginning == true { roles.append("the beginning is added to texts") }
        if tokenizer.addsEnd == true { roles.append("the end is added to texts") }
        if !roles.isEmpty { rows.append(("special tokens", roles.joined(separator: ", "))) }
        return rows
    }

    private static func words(_ role: String) -> String {
        switch role {
        case "endOfTurn": "end of turn"
        case "endOfMessage": "end of message"
        case let other: other
        }
    }

    private static func template(_ template: InspectedTemplate?) -> [(String, String)] {
        guard let template else { return [("chat template", "none: a prompt has to name a format")] }
        if let problem = template.problem {
            return [("chat template", "\(NumberText.bytes(Int64(template.byteCount))), cannot be used: \(problem)")]
        }
        var parts = ["takes \(template.roles.joined(separator: ", "))"]
        if let end = template.endOfTurn { parts.append("ends a turn with \(end)") }
        parts.append(template.listsTools ? "lists tools" : "offers no tools")
        if let calls = template.toolCalls { parts.append("calls tools as \(calls) does") }
        if let thinking = template.thinking {
            parts.append("thinks as \(thinking) does" + (template.thinkingSwitch.map { " (switch \($0))" } ?? ""))
        }
        var rows = [("chat template", parts.joined(separator: ", "))]
        if let message = template.defaultSystemMessage { rows.append(("says by itself", "“\(message)”")) }
        return rows
    }
}
