import AnswerMetrics
import DriftAnalysis
import RegistryRecords
import RegistryTypes
import TrafficLog
import UserDocuments

extension Measure {
    /// Whether a request asks for it at all: one that does not is no missing measurement.
    func isAsked(by request: TrafficRequest) -> Bool {
        guard metric.needsLabels else { return metric != .languageKept || request.language != nil }
        guard let expected = request.expected else { return false }
        switch metric {
        case .fieldMatch: return parameters.field.flatMap { AnswerFields(expected)?.has($0) } == true
        case .fieldAccuracy: return AnswerFields(expected)?.shareMet(by: nil) != nil
        case .labelRecall: return label(of: expected).map(isLabel) == true
        case .labelPrecision: return label(of: expected) != nil
        case .numericMatch: return number(in: expected) != nil
        case .tokenF1, .rougeL: return AnswerWords("", expected: expected).tokenF1 != nil
        case .toolName, .toolArguments: return ExpectedCalls(expected) != nil
        // Without parts that could be missing.
        default: return true
        }
    }

    /// Why no request of a set asks for it.
    var reasonNotAsked: String {
        let field = parameters.field.map { " with the field \($0.source)" } ?? ""
        switch metric {
        case .fieldMatch: return "no expected answer is JSON\(field)"
        case .fieldAccuracy: return "no expected answer is a JSON object with members"
        case .labelRecall: return "no expected answer is \(parameters.label ?? "it")\(field)"
        case .labelPrecision: return field.isEmpty ? "nothing is expected" : "no expected answer is JSON\(field)"
        case .numericMatch: return "no expected answer has a number in it"
        case .tokenF1, .rougeL: return "no expected answer has a word in it"
        case .toolName, .toolArguments: return "no expected answer is a call of a tool"
        case .languageKept: return "the language of no request can be told"
        case .exactMatch, .editSimilarity, .embeddingExpected: return "nothing is expected"
        default: return "there are no requests"
        }
    }

    /// What an answer says of itself; nil where nothing can be said.
    ///
    /// - Parameter schema: The output schema of the baseline's prompt.
    func value(_ sample: Sample, _ request: TrafficRequest, schema: OutputSchema?) -> Double? {
        if metric.readsTextOnly, sample.isCall { return nil }
        if metric.needsLabels { return rightness(sample, request, schema) }
        switch metric {
        case .availability: return sample.answers(request) ? 1 : 0
        // Calls of tools instead of an answer are not what the schema speaks of.
        case .jsonValid: return sample.isCall ? nil : AnswerCheck.jsonValid(sample.text, schema: schema)
        case .schemaValid: return AnswerCheck.jsonValid(sample.text, schema: parameters.schema)
        case .jsonText: return sample.text.map { AnswerFields($0) == nil ? 0 : 1 }
        case .contains: return sample.text.flatMap(hasAll).map { $0 ? 1 : 0 }
        case .containsNot: return sample.text.flatMap(hasAny).map { $0 ? 0 : 1 }
        case .regex: return sample.text.flatMap { matches([$0]) }
        case .blockedPattern: return sample.text.flatMap { _ in matches(sample.toldTexts) }
        case .personalData:
            guard sample.text != nil else { return nil }
            var redactor = Redactor(key: [UInt8](repeating: 0, count: 32))
            for text in sample.toldTexts { _ = redactor.redact(text) }
            return redactor.counts.isEmpty ? 0 : 1
        case .languageKept: return sample.text.flatMap { Self.isLanguageKept($0, request) }
        case .refusal: return sample.text.map { RefusalPattern.matches($0) ? 1 : 0 }
        case .truncation: return sample.finish.map { _ in sample.isCut ? 1 : 0 }
        case .repetition: return AnswerCheck.repetition(sample.text)
        case .loop: return sample.text.map { AnswerLoop.ends($0) ? 1 : 0 }
        case .timeToFirstToken: return sample.ttftSeconds
        case .timePerOutputToken: return sample.tpotSeconds
        case .totalTime: return sample.totalSeconds
        case .outputTokens: return sample.outputTokens.map(Double.init)
        case .answerLength: return sample.text.map { Double($0.unicodeScalars.count) }
        case .reasoningLength: return sample.text.map { _ in Double(sample.thinking?.unicodeScalars.count ?? 0) }
        case .cost:
            guard let asked = sample.promptTokens, let told = sample.outputTokens, let price = parameters.promptPrice,
                let outputPrice = parameters.outputPrice
            else { return nil }
            return (Double(asked) * price + Double(told) * outputPrice) / 1_000_000
        case .baselineLogProbability:
            guard let sum = sample.answerScore, let count = sample.answerScoreTokens, count > 0 else { return nil }
            return sum / Double(count)
        // Measured while the engines were there.
        case .embeddingBaseline, .topTokenChanged, .tokenDivergence: return sample.metrics[metric.rawValue]
        // They compare the two sides, so they have no value of one side alone.
        case .baselineAgreement, .firstDivergence: return nil
        case .exactMatch, .fieldMatch, .fieldAccuracy, .labelRecall, .labelPrecision, .numericMatch, .editSimilarity,
            .embeddingExpected, .tokenF1, .rougeL, .toolName, .toolArguments:
            return nil
        }
    }

    /// How right an answer is; nil where nothing is expected, or it cannot be said.
    private func rightness(_ sample: Sample, _ request: TrafficRequest, _ schema: OutputSchema?) -> Double? {
        guard let expected = request.expected, let text = sample.text else { return nil }
        switch metric {
        case .exactMatch: return AnswerCheck.exactMatch(text, expected: expected, as: AnswerComparison(schema))
        case .fieldMatch:
            guard let field = parameters.field, let wanted = AnswerFields(expected) else { return nil }
            return wanted.isMet(by: AnswerFields(text), at: field).map { $0 ? 1 : 0 }
        case .fieldAccuracy: return AnswerFields(expected)?.shareMet(by: AnswerFields(text))
        case .labelRecall:
            guard isAsked(by: request) else { return nil }
            return label(of: text).map(isLabel) == true ? 1 : 0
        case .numericMatch:
            guard let tolerance = parameters.tolerance, let wanted = number(in: expected) else { return nil }
            return number(in: text).map { tolerance.allows($0, for: wanted) } == true ? 1 : 0
        case .editSimilarity: return EditSimilarity.of(text, expected)
        case .tokenF1: return AnswerWords(text, expected: expected).tokenF1
        case .rougeL: return AnswerWords(text, expected: expected).rougeL
        case .embeddingExpected: return sample.metrics[metric.rawValue]
        case .toolName, .toolArguments:
            guard let calls = ExpectedCalls(expected) else { return nil }
            let made = (sample.calls ?? []).map { (name: $0.name, arguments: $0.arguments) }
            return calls.areMet(by: made, comparesArguments: metric == .toolArguments) ? 1 : 0
        // Of a label: over all answers. The others need nothing that is expected.
        default: return nil
        }
    }

    // MARK: Labels

    /// Whether the answer says the label, and whether that is right; nil where nothing is expected.
    func outcome(_ sample: Sample, _ request: TrafficRequest) -> (isSaid: Bool, isRight: Bool)? {
        guard let expected = request.expected, let wanted = label(of: expected) else { return nil }
        let isSaid = sample.text.flatMap { label(of: $0) }.map(isLabel) == true
        return (isSaid, isSaid && isLabel(wanted))
    }

    /// What a text says at the field, or all of it without the white space around it.
    private func label(of text: String) -> [UInt8]? {
        guard let field = parameters.field else { return AnswerCheck.trimmed(text) }
        return AnswerFields(text)?.label(at: field)
    }

    private func isLabel(_ bytes: [UInt8]) -> Bool { parameters.label.map { bytes.elementsEqual($0.utf8) } == true }

    private func number(in text: String) -> Double? {
        guard let field = parameters.field else { return AnswerNumber.last(in: text) }
        return AnswerFields(text)?.number(at: field)
    }

    // MARK: Texts

    private func matches(_ texts: [String]) -> Double? {
        parameters.patterns.map { patterns in
            patterns.contains { pattern in texts.contains { pattern.occurs(in: $0) } } ? 1 : 0
        }
    }

    private func hasAll(_ text: String) -> Bool? {
        parameters.texts.map { texts in
            texts.allSatisfy { TextSearch.occurs($0, in: text, ignoresCase: parameters.ignoreCase ?? false) }
        }
    }

    private func hasAny(_ text: String) -> Bool? {
        parameters.texts.map { texts in
            texts.contains { TextSearch.occurs($0, in: text, ignoresCase: parameters.ignoreCase ?? false) }
        }
    }

    /// Whether the beginning and the end of an answer are in the language of the request, as far as it can be told; nil
    /// where it cannot.
    private static func isLanguageKept(_ text: String, _ request: TrafficRequest) -> Double? {
        guard let wanted = request.language else { return nil }
        let end = String(decoding: text.utf8.suffix(LanguageGuess.longest), as: UTF8.self)
        let found = [text, end].compactMap { LanguageGuess.code(of: $0) }
        return found.isEmpty ? nil : found.allSatisfy { $0 == wanted } ? 1 : 0
    }
}

extension Sample {
    /// What is told to whoever asked: the text, and what its calls send.
    fileprivate var toldTexts: [String] { [text].compactMap { $0 } + (calls ?? []).map(\.arguments) }
}
