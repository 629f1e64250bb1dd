/// Who may load weights now: any number at a time, or one that must be alone, in the order in which they came.
///
/// A value inside the actor that loads: what is decided here is carried out there.
struct LoadTurns {
    private struct Waiting {
        let isAlone: Bool
        let go: CheckedContinuation<Void, Never>
    }

    private var running = 0
    private var hasOneAlone = false
    private var waiting: [Waiting] = []

    /// Takes a turn at once where that can be.
    mutating func take(alone: Bool) -> Bool {
        guard waiting.isEmpty, fits(alone: alone) else { return false }
        begin(alone: alone)
        return true
    }

    /// Waits for a turn behind the others; `go` is told when it began.
    mutating func wait(alone: Bool, _ go: CheckedContinuation<Void, Never>) {
        waiting.append(Waiting(isAlone: alone, go: go))
        advance()
    }

    /// A turn is over.
    mutating func end() {
        running -= 1
        hasOneAlone = false
        advance()
    }

    private func fits(alone: Bool) -> Bool { running == 0 || !alone && !hasOneAlone }

    private mutating func begin(alone: Bool) {
        running += 1
        hasOneAlone = alone
    }

    private mutating func advance() {
        while let first = waiting.first, fits(alone: first.isAlone) {
            waiting.removeFirst()
            begin(alone: first.isAlone)
            first.go.resume()
        }
    }
}
