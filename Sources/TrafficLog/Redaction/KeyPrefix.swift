/// The start of a key by which its issuer is known.
struct KeyPrefix {
    /// The start.
    let text: StaticString
    /// How long the whole key is at least.
    let leastBytes: Int
    /// Whether dots and the other signs of base 64 belong to it.
    var isDotted = false

    /// The prefix at `index`; nil when none of them stands there.
    static func matching(_ span: TextSpan, at index: Int) -> KeyPrefix? {
        guard let candidates = byFirstByte[Int(span[index])] else { return nil }
        return candidates.first { span.has($0.text, at: index) }
    }

    private static let known: [KeyPrefix] = [
        // Ours: `srn_` and 43 signs.
        KeyPrefix(text: "srn_", leastBytes: 24),
        // JSON web tokens and other JSON in base 64: `{"` at its start.
        KeyPrefix(text: "eyJ", leastBytes: 24, isDotted: true),
        KeyPrefix(text: "sk-", leastBytes: 16), KeyPrefix(text: "sk_live_", leastBytes: 16),
        KeyPrefix(text: "sk_test_", leastBytes: 16), KeyPrefix(text: "rk_live_", leastBytes: 16),
        KeyPrefix(text: "rk_test_", leastBytes: 16), KeyPrefix(text: "pk_live_", leastBytes: 16),
        KeyPrefix(text: "whsec_", leastBytes: 16), KeyPrefix(text: "ghp_", leastBytes: 16),
        KeyPrefix(text: "gho_", leastBytes: 16), KeyPrefix(text: "ghu_", leastBytes: 16),
        KeyPrefix(text: "ghs_", leastBytes: 16), KeyPrefix(text: "ghr_", leastBytes: 16),
        KeyPrefix(text: "github_pat_", leastBytes: 20), KeyPrefix(text: "glpat-", leastBytes: 16),
        KeyPrefix(text: "xoxa-", leastBytes: 14), KeyPrefix(text: "xoxb-", leastBytes: 14),
        KeyPrefix(text: "xoxp-", leastBytes: 14), KeyPrefix(text: "xoxr-", leastBytes: 14),
        KeyPrefix(text: "xoxs-", leastBytes: 14), KeyPrefix(text: "xapp-", leastBytes: 14),
        KeyPrefix(text: "AKIA", leastBytes: 20), KeyPrefix(text: "ASIA", leastBytes: 20),
        KeyPrefix(text: "AIza", leastBytes: 30), KeyPrefix(text: "ya29.", leastBytes: 20, isDotted: true),
        KeyPrefix(text: "hf_", leastBytes: 20), KeyPrefix(text: "npm_", leastBytes: 20),
        KeyPrefix(text: "pypi-", leastBytes: 20), KeyPrefix(text: "gsk_", leastBytes: 20),
        KeyPrefix(text: "dckr_pat_", leastBytes: 20), KeyPrefix(text: "SG.", leastBytes: 24, isDotted: true),
        KeyPrefix(text: "shpat_", leastBytes: 20), KeyPrefix(text: "dop_v1_", leastBytes: 20),
        KeyPrefix(text: "lin_api_", leastBytes: 20), KeyPrefix(text: "AGE-SECRET-KEY-", leastBytes: 24),
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
