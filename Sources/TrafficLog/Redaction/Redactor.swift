import Foundation
public import RegistryTypes
import StrictJSON

/// Replaces what must not be stored in the texts of one request by typed, numbered placeholders such as `<EMAIL_1>`.
/// The same value has the same number in all texts that one redactor sees. Time is linear in the text.
public struct Redactor: Sendable {
    private var placeholders: Placeholders

    /// A redactor for one request.
    ///
    /// - Parameters:
    ///   - key: A secret of the server, for ``RedactedBody/marks``; at least 16 bytes.
    ///   - marks: The marks of the same request's texts that were redacted before: its numbers go on.
    public init(key: [UInt8], marks: [String: String] = [:]) {
        placeholders = Placeholders(key: key, marks: marks)
    }

    /// How many replacements were made, by kind.
    public var counts: [RedactionKind: Int] { placeholders.counts }

    /// The text without what the rules find. Redacting it again changes nothing.
    public mutating func redact(_ text: String) -> String {
        var text = text
        let redacted = text.withUTF8 { bytes -> [UInt8]? in
            var output: [UInt8]?
            var done = 0
            var segmenter = Segmenter()
            segmenter.run(bytes) { segment, signs in
                for claim in RuleSet.claims(in: bytes, segment, signs) {
                    if output == nil {
                        output = []
                        output?.reserveCapacity(bytes.count)
                    }
                    output?.append(contentsOf: bytes[done..<claim.range.lowerBound])
                    output?.append(contentsOf: placeholders.placeholder(for: bytes[claim.range], claim.kind))
                    done = claim.range.upperBound
                }
            }
            output?.append(contentsOf: bytes[done...])
            return output
        }
        return redacted.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    // MARK: What is stored

    /// The texts of a request as they may be stored: what was asked first, then the answers.
    public mutating func redact(_ body: RequestBody) -> RedactedBody {
        var variables: [String: String] = [:]
        // Names too: a request that was refused may have sent anything as one.
        for name in body.variables.keys.sorted() { variables[redact(name)] = body.variables[name].map { redact($0) } }
        let messages = body.messages?.map { ChatMessage(role: $0.role, text: redact($0.text)) }
        var settings: [String: JSONValue] = [:]
        for name in body.settings.keys.sorted() { settings[redact(name)] = body.settings[name].map { redact($0) } }
        let answers = body.answers.map { redact($0) }
        var redactions = body.redactions
        for (kind, count) in counts { redactions[kind.rawValue, default: 0] += count }
        return RedactedBody(
            body: RequestBody(
                variables: variables,
                messages: messages,
                settings: settings,
                answers: answers,
                answerTokens: answers.first == body.answers.first ? body.answerTokens : nil,
                redactions: redactions
            ),
            marks: placeholders.marks
        )
    }

    /// A label as it may be stored.
    public mutating func redact(_ label: RequestLabel) -> RedactedLabel {
        RedactedLabel(
            label: RequestLabel(
                request: label.request,
                isCorrect: label.isCorrect,
                isLiked: label.isLiked,
                correction: label.correction.map { redact($0) },
                comment: label.comment.map { redact($0) },
                by: label.by,
                at: label.at
            )
        )
    }

    private mutating func redact(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .number: return value
        case .string(let text): return .string(redact(text))
        case .array(let items): return .array(items.map { redact($0) })
        case .object(let members):
            var redacted: [String: JSONValue] = [:]
            for name in members.keys.sorted() { redacted[redact(name)] = members[name].map { redact($0) } }
            return .object(redacted)
        }
    }
}
