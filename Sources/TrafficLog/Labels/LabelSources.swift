import DequeModule
import RegistryTypes

/// Which words of callers count, of those said about the requests of one day, so that no single caller moves a level, a
/// release or a report.
///
/// What somebody with a role says counts: it was given that role to judge. Of callers as many words of a key count as
/// others bear out on both sides: as keys with no larger share of bad words said, and as keys with no smaller one did, in
/// the key's own proportion, the earliest first. So a key that says worse or better than all others counts nothing, three
/// keys are needed before anything counts, and never do more bad words of a key count than the other keys said bad
/// themselves, nor more good ones than they said good. What does not count waits; what counted once counts for good.
struct LabelSources {
    /// What a label answers.
    enum Question: Hashable, CaseIterable {
        /// Whether the answer is right.
        case correct
        /// The thumb.
        case liked
    }

    /// What is said, of the answers of one release.
    struct Statement: Hashable {
        let question: Question
        let model: Name
        let channel: Name?
        let release: Int
        let arm: TrafficArm
    }

    /// What a label says of a request, by their places in the day's file.
    struct Word: Hashable {
        let label: Int64
        let request: Int64
        let isBad: Bool
    }

    private struct Tally {
        var good = 0
        var bad = 0

        var all: Int { good + bad }

        mutating func add(_ count: Int, isBad: Bool) { if isBad { bad += count } else { good += count } }
    }

    private struct Source {
        var said = Tally()
        var counted = Tally()
        var waitingGood: Deque<Word> = []
        var waitingBad: Deque<Word> = []
    }

    private struct Place: Hashable {
        let question: Question
        let request: Int64
    }

    private enum Said {
        case waits(Word, by: Name)
        case counted
    }

    private var said: [Place: Said] = [:]
    private var sources: [Statement: [Name: Source]] = [:]

    /// How many words about a statement wait.
    func waiting(_ statement: Statement) -> Int {
        sources[statement, default: [:]].values.reduce(0) { $0 + $1.said.all - $1.counted.all }
    }

    /// The statements about which anything was said by callers.
    var statements: [Statement] { Array(sources.keys) }

    /// Whether a word about a request counted.
    func hasCounted(_ question: Question, request: Int64) -> Bool {
        if case .counted = said[Place(question: question, request: request)] { return true }
        return false
    }

    /// Takes a caller's word, in the place of the one that the request has and that still waits. Once one counted, another
    /// is of no more account.
    ///
    /// - Parameter hasCounted: Whether it was found to count before; for words that are read again.
    mutating func take(_ word: Word, of statement: Statement, by key: Name, hasCounted: Bool = false) {
        let place = Place(question: statement.question, request: word.request)
        switch said[place] {
        case .counted: return
        case .waits(let before, let who): sources[statement]?[who]?.said.add(-1, isBad: before.isBad)
        case nil: break
        }
        said[place] = hasCounted ? .counted : .waits(word, by: key)
        var source = sources[statement, default: [:]].removeValue(forKey: key) ?? Source()
        source.said.add(1, isBad: word.isBad)
        if hasCounted {
            source.counted.add(1, isBad: word.isBad)
        } else if word.isBad {
            source.waitingBad.append(word)
        } else {
            source.waitingGood.append(word)
        }
        sources[statement, default: [:]][key] = source
    }

    /// Somebody with a role said it of a request: what a caller said of it, and what waits, no longer matters.
    mutating func settle(_ statement: Statement, request: Int64) {
        let place = Place(question: statement.question, request: request)
        if case .waits(let word, let key) = said[place] {
            sources[statement]?[key]?.said.add(-1, isBad: word.isBad)
        }
        said[place] = .counted
    }

    /// The words that count from now on, the earliest first.
    mutating func release(_ statement: Statement) -> [Word] {
        let keys = (sources[statement] ?? [:]).filter { $0.value.said.all > 0 }.map { ($0.key, $0.value.said) }
        guard keys.count >= 3 else { return [] }
        // Shares as products of whole numbers: equal ones are equal.
        func isLess(_ left: Tally, _ right: Tally) -> Bool { left.bad * right.all < right.bad * left.all }
        let order = keys.sorted { isLess($0.1, $1.1) }
        let all = order.reduce(0) { $0 + $1.1.all }
        var released: [Word] = []
        var before = 0, index = 0
        while index < order.count {
            let end = order[index...].firstIndex { isLess(order[index].1, $0.1) } ?? order.count
            let through = before + order[index..<end].reduce(0) { $0 + $1.1.all }
            for (key, said) in order[index..<end] {
                let count = min(said.all, through - said.all, all - before - said.all)
                released += release(
                    statement,
                    key,
                    good: count * said.good / said.all,
                    bad: count * said.bad / said.all
                )
            }
            before = through
            index = end
        }
        return released.sorted { $0.label < $1.label }
    }

    /// Lets so many words of a key through in all, those included that counted before.
    private mutating func release(_ statement: Statement, _ key: Name, good: Int, bad: Int) -> [Word] {
        // Taken out, so that nothing is copied.
        guard var source = sources[statement]?.removeValue(forKey: key) else { return [] }
        defer { sources[statement, default: [:]][key] = source }
        var released: [Word] = []
        while source.counted.good < good, let word = source.waitingGood.popFirst() {
            if count(word, statement) {
                source.counted.good += 1
                released.append(word)
            }
        }
        while source.counted.bad < bad, let word = source.waitingBad.popFirst() {
            if count(word, statement) {
                source.counted.bad += 1
                released.append(word)
            }
        }
        return released
    }

    /// Notes that a word counts; false for one that was replaced meanwhile.
    private mutating func count(_ word: Word, _ statement: Statement) -> Bool {
        let place = Place(question: statement.question, request: word.request)
        guard case .waits(let waiting, _) = said[place], waiting == word else { return false }
        said[place] = .counted
        return true
    }
}
