import ReleaseRuntime
import WireFormat

/// Two answers compared token by token (Myers, 1986), or word by word where one of them has no tokens to compare.
enum TokenComparison {
    /// The most pieces of an answer that are compared one by one.
    private static let limit = 4000

    /// What both answers share and what one of them has, in order.
    ///
    /// - Parameters:
    ///   - capturedTokens: The ids of the captured answer; nil when redaction changed its text.
    ///   - isSameTokenizer: Whether the ids mean the same in `release`.
    static func differences(
        captured: String,
        capturedTokens: [Int]?,
        answer: Answer,
        release: LoadedRelease,
        isSameTokenizer: Bool
    ) -> [TokenDifference] {
        guard isSameTokenizer, let tokens = capturedTokens else {
            return runs(words(captured), words(answer.text), text: { $0.joined() })
        }
        return runs(tokens, answer.tokens) { ids in
            String(decoding: ids.flatMap { release.tokenBytes(of: $0) }, as: UTF8.self)
        }
    }

    private static func runs<Piece: Hashable>(
        _ left: [Piece],
        _ right: [Piece],
        text: ([Piece]) -> String
    ) -> [TokenDifference] {
        var runs: [(mark: TokenDifference.Mark, pieces: [Piece])] = []
        func add(_ mark: TokenDifference.Mark, _ piece: Piece) {
            if runs.last?.mark == mark {
                runs[runs.count - 1].pieces.append(piece)
            } else {
                runs.append((mark, [piece]))
            }
        }
        if left.count > limit || right.count > limit {
            if left == right {
                for piece in left { add(.same, piece) }
            } else {
                for piece in left { add(.removed, piece) }
                for piece in right { add(.added, piece) }
            }
        } else {
            let difference = right.difference(from: left)
            let removed = Set(difference.removals.map(\.offset)), added = Set(difference.insertions.map(\.offset))
            var (l, r) = (0, 0)
            while l < left.count || r < right.count {
                if l < left.count, removed.contains(l) {
                    add(.removed, left[l])
                    l += 1
                } else if r < right.count, added.contains(r) {
                    add(.added, right[r])
                    r += 1
                } else if l < left.count {
                    add(.same, left[l])
                    l += 1
                    r += 1
                } else {
                    break
                }
            }
        }
        return runs.map { TokenDifference(mark: $0.mark, text: text($0.pieces), tokens: $0.pieces.count) }
    }

    /// A text in words, each with the space after it.
    private static func words(_ text: String) -> [String] {
        var words: [[UInt8]] = [[]]
        for byte in text.utf8 {
            words[words.count - 1].append(byte)
            if byte == 0x20 || byte == 0x0a || byte == 0x09 { words.append([]) }
        }
        return words.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
    }
}

extension CollectionDifference.Change {
    /// Where the change is.
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
