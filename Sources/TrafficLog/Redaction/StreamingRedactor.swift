/// Redacts a text that arrives in pieces, cut anywhere. What could still grow into a match is held back: the pieces
/// given out, joined, are the redacted whole text.
public struct StreamingRedactor: Sendable {
    /// The redactor, to go on with after ``finish()``.
    public private(set) var redactor: Redactor
    private var held: [UInt8] = []
    private var segmenter = Segmenter()

    /// A stream whose values are numbered with those `redactor` has seen.
    public init(_ redactor: Redactor) { self.redactor = redactor }

    /// Takes the next bytes of the text.
    ///
    /// - Returns: Redacted bytes that nothing to come can change; they never end inside a scalar.
    public mutating func push(_ piece: some Sequence<UInt8>) -> [UInt8] {
        held.append(contentsOf: piece)
        return run(isFinal: false)
    }

    /// The rest of the text; afterwards another one may begin.
    public mutating func finish() -> [UInt8] {
        let rest = run(isFinal: true)
        held = []
        segmenter = Segmenter()
        return rest
    }

    private mutating func run(isFinal: Bool) -> [UInt8] {
        let output = Self.run(held, &segmenter, &redactor, isFinal: isFinal)
        let done = segmenter.start
        if done > 0 {
            held.removeSubrange(0..<done)
            segmenter.drop(done)
        }
        return output
    }

    private static func run(
        _ held: [UInt8],
        _ segmenter: inout Segmenter,
        _ redactor: inout Redactor,
        isFinal: Bool
    ) -> [UInt8] {
        var output: [UInt8] = []
        held.withUnsafeBufferPointer { bytes in
            segmenter.run(bytes, isFinal: isFinal) { segment, next, signs in
                redactor.append(bytes, segment, signs, to: &output)
                output.append(contentsOf: bytes[segment.upperBound..<next])
            }
        }
        return output
    }
}
