import Digests
public import RegistryTypes
import StrictJSON

/// Which requests of a set ask something of their own. One that asks the same again shows nothing new, whatever it is called,
/// tagged or expected to bring: all of them together are one observation, so that nobody makes evidence by copying lines.
public struct DistinctRequests: Sendable {
    /// Requests in all.
    public let requests: Int
    /// How many different things they ask.
    public let count: Int
    /// Of those, the ones that rows expect different answers to.
    public let contradictory: Int
    /// For each request, which of the different things it asks.
    private let contents: [Int]
    /// For each request, how much its expected answer weighs against that of another row that asks the same.
    private let ranks: [Int]

    /// Compares what `requests` ask: variables or turns, tools and settings, byte by byte.
    public init(_ requests: some Collection<TrafficRequest>) {
        var numbers: [Digest: Int] = [:]
        var expected: [[UInt8]?] = []
        var contents: [Int] = []
        var contradictory: Set<Int> = []
        for request in requests {
            let digest = Digest(of: Self.asked(request)), expects = request.expected.map { Array($0.utf8) }
            if let number = numbers[digest] {
                contents.append(number)
                guard let expects else { continue }
                if let known = expected[number], known != expects { contradictory.insert(number) }
                expected[number] = expects
            } else {
                contents.append(numbers.count)
                numbers[digest] = numbers.count
                expected.append(expects)
            }
        }
        self.requests = contents.count
        count = numbers.count
        self.contradictory = contradictory.count
        self.contents = contents
        ranks = requests.map { $0.expected == nil ? 0 : $0.expectedFrom == .correction ? 2 : 1 }
    }

    /// Whether some ask the same.
    public var hasRepeats: Bool { count < requests }

    /// The places in `order`, first those that stand for what they ask, then all that ask it again; the same order where
    /// nothing is asked twice. A person's correction stands before another row, and one that expects something before one
    /// that does not.
    public func repeatsLast(_ order: [Int]) -> [Int] {
        guard hasRepeats else { return order }
        var sequence: [Int] = []
        var repeats: [Int] = []
        var chosen: [Int: Int] = [:]
        for place in order {
            let content = contents[place]
            if let other = chosen[content] {
                let isBetter = ranks[place] > ranks[other]
                repeats.append(isBetter ? other : place)
                if isBetter { chosen[content] = place }
            } else {
                chosen[content] = place
                sequence.append(content)
            }
        }
        return sequence.compactMap { chosen[$0] } + repeats
    }

    /// The first request that stands for each thing asked, in the order of the set.
    public var representatives: [Int] { Array(repeatsLast(Array(0..<requests)).prefix(count)) }

    /// Names and values with their lengths, so that no two requests give the same bytes.
    private static func asked(_ request: TrafficRequest) -> [UInt8] {
        var bytes: [UInt8] = []
        func add(_ text: String) {
            withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { bytes += $0 }
            bytes += text.utf8
        }
        for (name, value) in request.variables.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            add(name)
            add(value)
        }
        if let tools = request.tools {
            bytes.append(1)
            add(tools)
        }
        for message in request.messages ?? [] {
            bytes.append(2)
            add(message.role.rawValue)
            add(message.text)
            for text in [message.thinking, message.answers, message.name] {
                bytes.append(text == nil ? 0 : 1)
                add(text ?? "")
            }
            bytes.append(message.calls == nil ? 0 : 1)
            for call in message.calls ?? [] { for text in [call.id, call.name, call.arguments] { add(text) } }
            bytes.append(3)
        }
        if let settings = request.settings, let canonical = try? CanonicalJSON.encode(settings) {
            bytes.append(4)
            bytes += canonical
        }
        return bytes
    }
}
