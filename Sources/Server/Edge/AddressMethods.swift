import HTTPTypes
import WireFormat

/// The methods that each address takes, to tell a method that is none of them (405) from an address that is not there (404).
struct AddressMethods: Sendable {
    /// A registered pattern: nil for a part that is open.
    private struct Pattern {
        let parts: [[UInt8]?]
        let method: String

        func fits(_ path: [ArraySlice<UInt8>]) -> Bool {
            zip(parts, path).allSatisfy { part, given in part.map { $0.elementsEqual(given) } ?? true }
        }
    }

    private let patterns: [Int: [Pattern]]

    init(_ entries: [Routes.Entry]) {
        let all = entries.map { entry in
            Pattern(
                parts: Self.parts(entry.pattern).map { $0.first == UInt8(ascii: "{") ? nil : Array($0) },
                method: entry.method
            )
        }
        patterns = Dictionary(grouping: all) { $0.parts.count }
    }

    /// What an address takes, in the order of the alphabet; nothing where there is none.
    func methods(of path: String) -> [String] {
        let parts = Self.parts(path)
        var found = Set((patterns[parts.count] ?? []).filter { $0.fits(parts) }.map(\.method))
        if found.contains("GET") { found.insert("HEAD") }
        return found.sorted()
    }

    /// Refuses a method that an address does not take while it takes another.
    ///
    /// - Throws: `Problem` with status 405.
    func check(_ method: HTTPRequest.Method, _ path: String) throws(Problem) {
        let taken = methods(of: path)
        guard !taken.isEmpty, !taken.contains(method.rawValue) else { return }
        throw Problem(
            status: 405,
            title:
                "this address takes \(taken.filter { $0 != "HEAD" }.joined(separator: " and ")), not \(method.rawValue)",
            exit: ExitCode.usage.rawValue
        )
    }

    private static func parts(_ path: String) -> [ArraySlice<UInt8>] { Array(path.utf8).split(separator: 0x2f) }
}
