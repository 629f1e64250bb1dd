/// Finds secrets: PEM blocks, keys with a known prefix, credentials and values that a word before them names, and long
/// runs that look random.
enum KeyRule {
    static func claims(in span: TextSpan, _ claims: inout [Claim]) {
        var index = span.lower
        while index < span.upper {
            let byte = span[index]
            if byte == 0x2d, let end = pemEnd(in: span, from: index) {
                claims.append(Claim(range: index..<end, kind: .key))
                index = end
            } else if byte == 0x3a, let secret = SecretWord.ofAddress(in: span, from: index) {
                claims.append(Claim(range: secret, kind: .key))
                index = secret.upperBound
            } else if ByteClasses.isKeySign(byte) {
                index = word(in: span, from: index, &claims)
            } else {
                index += 1
            }
        }
    }

    /// Looks at the run of key signs from `start` on and at what it names.
    ///
    /// - Returns: Where to go on.
    private static func word(in span: TextSpan, from start: Int, _ claims: inout [Claim]) -> Int {
        let end = span.end(from: start, while: ByteClasses.isKeySign)
        if let value = SecretWord.value(in: span, after: start..<end) {
            claims.append(Claim(range: value, kind: .key))
            return value.upperBound
        }
        guard end - start >= 4 else { return end }
        var index = start
        while index + 4 <= end {
            // Inside a run a key may follow a hyphen, a line or the letter of an escape.
            if index == start || span.mayStart(index), let prefix = KeyPrefix.matching(span, at: index) {
                let stop = prefix.isDotted ? span.end(from: index, while: ByteClasses.isCredential) : end
                let trimmed = trim(span, index..<stop)
                if trimmed.count >= prefix.minBytes {
                    claims.append(Claim(range: trimmed, kind: .key))
                    return trimmed.upperBound
                }
                if prefix.isDotted { return max(stop, end) }
            }
            index += 1
        }
        let first = span.isEscape(start) ? start + 1 : start
        if looksRandom(span, first..<end) {
            claims.append(Claim(range: first..<end, kind: .key))
        }
        return end
    }

    /// Without the full stops and slashes at the end, which belong to the sentence.
    private static func trim(_ span: TextSpan, _ range: Range<Int>) -> Range<Int> {
        var end = range.upperBound
        while end > range.lowerBound, span[end - 1] == 0x2e || span[end - 1] == 0x2f { end -= 1 }
        return range.lowerBound..<end
    }

    /// Whether 32 or more signs change between small letters, large letters and digits as often as random ones do: at
    /// 40 % of the neighbours and more (random: 62 % ± 9 %; words with hyphens or humps: under 35 %).
    private static func looksRandom(_ span: TextSpan, _ range: Range<Int>) -> Bool {
        guard range.count >= 32, range.count <= 4096 else { return false }
        var changes = 0
        var pairs = 0
        var seen: UInt8 = 0
        var previous: UInt8 = 0
        for index in range {
            let byte = span[index]
            let sort: UInt8 =
                ByteClasses.isDigit(byte) ? 1 : ByteClasses.isUpper(byte) ? 2 : ByteClasses.isLetter(byte) ? 4 : 0
            if sort != 0, previous != 0 {
                pairs += 1
                if sort != previous { changes += 1 }
            }
            previous = sort
            seen |= sort
        }
        return seen == 7 && changes * 5 >= pairs * 2
    }

    // MARK: PEM

    /// The line that starts a block.
    static let pemStart: StaticString = "-----BEGIN "
    private static let pemStop: StaticString = "-----END "

    /// What may stand inside a block: base 64, its headers and line ends, also escaped ones.
    static func isPEM(_ byte: UInt8) -> Bool {
        ByteClasses.isAlphanumeric(byte) || ByteClasses.isSpace(byte) || byte == 0x2b || byte == 0x2f || byte == 0x3d
            || byte == 0x2d || byte == 0x3a || byte == 0x2c || byte == 0x5c
    }

    /// Where the block that starts at `start` ends. A block without an end goes as far as it can be one.
    private static func pemEnd(in span: TextSpan, from start: Int) -> Int? {
        guard span.has(pemStart, at: start) else { return nil }
        var index = start + pemStart.utf8CodeUnitCount
        while index < span.upper, isPEM(span[index]) {
            if span[index] == 0x2d, span.has(pemStop, at: index) {
                let name = span.end(from: index + pemStop.utf8CodeUnitCount) { $0 != 0x2d && isPEM($0) }
                return span.end(from: name) { $0 == 0x2d }
            }
            index += 1
        }
        return index
    }
}

/// The start of a key by which its issuer is known.
struct KeyPrefix {
    /// The start.
    let text: StaticString
    /// How long the whole key is at least.
    let minBytes: Int
    /// Whether dots and the other signs of base 64 belong to it.
    var isDotted = false

    /// The prefix at `index`; nil when none of them stands there.
    static func matching(_ span: TextSpan, at index: Int) -> KeyPrefix? {
        guard let candidates = byFirstByte[Int(span[index])] else { return nil }
        return candidates.first { span.has($0.text, at: index) }
    }

    private static let known: [KeyPrefix] = [
        // Ours: `srn_` and 43 signs.
        KeyPrefix(text: "srn_", minBytes: 24),
        // JSON web tokens and other JSON in base 64: `{"` at its start.
        KeyPrefix(text: "eyJ", minBytes: 24, isDotted: true),
        KeyPrefix(text: "sk-", minBytes: 16), KeyPrefix(text: "sk_live_", minBytes: 16),
        KeyPrefix(text: "sk_test_", minBytes: 16), KeyPrefix(text: "rk_live_", minBytes: 16),
        KeyPrefix(text: "rk_test_", minBytes: 16), KeyPrefix(text: "pk_live_", minBytes: 16),
        KeyPrefix(text: "whsec_", minBytes: 16), KeyPrefix(text: "ghp_", minBytes: 16),
        KeyPrefix(text: "gho_", minBytes: 16), KeyPrefix(text: "ghu_", minBytes: 16),
        KeyPrefix(text: "ghs_", minBytes: 16), KeyPrefix(text: "ghr_", minBytes: 16),
        KeyPrefix(text: "github_pat_", minBytes: 20), KeyPrefix(text: "glpat-", minBytes: 16),
        KeyPrefix(text: "xoxa-", minBytes: 14), KeyPrefix(text: "xoxb-", minBytes: 14),
        KeyPrefix(text: "xoxp-", minBytes: 14), KeyPrefix(text: "xoxr-", minBytes: 14),
        KeyPrefix(text: "xoxs-", minBytes: 14), KeyPrefix(text: "xapp-", minBytes: 14),
        KeyPrefix(text: "AKIA", minBytes: 20), KeyPrefix(text: "ASIA", minBytes: 20),
        KeyPrefix(text: "AIza", minBytes: 30), KeyPrefix(text: "ya29.", minBytes: 20, isDotted: true),
        KeyPrefix(text: "hf_", minBytes: 20), KeyPrefix(text: "npm_", minBytes: 20),
        KeyPrefix(text: "pypi-", minBytes: 20), KeyPrefix(text: "gsk_", minBytes: 20),
        KeyPrefix(text: "dckr_pat_", minBytes: 20), KeyPrefix(text: "SG.", minBytes: 24, isDotted: true),
        KeyPrefix(text: "shpat_", minBytes: 20), KeyPrefix(text: "dop_v1_", minBytes: 20),
        // Web hooks: who has the address may write.
        KeyPrefix(text: "hooks.slack.com/", minBytes: 30, isDotted: true),
        KeyPrefix(text: "discord.com/api/webhooks/", minBytes: 40, isDotted: true),
        KeyPrefix(text: "lin_api_", minBytes: 20), KeyPrefix(text: "AGE-SECRET-KEY-", minBytes: 24),
    ]

    private static let byFirstByte: [[KeyPrefix]?] = {
        var table = [[KeyPrefix]?](repeating: nil, count: 256)
        for prefix in known {
            let first = Int(prefix.text.utf8Start[0])
            table[first, default: []].append(prefix)
        }
        return table
    }()
}

extension Array where Element == [KeyPrefix]? {
    fileprivate subscript(index: Int, default start: [KeyPrefix]) -> [KeyPrefix] {
        get { self[index] ?? start }
        set { self[index] = newValue }
    }
}
