public import RegistryTypes
public import UserDocuments
import Wording

/// Whether the requests of a set can be put to a prompt at all: what is known before anything runs.
public struct RequestFit: Hashable, Sendable {
    /// Requests looked at.
    public let requests: Int
    /// Of those, the ones that the prompt does not take.
    public private(set) var refused = 0
    private var missing: [String: Int] = [:]
    private var unknown: [String: Int] = [:]
    private var tooLong: [String: Int] = [:]
    /// What else keeps conversations out of the prompt, in words that end before `in 3 of 300 requests`.
    private var others: [String: Int] = [:]
    private let prompt: Name

    /// The share of requests that need not fit: what a check may miss of its values.
    private static let maxRefused = 0.05

    /// Puts `requests` to `prompt`.
    public init(_ requests: some Collection<TrafficRequest>, prompt: PromptDocument) {
        self.requests = requests.count
        self.prompt = prompt.name
        let known = Set(prompt.variables.map(\.name))
        for request in requests {
            let fits =
                switch request.content {
                case .variables(let values): take(values, prompt, known)
                case .messages(let messages): take(messages, prompt)
                }
            if !fits { refused += 1 }
        }
    }

    private mutating func take(_ values: [String: String], _ prompt: PromptDocument, _ known: Set<String>) -> Bool {
        var fits = true
        for variable in prompt.variables {
            if let value = values[variable.name] {
                guard let limit = variable.maxLength, value.unicodeScalars.count > limit else { continue }
                tooLong[variable.name, default: 0] += 1
            } else {
                guard variable.isRequired else { continue }
                missing[variable.name, default: 0] += 1
            }
            fits = false
        }
        for name in values.keys where !known.contains(name) {
            unknown[name, default: 0] += 1
            fits = false
        }
        return fits
    }

    private mutating func take(_ messages: [ChatMessage], _ prompt: PromptDocument) -> Bool {
        if prompt.format == .raw {
            others["a conversation, which prompt \(prompt.name) of format raw has no place for,", default: 0] += 1
            return false
        }
        // Which templates of model files list tools is known with the weights; other formats have no place for them.
        if prompt.format != .model, messages.contains(where: \.needsTools) {
            others[
                "turns of tools, which prompt \(prompt.name) of format \(prompt.format.rawValue) has no place for,",
                default: 0
            ] += 1
            return false
        }
        do {
            _ = try prompt.turns(of: messages)
            return true
        } catch PromptError.valueTooLong(let variable, _, _, _) {
            tooLong[variable, default: 0] += 1
        } catch {
            others[Self.words(error), default: 0] += 1
        }
        return false
    }

    /// Why a prompt does not take a conversation.
    private static func words(_ error: PromptError) -> String {
        switch error {
        case .systemRefused(_, let prompt):
            "a system message, which prompt \(prompt) refuses (clientSystem: append or replace takes it),"
        case .systemAfterTurns(_, let prompt):
            "a system message after the first turn, for which prompt \(prompt) has no place,"
        case .noUserMessage(let variable, _): "no message of the user for variable \(shown(variable))"
        case .messagesNeedVariable(let variable, let prompt):
            "a conversation, which does not bring variable \(shown(variable)) of prompt \(prompt),"
        case .noPlaceForMessages(let prompt): "a conversation, which prompt \(prompt) has no place for,"
        case .unclosedPlace, .badPlace, .missingVariable, .unknownVariable, .valueTooLong: "\(error)"
        }
    }

    /// Whether so many do not fit that a run over them would show nothing.
    public var isTooFew: Bool { Double(refused) > Self.maxRefused * Double(requests) || requests == 0 }

    /// What does not fit, most of it first, such as `variable ticket is missing in 300 of 300 requests`; empty when all do.
    public var problems: [String] {
        let of = "of \(NumberText.count(requests, "request"))"
        func lines(_ counts: [String: Int], _ words: String) -> [(count: Int, line: String)] {
            counts.sorted { $0.key < $1.key }.map { name, count in
                (count, "variable \(Self.shown(name)) \(words) \(NumberText.count(count)) \(of)")
            }
        }
        let all =
            lines(missing, "is missing in") + lines(tooLong, "is longer than prompt \(prompt) allows in")
            + lines(unknown, "is not known to prompt \(prompt) in")
            + others.sorted { $0.key < $1.key }.map { words, count in
                (count, "\(words) in \(NumberText.count(count)) \(of)")
            }
        return all.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
            .prefix(4).map(\.element.line)
    }

    /// Names of variables are what a file says: at most 40 bytes of them, on one line.
    private static func shown(_ name: String) -> String {
        String(decoding: name.utf8.prefix(40).map { $0 < 0x20 || $0 == 0x7f ? 0x3f : $0 }, as: UTF8.self)
    }
}

extension CanarySchedule {
    /// The requests that it draws, in its order.
    public func drawn(from requests: [TrafficRequest]) -> [TrafficRequest] {
        steps.compactMap { requests.indices.contains($0.request) ? requests[$0.request] : nil }
    }
}

extension CanaryDocument {
    /// Why no run by it could decide between releases whose answers `schema` speaks of; nil when one could.
    public func nothingToMeasure(schema: OutputSchema?) -> String? {
        guard schema == nil, let check = checks.first(where: { $0.metric == .jsonValid && !$0.isWatchOnly }) else {
            return nil
        }
        return "check \"\(check.name)\" asks for valid JSON, and the baseline's prompt has no output schema"
    }

    /// Why no run over `requests` could decide, because none of them asks for what a check looks at; nil when one could. Where
    /// nobody said what to expect at all, agreement with the baseline decides instead.
    public func nothingAsked(of requests: [TrafficRequest]) -> String? {
        let isLabelled = requests.contains { $0.expected != nil }
        let check = checks.first { check in
            let measure = check.measure
            return !check.isWatchOnly && (isLabelled || !check.metric.needsLabels)
                && !requests.contains(where: measure.isAsked)
        }
        return check.map { "check \"\($0.name)\" has nothing to look at: \($0.measure.reasonNotAsked)" }
    }
}
