public import RegistryTypes

/// Where the expected answers of a set come from: what a wrong answer was wrong against.
public struct Expectations: Hashable, Sendable, Codable {
    /// Requests in all.
    public let requests: Int
    /// Expected answers that the imported set brought.
    public let imported: Int
    /// Answers of a release that a person called right: an echo, against which another right answer counts as wrong.
    public let answers: Int
    /// Answers that a person wrote in the place of a release's.
    public let corrections: Int

    /// The expectations of `requests`.
    public init(of requests: some Collection<TrafficRequest>) {
        let expecting = requests.filter { $0.expected != nil }
        self.requests = requests.count
        imported = expecting.count { $0.expectedFrom == nil }
        answers = expecting.count { $0.expectedFrom == .answer }
        corrections = expecting.count { $0.expectedFrom == .correction }
    }

    /// Where they come from in a sentence; nil where nothing is expected.
    ///
    /// - Parameter write: How a number is written.
    public func words(_ write: (Int) -> String) -> String? {
        func part(_ count: Int, _ one: String, _ many: String) -> String? {
            count == 0 ? nil : "\(write(count)) \(count == 1 ? one : many)"
        }
        let parts = [
            part(imported, "from the imported set", "from the imported set"),
            part(
                answers,
                "a release's own answer that a person called right (another right answer counts as wrong)",
                "a release's own answers that a person called right (another right answer counts as wrong)"
            ),
            part(corrections, "a person's correction", "a person's corrections"),
        ]
        .compactMap(\.self)
        guard !parts.isEmpty else { return nil }
        let without = requests - imported - answers - corrections
        return (parts + (without > 0 ? ["\(write(without)) without"] : [])).joined(separator: ", ")
    }
}
