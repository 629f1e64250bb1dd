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
