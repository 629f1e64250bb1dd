import Testing

@testable import Commands

struct LineCutterTests {
    private static func lines(_ parts: [String], longest: Int) -> [LineCutter.Line] {
        var cutter = LineCutter(longest: longest)
        var lines: [LineCutter.Line] = []
        for part in parts { cutter.add(Array(part.utf8)) { lines.append($0) } }
        cutter.end { lines.append($0) }
        return lines
    }

    @Test func linesDoNotDependOnTheParts() {
        let text = "one\n\nthree is longer\nfour"
        let whole = Self.lines([text], longest: 100)
        #expect(whole == ["one", "", "three is longer", "four"].map { .text(Array($0.utf8)) })
        for size in 1...text.utf8.count {
            let parts = stride(from: 0, to: text.count, by: size).map { start in
                String(text.dropFirst(start).prefix(size))
            }
            #expect(Self.lines(parts, longest: 100) == whole)
        }
        #expect(Self.lines([], longest: 5) == [] && Self.lines(["\n"], longest: 5) == [.text([])])
    }

    @Test func aLongLineIsSaidAndTheNextOneIsRead() {
        let expected: [LineCutter.Line] = [.text(Array("abcde".utf8)), .tooLong, .text(Array("x".utf8))]
        #expect(Self.lines(["abcde\nabc", "def", "ghi\nx"], longest: 5) == expected)
        #expect(Self.lines(["abcdef"], longest: 5) == [.tooLong])
    }
}
