import Testing

@testable import ModelInspection

@Suite struct TextWindowsTests {
    @Test(arguments: [0, 1, 2, 3, 7, 8, 9, 40, 41, 1000], [2, 3, 8, 9, 64])
    func everyTokenIsScoredOnce(count: Int, limit: Int) {
        for hasBeginning in [false, true] { Self.expectOnce(count, limit, hasBeginning) }
    }

    private static func expectOnce(_ count: Int, _ limit: Int, _ hasBeginning: Bool) {
        let windows = TextWindows(count: count, limit: limit, hasBeginning: hasBeginning).windows
        #expect(windows.flatMap { Array($0.scored) } == Array((hasBeginning ? 0 : min(1, count))..<count))
        for (index, window) in windows.enumerated() {
            #expect(window.context.upperBound == window.scored.lowerBound)
            #expect(!window.scored.isEmpty)
            #expect(window.context.count + window.scored.count + (hasBeginning ? 1 : 0) <= limit)
            // Nothing is foreseen from nothing.
            #expect(hasBeginning || !window.context.isEmpty)
            #expect(index == 0 || limit < 8 || window.context.count >= limit / 4 - 1)
        }
    }

    @Test func aTextThatFitsIsReadAtOnce() {
        let windows = TextWindows(count: 8, limit: 8, hasBeginning: false).windows
        #expect(windows == [TextWindows.Window(context: 0..<1, scored: 1..<8)])
    }
}
