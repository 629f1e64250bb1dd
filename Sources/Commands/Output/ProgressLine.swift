import Synchronization
import WireFormat
import Wording

/// Decides what to write about a piece of work that goes on: a line that is drawn anew, one line per tenth, or nothing.
struct ProgressLine: Hashable, Sendable {
    /// How a count is written.
    enum Unit: Hashable, Sendable {
        case requests
        case bytes
    }

    let label: String
    let mode: ProgressChoice
    let unit: Unit
    let style: TextStyle
    private var tenths = -1
    private var lastDrawn: Double?
    private var isOpen = false

    init(_ label: String, mode: ProgressChoice, unit: Unit, style: TextStyle) {
        self.label = label
        self.mode = mode
        self.unit = unit
        self.style = style
    }

    /// What to write for `progress`; a bar is drawn at most ten times a second.
    mutating func update(_ progress: WorkProgress) -> String {
        let share = progress.total > 0 ? Double(progress.done) / Double(progress.total) : 0
        let isDone = progress.total > 0 && progress.done >= progress.total
        switch mode {
        case .none: return ""
        case .plain:
            let tenth = Int(share * 10)
            guard tenth > tenths, tenth > 0 || isDone else { return "" }
            tenths = tenth
            return Symbols.drawn(SafeText.line("\(label)  \(words(progress, share))"), style) + "\n"
        case .bar:
            if let last = lastDrawn, !isDone, progress.elapsedSeconds - last < 0.1, progress.elapsedSeconds >= last {
                return ""
            }
            lastDrawn = progress.elapsedSeconds
            isOpen = true
            let room = (style.columns ?? 80) - 1
            let tail = words(progress, share)
            let width = max(8, min(22, room - DisplayWidth.of(label) - DisplayWidth.of(tail) - 4))
            let text = Symbols.drawn(SafeText.line("\(label)  \(BlockChart.bar(share, width: width))  \(tail)"), style)
            return "\r\u{1b}[K" + DisplayWidth.cut(text, to: room, ascii: style.ascii)
        }
    }

    /// What to write when the work ended: the drawn line is taken away, so that the result stands alone.
    mutating func close() -> String {
        defer { isOpen = false }
        return isOpen ? "\r\u{1b}[K" : ""
    }

    private func words(_ progress: WorkProgress, _ share: Double) -> String {
        let rate = progress.elapsedSeconds > 0.2 ? Double(progress.done) / progress.elapsedSeconds : nil
        let percent = NumberText.progress(share)
        switch unit {
        case .bytes:
            let speed = rate.map { "  \(NumberText.bytes(Int64($0)))/s" } ?? ""
            return
                "\(percent)  \(NumberText.bytes(Int64(progress.done))) / \(NumberText.bytes(Int64(progress.total)))\(speed)"
        case .requests:
            let left =
                progress.done < progress.total
                ? progress.remainingSeconds.map { "  \(NumberText.clock($0)) left" } : nil
            return "\(NumberText.count(progress.done))/\(NumberText.count(progress.total))\(left ?? "")"
        }
    }
}

/// Draws how far work on this machine is; hears of it from the thread that does it.
final class ReadingProgress: Sendable {
    private let line: Mutex<ProgressLine>
    private let start = ContinuousClock.now

    init(_ label: String, _ mode: ProgressChoice, _ style: TextStyle) {
        line = Mutex(ProgressLine(label, mode: mode, unit: .requests, style: style))
    }

    /// Says that `done` of `total` parts are done; all of them takes the drawn line away.
    func update(_ done: Int, _ total: Int) {
        guard total > 0 else { return }
        let elapsed = start.duration(to: .now) / .seconds(1)
        line.withLock { line in
            Streams.talk(line.update(WorkProgress(done: done, total: total, elapsedSeconds: elapsed)))
            if done >= total { Streams.talk(line.close()) }
        }
    }
}
