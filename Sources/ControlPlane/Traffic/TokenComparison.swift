import ReleaseRuntime
import WireFormat

/// Two answers compared token by token (Myers, 1986), both in the tokens of one release.
enum TokenComparison {
    /// The most tokens of an answer that are compared one by one; longer ones are shown as replaced.
    private static let limit = 4000

    /// What both answers share and what one of them has, in order.
    static func differences(_ captured: [Int], _ answer: [Int], of release: LoadedRelease) -> [TokenDifference] {
        runs(captured, answer) { ids in
            String(decoding: ids.flatMap { release.tokenBytes(of: $0) }, as: UTF8.self)
        }
    }

    private static func runs(_ left: [Int], _ right: [Int], text: ([Int]) -> String) -> [TokenDifference] {
        var runs: [(mark: TokenDifference.Side, pieces: [Int])] = []
        func add(_ mark: TokenDifference.Side, _ piece: Int) {
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
}

extension CollectionDifference.Change {
    /// Where the change is.
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
