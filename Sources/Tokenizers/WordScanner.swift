/// Cuts one piece of a text further. Indexes are those of scalars; nothing is seen beyond the piece, so that its end
/// counts as the end of the text.
struct WordScanner {
    /// A way to cut, each for one regular expression (given with its function).
    enum Step {
        case gpt2
        case words(letters: CharacterClasses, maxDigits: Int)
        case caseWords(maxDigits: Int, contractions: Bool)
        case lines
        case lineBreaks
        case singleNumbers
        case numberRuns
        case threeDigits
        case punctuationRuns(withBacktick: Bool)
        case letterRuns
        case signRuns
        case casedWords
        case wideSigns
        case eastAsianRuns
        case spacesAtEnd
    }

    private let text: ScalarText
    private(set) var start = 0
    private(set) var end = 0

    init(_ text: ScalarText) { self.text = text }

    /// Goes on to the piece that follows the last one.
    mutating func take(pieceEndingAt end: Int) {
        start = self.end
        self.end = end
    }

    /// Appends where the parts of the piece end.
    func cut(_ step: Step, into ends: inout [Int]) {
        switch step {
        case .gpt2: cutAll(into: &ends, gpt2End)
        case .words(let letters, let digits):
            let signs = letters.contains(.mark) ? CharacterClasses.signsWithoutMarks : .signs
            cutAll(into: &ends) { wordEnd($0, letters: letters, signs: signs, maxDigits: digits) }
        case .caseWords(let digits, let contractions):
            cutAll(into: &ends) { caseWordEnd($0, maxDigits: digits, contractions: contractions) }
        case .lines: cutAll(into: &ends, lineEnd)
        case .lineBreaks: cutOut(into: &ends) { isNewline($0) ? $0 + 1 : nil }
        case .singleNumbers: cutOut(into: &ends) { kind($0) == .number ? $0 + 1 : nil }
        case .numberRuns: cutOut(into: &ends) { runEnd(.numbers, $0) }
        case .threeDigits: cutOut(into: &ends, threeDigitsEnd)
        case .punctuationRuns(let backtick):
            cutOut(into: &ends) { runEnd($0) { isPunctuation($0, withBacktick: backtick) } }
        case .letterRuns: cutOut(into: &ends) { afterBlank($0) { runEnd(.letters, $0) } }
        case .signRuns: cutOut(into: &ends) { afterBlank($0) { runEnd(.punctuation, $0) } }
        case .casedWords: cutOut(into: &ends) { afterBlank($0) { runEnd($0) { CasedLetters.contain(scalar($0)) } } }
        case .wideSigns: cutOut(into: &ends) { afterBlank($0) { runEnd($0) { isWideSign(scalar($0)) } } }
        case .eastAsianRuns: cutOut(into: &ends) { runEnd($0) { isEastAsian(scalar($0)) } }
        case .spacesAtEnd: cutSpacesAtEnd(into: &ends)
        }
    }

    /// For expressions that match at every place.
    private func cutAll(into ends: inout [Int], _ matchEnd: (Int) -> Int) {
        var index = start
        while index < end {
            index = max(index + 1, matchEnd(index))
            ends.append(index)
        }
    }

    /// For expressions that match here and there: what lies between is a part, too.
    private func cutOut(into ends: inout [Int], _ matchEnd: (Int) -> Int?) {
        var index = start
        var cut = start
        while index < end {
            if let found = matchEnd(index), found > index {
                if index > cut { ends.append(index) }
                ends.append(found)
                index = found
                cut = found
            } else {
                index += 1
            }
        }
        if cut < end { ends.append(end) }
    }
}

// MARK: - Reading

extension WordScanner {
    private func kind(_ index: Int) -> CharacterClass { index < end ? text.kind(index) : .end }

    private func scalar(_ index: Int) -> UInt32 { index < end ? text.scalar(index) : 0 }

    private func isNewline(_ index: Int) -> Bool { scalar(index) == 0x0a || scalar(index) == 0x0d }

    /// The first index from `from` on whose class is not among these.
    private func runEnd(_ classes: CharacterClasses, _ from: Int) -> Int {
        var index = from
        while classes.contains(kind(index)) { index += 1 }
        return index
    }

    private func runEnd(_ from: Int, where isPart: (Int) -> Bool) -> Int {
        var index = from
        while index < end, isPart(index) { index += 1 }
        return index
    }

    /// `\s?` before a run that is not empty.
    private func afterBlank(_ index: Int, _ run: (Int) -> Int) -> Int? {
        if kind(index) == .space {
            let found = run(index + 1)
            if found > index + 1 { return found }
        }
        let found = run(index)
        return found > index ? found : nil
    }

    private func isPunctuation(_ index: Int, withBacktick: Bool) -> Bool {
        switch scalar(index) {
        case 0x24, 0x2b, 0x3c, 0x3d, 0x3e, 0x5e, 0x7e, 0x7c: true  // $ + < = > ^ ~ |
        case 0x60: withBacktick
        default: kind(index) == .punctuation
        }
    }

    /// `[!-/:-~！-／：-～‘-‟　-。]`
    private func isWideSign(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x21...0x2f, 0x3a...0x7e, 0xff01...0xff0f, 0xff1a...0xff5e, 0x2018...0x201f, 0x3000...0x3002: true
        default: false
        }
    }

    /// `[一-龥ࠀ-一가-퟿]`
    private func isEastAsian(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x0800...0x9fa5, 0xac00...0xd7ff: true
        default: false
        }
    }
}

// MARK: - Expressions

extension WordScanner {
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
    private func gpt2End(_ start: Int) -> Int {
        if let end = contractionEnd(start, ignoringCase: false) { return end }
        let first = scalar(start) == 0x20 ? start + 1 : start
        switch kind(first) {
        case .uppercase, .lowercase, .caseless: return runEnd(.letters, first)
        case .number: return runEnd(.numbers, first)
        case .mark, .punctuation, .symbol, .other: return runEnd(.signs, first)
        case .space, .end: return spaceEnd(start)
        }
    }

    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
    /// also with marks among the letters.
    private func wordEnd(_ start: Int, letters: CharacterClasses, signs: CharacterClasses, maxDigits: Int) -> Int {
        if let end = contractionEnd(start, ignoringCase: true) { return end }
        let kind = kind(start)
        if letters.contains(kind) { return runEnd(letters, start) }
        if kind == .number { return runEnd(.numbers, start, atMost: maxDigits) }
        if !isNewline(start), letters.contains(self.kind(start + 1)) { return runEnd(letters, start + 1) }
        return signsEnd(start, signs) { isNewline($0) } ?? newlinesEnd(start)
    }

    /// `P?U*L+|P?U+L*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`, where P is `[^\r\n\p{L}\p{N}]`,
    /// U is `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]` and L is `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`; with contractions, one may follow a word.
    private func caseWordEnd(_ start: Int, maxDigits: Int, contractions: Bool) -> Int {
        let kind = kind(start)
        let mayLead = !CharacterClasses.letters.contains(kind) && kind != .number && !isNewline(start)
        let word =
            (mayLead ? endInSmallLetters(start + 1) : nil) ?? endInSmallLetters(start)
            ?? (mayLead ? endInCapitals(start + 1) : nil) ?? endInCapitals(start)
        if let word {
            return contractions ? contractionEnd(word, ignoringCase: true) ?? word : word
        }
        if kind == .number { return runEnd(.numbers, start, atMost: maxDigits) }
        return signsEnd(start, .signs) { isNewline($0) || scalar($0) == 0x2f } ?? newlinesEnd(start)
    }

    /// `U*L+`. Where no small letter follows the capitals, they give back down to the last character that is both.
    private func endInSmallLetters(_ start: Int) -> Int? {
        let capitals = runEnd(.notLowercase, start)
        let small = runEnd(.notUppercase, capitals)
        if small > capitals { return small }
        return (start..<max(start, capitals)).last { CharacterClasses.notUppercase.contains(kind($0)) }.map { $0 + 1 }
    }

    /// `U+L*` where `U*L+` does not match: nothing follows the capitals.
    private func endInCapitals(_ start: Int) -> Int? {
        let capitals = runEnd(.notLowercase, start)
        return capitals > start ? capitals : nil
    }

    private func runEnd(_ classes: CharacterClasses, _ from: Int, atMost count: Int) -> Int {
        var index = from
        while index < from + count, classes.contains(kind(index)) { index += 1 }
        return index
    }

    /// ` ?[signs]+` and what may follow it.
    private func signsEnd(_ start: Int, _ signs: CharacterClasses, followedBy isTail: (Int) -> Bool) -> Int? {
        let first = scalar(start) == 0x20 ? start + 1 : start
        guard signs.contains(kind(first)) else { return nil }
        return runEnd(runEnd(signs, first), where: isTail)
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`
    private func newlinesEnd(_ start: Int) -> Int {
        let spaces = runEnd(.spaces, start)
        if let newline = (start..<max(start, spaces)).last(where: isNewline) { return newline + 1 }
        return spaceEnd(start)
    }

    /// `\s+(?!\S)|\s+`: all of a run at the end of the text, else all but its last, which may belong to the next word.
    private func spaceEnd(_ start: Int) -> Int {
        let spaces = runEnd(.spaces, start)
        return spaces == end || spaces - start <= 1 ? spaces : spaces - 1
    }

    /// `'s|'t|'re|'ve|'m|'ll|'d`
    private func contractionEnd(_ start: Int, ignoringCase: Bool) -> Int? {
        guard scalar(start) == 0x27 else { return nil }
        func letter(_ index: Int) -> UInt32 {
            let value = scalar(index)
            return ignoringCase && (0x41...0x5a).contains(value) ? value + 0x20 : value
        }
        switch (letter(start + 1), letter(start + 2)) {
        case (0x73, _), (0x74, _), (0x6d, _), (0x64, _): return start + 2  // 's 't 'm 'd
        case (0x72, 0x65), (0x76, 0x65), (0x6c, 0x6c): return start + 3  // 're 've 'll
        default: return nil
        }
    }

    /// `[^\n]+|[\n]+`
    private func lineEnd(_ start: Int) -> Int {
        let isBreak = scalar(start) == 0x0a
        return runEnd(start) { (scalar($0) == 0x0a) == isBreak }
    }

    /// `[0-9][0-9][0-9]`
    private func threeDigitsEnd(_ start: Int) -> Int? {
        (start..<start + 3).allSatisfy { (0x30...0x39).contains(scalar($0)) } ? start + 3 : nil
    }

    /// `\s+$`, looked for from the end: from the front it would be tried again at every space of a run.
    private func cutSpacesAtEnd(into ends: inout [Int]) {
        var index = end
        while index > start, kind(index - 1) == .space { index -= 1 }
        if index > start { ends.append(index) }
        if index < end { ends.append(end) }
    }
}

/// The letters with case that the first DeepSeek tokenizers keep together: their own list, of an older Unicode.
enum CasedLetters {
    static func contain(_ scalar: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].1 < scalar { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].0 <= scalar
    }

    /// First and last scalar of each range, ascending.
    private static let ranges: [(UInt32, UInt32)] = [
        (0x41, 0x5a), (0x61, 0x7a), (0xb5, 0xb5), (0xc0, 0xd6), (0xd8, 0xf6), (0xf8, 0x1ba), (0x1bc, 0x1bf),
        (0x1c4, 0x293), (0x295, 0x2af), (0x370, 0x373), (0x376, 0x376), (0x377, 0x377), (0x37b, 0x37d),
        (0x37f, 0x37f), (0x386, 0x386), (0x388, 0x38a), (0x38c, 0x38c), (0x38e, 0x3a1), (0x3a3, 0x3f5),
        (0x3f7, 0x481), (0x48a, 0x52f), (0x531, 0x556), (0x10a0, 0x10c5), (0x13a0, 0x13f5), (0x13f8, 0x13fd),
        (0x1c90, 0x1cba), (0x1cbd, 0x1cbf), (0x1d00, 0x1d2b), (0x1d6b, 0x1d77), (0x1d79, 0x1d9a),
        (0x1e00, 0x1f15), (0x1f18, 0x1f1d), (0x1f20, 0x1f45), (0x1f48, 0x1f4d), (0x1f50, 0x1f57),
        (0x1f59, 0x1f59), (0x1f5b, 0x1f5b), (0x1f5d, 0x1f5d), (0x1f5f, 0x1f7d), (0x1f80, 0x1fb4),
        (0x1fb6, 0x1fbc), (0x1fbe, 0x1fbe), (0x1fc2, 0x1fc4), (0x1fc6, 0x1fcc), (0x1fd0, 0x1fd3),
        (0x1fd6, 0x1fdb), (0x1fe0, 0x1fec), (0x1ff2, 0x1ff4), (0x1ff6, 0x1ffc), (0x2102, 0x2102),
        (0x2107, 0x2107), (0x210a, 0x2113), (0x2115, 0x2115), (0x2119, 0x211d), (0x2124, 0x2124),
        (0x2126, 0x2126), (0x2128, 0x2128), (0x212a, 0x212d), (0x212f, 0x2134), (0x2139, 0x2139),
        (0x213c, 0x213f), (0x2145, 0x2149), (0x214e, 0x214e), (0x2183, 0x2183), (0x2184, 0x2184),
        (0x2c00, 0x2c7b), (0x2c7e, 0x2ce4), (0x2ceb, 0x2cee), (0x2cf2, 0x2cf2), (0x2cf3, 0x2cf3),
        (0xa640, 0xa66d), (0xa680, 0xa69b), (0xa722, 0xa76f), (0xa771, 0xa787), (0xa78b, 0xa78e),
        (0xab70, 0xabbf), (0xfb00, 0xfb06), (0xfb13, 0xfb17), (0xff21, 0xff3a), (0xff41, 0xff5a),
        (0x10400, 0x1044f), (0x104b0, 0x104d3), (0x104d8, 0x104fb), (0x10c80, 0x10cb2), (0x10cc0, 0x10cf2),
        (0x118a0, 0x118df), (0x1e900, 0x1e943),
    ]
}
