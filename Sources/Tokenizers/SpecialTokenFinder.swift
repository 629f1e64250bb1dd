/// Finds the spellings of tokens in bytes: leftmost first, the longest where several start at one place. Linear in the
/// text whatever the spellings (Aho and Corasick, 1975), read from the end so that each place knows the longest one that
/// starts there.
struct SpecialTokenFinder: Sendable {
    /// A spelling that was found.
    struct Match: Equatable {
        let token: Int
        let range: Range<Int>
    }

    private struct Node {
        var parent: UInt32 = 0
        var byte: UInt8 = 0
        var depth: UInt32 = 0
        /// The node of the longest proper ending of this one's bytes.
        var fallback: UInt32 = 0
        /// The longest spelling that these bytes end with, read backwards.
        var token = TokenIndex.none
        var length: UInt32 = 0
    }

    private var nodes = [Node()]
    private var children: PairTable
    /// Children of the root, where most of a text goes by.
    private var roots = Array(repeating: UInt32(0), count: 256)

    /// Whether there is nothing to find.
    var isEmpty: Bool { nodes.count == 1 }

    /// - Parameter spellings: empty ones are left out; of equal ones the first counts.
    init(_ spellings: [(token: Int, bytes: ArraySlice<UInt8>)]) {
        children = PairTable(capacity: spellings.reduce(1) { $0 + $1.bytes.count })
        for spelling in spellings where !spelling.bytes.isEmpty { insert(spelling.token, spelling.bytes) }
        link()
    }

    private mutating func insert(_ token: Int, _ bytes: ArraySlice<UInt8>) {
        var node: UInt32 = 0
        for byte in bytes.reversed() {
            if let child = child(node, byte) {
                node = child
                continue
            }
            let child = UInt32(nodes.count)
            nodes.append(Node(parent: node, byte: byte, depth: nodes[Int(node)].depth + 1))
            if node == 0 { roots[Int(byte)] = child }
            children.insert(UInt64(node) << 8 | UInt64(byte), UInt64(child))
            node = child
        }
        guard nodes[Int(node)].token == TokenIndex.none else { return }
        nodes[Int(node)].token = UInt32(token)
        nodes[Int(node)].length = UInt32(bytes.count)
    }

    private func child(_ node: UInt32, _ byte: UInt8) -> UInt32? {
        if node == 0 { return roots[Int(byte)] == 0 ? nil : roots[Int(byte)] }
        return children.value(UInt64(node) << 8 | UInt64(byte)).map { UInt32(truncatingIfNeeded: $0) }
    }

    /// Fallbacks, the shallow nodes first.
    private mutating func link() {
        let byDepth = nodes.indices.dropFirst().sorted { (nodes[$0].depth, $0) < (nodes[$1].depth, $1) }
        for index in byDepth {
            let node = nodes[index]
            var fallback: UInt32 = 0
            if node.parent != 0 { fallback = step(nodes[Int(node.parent)].fallback, node.byte) }
            nodes[index].fallback = fallback
            if node.token == TokenIndex.none {
                nodes[index].token = nodes[Int(fallback)].token
                nodes[index].length = nodes[Int(fallback)].length
            }
        }
    }

    private func step(_ from: UInt32, _ byte: UInt8) -> UInt32 {
        var node = from
        while true {
            if let child = child(node, byte) { return child }
            if node == 0 { return 0 }
            node = nodes[Int(node)].fallback
        }
    }

    /// The longest spelling at each place where one starts, in the order of the text; they may overlap.
    func matches(in text: ArraySlice<UInt8>) -> [Match] {
        guard !isEmpty else { return [] }
        var found: [Match] = []
        var node: UInt32 = 0
        for index in text.indices.reversed() {
            if node == 0 {
                node = roots[Int(text[index])]
                if node == 0 { continue }
            } else {
                node = step(node, text[index])
            }
            let state = nodes[Int(node)]
            guard state.token != TokenIndex.none else { continue }
            found.append(Match(token: Int(state.token), range: index..<index + Int(state.length)))
        }
        return found.reversed()
    }

    /// What is found when the first one from the left is taken each time.
    func find(in text: ArraySlice<UInt8>) -> [Match] {
        var end = text.startIndex
        return matches(in: text).filter { match in
            guard match.range.lowerBound >= end else { return false }
            end = match.range.upperBound
            return true
        }
    }
}
