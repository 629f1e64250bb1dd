import Digests
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
        let changed = text.withUTF8 { bytes -> [UInt8]? in
            guard let form = NormalForm(bytes) else { return redacted(bytes, form: bytes) { $0 } }
            return form.bytes.withUnsafeBufferPointer { redacted(bytes, form: $0, form.range(of:)) }
        }
        return changed.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// The text with placeholders for what is found in its normal form; nil when nothing is.
    private mutating func redacted(
        _ bytes: UnsafeBufferPointer<UInt8>,
        form: UnsafeBufferPointer<UInt8>,
        _ origin: (Range<Int>) -> Range<Int>
    ) -> [UInt8]? {
        var output: [UInt8]?
        var done = 0
        var segmenter = Segmenter()
        segmenter.run(form) { segment, signs in
            for claim in RuleSet.claims(in: form, segment, signs) {
                let range = origin(claim.range)
                if output == nil {
                    output = []
                    output?.reserveCapacity(bytes.count)
                }
                output?.append(contentsOf: bytes[done..<range.lowerBound])
                output?.append(contentsOf: placeholders.placeholder(for: form[claim.range], claim.kind))
                done = range.upperBound
            }
        }
        output?.append(contentsOf: bytes[done...])
        return output
    }

    // MARK: What is stored

    /// The texts of a request as they may be stored: what was asked first, then the answers.
    public mutating func redact(_ body: RequestBody) -> RedactedBody {
        var variables: [String: String] = [:]
        // Names too: a request that was refused may have sent anything as one.
        for name in body.variables.keys.sorted() { variables[redact(name)] = body.variables[name].map { redact($0) } }
        let messages = body.messages?.map { redact($0) }
        var settings: [String: JSONValue] = [:]
        for name in body.settings.keys.sorted() { settings[redact(name)] = body.settings[name].map { redact($0) } }
        let answers = body.answers.map { redact($0) }
        let thinking = body.thinking?.map { redact($0) }
        let calls = body.calls?.map { $0.map { redact($0) } }
        let tools = body.tools.map { redact($0) }
        let reason = body.reason.map { redact($0) }
        var redactions = body.redactions
        for (kind, count) in counts { redactions[kind.rawValue, default: 0] += count }
        return RedactedBody(
            body: RequestBody(
                variables: variables,
                messages: messages,
                settings: settings,
                answers: answers,
                answerTokens: answers.first == body.answers.first && thinking?.first == body.thinking?.first
                    && calls?.first == body.calls?.first ? body.answerTokens : nil,
                redactions: redactions,
                askedAt: body.askedAt,
                thinking: thinking,
                calls: calls,
                tools: tools,
                invalidBytes: body.invalidBytes,
                reason: reason
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

    private mutating func redact(_ message: ChatMessage) -> ChatMessage {
        ChatMessage(
            role: message.role,
            text: message.role == .tool ? redactJSON(message.text) : redact(message.text),
            thinking: message.thinking.map { redact($0) },
            calls: message.calls?.map { redact($0) },
            answers: message.answers.map { redact($0) },
            name: message.name.map { redact($0) }
        )
    }

    private mutating func redact(_ call: ToolCall) -> ToolCall {
        ToolCall(id: redact(call.id), name: redact(call.name), arguments: redactJSON(call.arguments))
    }

    /// The text of a call or of its result. Where it is JSON, its texts are read without their escapes and what is found leaves
    /// JSON behind; then it is read once more as it is written, for what a name beside a value says. Numbers as calls have them
    /// are looked at too.
    private mutating func redactJSON(_ text: String) -> String {
        guard let first = text.utf8.first(where: { $0 > 0x20 }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            let value = try? JSONText.parse(text)
        else { return redact(text) }
        let redacted = redact(value)
        guard redacted != value, let bytes = try? CanonicalJSON.encode(redacted) else { return redact(text) }
        return redact(String(decoding: bytes, as: UTF8.self))
    }

    private mutating func redact(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool: return value
        case .number(let number):
            // A number of 2^53 or more is no longer the one that was written; as it is written it is read besides.
            guard let digits = Int64(exactly: number).map(String.init) else { return value }
            let redacted = redact(digits)
            return redacted.utf8.elementsEqual(digits.utf8) ? value : .string(redacted)
        case .string(let text): return .string(redact(text))
        case .array(let items): return .array(items.map { redact($0) })
        case .object(let members):
            var redacted: [String: JSONValue] = [:]
            for name in members.keys.sorted() { redacted[redact(name)] = members[name].map { redact($0) } }
            return .object(redacted)
        }
    }
}

/// The rules by which texts are redacted before they are stored, and what they do not find.
///
/// Found: e-mail addresses (also with non-ASCII letters), payment cards (13 to 19 digits with the check digit
/// of Luhn, 1954), bank accounts (IBAN of the listed countries, ISO 7064 mod 97), telephone numbers (`+` or `00` and a
/// country, a leading zero, North American groups, or any number after a word such as "Tel."), IPv4 and IPv6 addresses,
/// keys with a known prefix, addresses of web hooks, JSON web tokens, `Bearer` and `Basic` credentials, values named
/// `password`, `DB_PASS`, `token` and so on, also by `password is`, long texts that look random, and PEM blocks; each also in
/// the ways to write it that ``NormalForm`` reads, and in base 64 of 16 signs or more.
///
/// Not found: names of people, postal addresses, dates of birth, local telephone numbers without a leading zero,
/// passwords that nothing names, anything written out in words without brackets or broken over lines, encoded twice,
/// compressed, or drawn with signs of other scripts that only look alike. A number in JSON that stands
/// outside quotes is replaced by a placeholder without quotes. A text that itself says `<EMAIL_1>` cannot be told from
/// one that was redacted.
public enum Redaction {
    /// The version of the rules; stored with every text.
    public static let version = 3
}

/// What redaction replaces; the raw value is the word in the placeholder, such as `<EMAIL_1>`.
public enum RedactionKind: String, Codable, Sendable, CaseIterable, Comparable {
    /// An API key, a token, a password that is named as one, a JSON web token, a PEM block.
    case key = "KEY"
    /// An e-mail address.
    case email = "EMAIL"
    /// An international bank account number.
    case iban = "IBAN"
    /// An IPv4 or IPv6 address.
    case ip = "IP"
    /// The number of a payment card.
    case card = "CARD"
    /// A telephone number.
    case phone = "PHONE"

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The texts of a request as they may be stored. Only a ``Redactor`` makes them.
public struct RedactedBody: Hashable, Sendable {
    /// The texts.
    public let body: RequestBody
    /// The placeholders in them by name, such as `EMAIL_1`, each with 16 hexadecimal digits of a keyed hash of what it
    /// stands for, so that a correction that comes later has the same numbers.
    public let marks: [String: String]

    init(body: RequestBody, marks: [String: String]) {
        self.body = body
        self.marks = marks
    }
}

/// A label as it may be stored. Only a ``Redactor`` makes it.
public struct RedactedLabel: Hashable, Sendable {
    /// The label.
    public let label: RequestLabel

    init(label: RequestLabel) { self.label = label }
}

/// The numbers that redacted values have within one request: the same value has the same number in every text of it.
struct Placeholders {
    private struct Value: Hashable {
        let kind: RedactionKind
        let bytes: [UInt8]
    }

    private let key: [UInt8]
    private var numbers: [Value: Int] = [:]
    private var used: [RedactionKind: Int] = [:]
    private var known: [String: String]
    /// How many replacements were made, by kind.
    private(set) var counts: [RedactionKind: Int] = [:]

    /// Numbers that go on from those of `marks`, made with the same key.
    init(key: [UInt8], marks: [String: String]) {
        self.key = key
        known = Dictionary(marks.map { ($1, $0) }, uniquingKeysWith: { min($0, $1) })
        for name in marks.keys {
            let parts = name.utf8.split(separator: 0x5f)
            guard parts.count == 2, let kind = RedactionKind(rawValue: String(decoding: parts[0], as: UTF8.self)),
                let number = Int(String(decoding: parts[1], as: UTF8.self))
            else { continue }
            used[kind] = max(used[kind] ?? 0, number)
        }
    }

    /// The placeholder of the value in `bytes`.
    mutating func placeholder(for bytes: some Sequence<UInt8>, _ kind: RedactionKind) -> [UInt8] {
        let value = Value(kind: kind, bytes: Self.canonical(bytes, kind))
        counts[kind, default: 0] += 1
        return Array("<\(kind.rawValue)_\(number(of: value))>".utf8)
    }

    private mutating func number(of value: Value) -> Int {
        if let number = numbers[value] { return number }
        let number: Int
        if !known.isEmpty, let name = known[mark(of: value)], let end = name.utf8.lastIndex(of: 0x5f),
            let before = Int(name[name.utf8.index(after: end)...])
        {
            number = before
        } else {
            number = (used[value.kind] ?? 0) + 1
            used[value.kind] = number
        }
        numbers[value] = number
        return number
    }

    /// The names of the placeholders, such as `EMAIL_1`, and a keyed hash of what each stands for.
    var marks: [String: String] {
        var marks: [String: String] = [:]
        for (value, number) in numbers { marks["\(value.kind.rawValue)_\(number)"] = mark(of: value) }
        return marks
    }

    /// 64 bits of a keyed hash: without the key a value cannot be found by trying.
    private func mark(of value: Value) -> String {
        let code = HMACSHA256.code(of: Array(value.kind.rawValue.utf8) + [0] + value.bytes, key: key)
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: code.prefix(8).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }

    /// The value without what may differ between two ways to write it.
    private static func canonical(_ bytes: some Sequence<UInt8>, _ kind: RedactionKind) -> [UInt8] {
        switch kind {
        case .key: Array(bytes)
        case .email, .ip: bytes.map { ByteClasses.isUpper($0) ? $0 | 0x20 : $0 }
        case .card: bytes.filter(ByteClasses.isDigit)
        case .iban: bytes.compactMap { ByteClasses.isLetter($0) ? $0 | 0x20 : ByteClasses.isDigit($0) ? $0 : nil }
        case .phone: bytes.filter { ByteClasses.isDigit($0) || $0 == 0x2b }
        }
    }
}
