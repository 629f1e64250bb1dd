import Testing

@testable import Pages

struct WordDifferenceTests {
    /// A side as text with its marks in brackets.
    private func marked(_ runs: [WordDifference.Run]) -> String {
        runs.map { $0.isDifferent ? "[\($0.words.html)]" : $0.words.html }.joined()
    }

    @Test(arguments: [
        ("same words", "same words", "same words", "same words"),
        ("order 48213 now", "order 4821 now", "order [48213] now", "order [4821] now"),
        ("", "new", "", "[new]"),
        ("a b", "b", "[a ]b", "b"),
        ("über uns", "unter uns", "[über] uns", "[unter] uns"),
        ("a<b", "a>b", "a[&lt;]b", "a[&gt;]b"),
    ])
    func marksWhatOneSideLacks(left: String, right: String, leftMarked: String, rightMarked: String) {
        let difference = WordDifference(left, right, limit: 1000)
        #expect(marked(difference.left) == leftMarked)
        #expect(marked(difference.right) == rightMarked)
    }

    @Test func longTextsAreShownWithoutMarks() {
        let left = String(repeating: "word ", count: 5000), right = String(repeating: "other ", count: 5000)
        let difference = WordDifference(left, right, limit: 1000)
        #expect(difference.left.count == 1 && difference.right.count == 1)
        #expect(difference.left[0].words.html.utf8.count < 1100)
    }
}
