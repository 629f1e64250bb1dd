import ArgumentParser
import CanaryJudge
import Foundation
import WireFormat

/// `serin judge`
struct Judge: ParsableCommand {
    static let configuration = CommandConfiguration.verb(
        "judge",
        "Judge runs that are given as lines of JSON, without a server.",
        discussion: """
            Reads one run a line from the standard input (protocol canary-judge/1) and writes one verdict a line, in \
            order and at once. It is the judge that canaries are judged by. A line that cannot be judged is answered by \
            its number and what is wrong with it, and the next line is read; then the exit code is 65.
            """,
        examples: "judge < runs.jsonl",
        "judge < runs.jsonl | jq -r .verdict"
    )

    func run() throws {
        var lines = LineCutter(longest: JudgeProtocol.longestLineBytes)
        var number = 0
        var isClean = true
        func answer(_ line: LineCutter.Line) {
            number += 1
            switch line {
            case .tooLong:
                isClean = false
                say(JudgeProtocol.refusalOfLongLine(number: number))
            case .text(let bytes):
                // A blank line, such as the last one of many files, asks nothing.
                guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0d }) else { return }
                let answer = JudgeProtocol.answer(to: bytes, number: number)
                isClean = isClean && answer.isJudged
                say(answer.json)
            }
        }
        do {
            while let part = try FileHandle.standardInput.read(upToCount: 1 << 16), !part.isEmpty {
                lines.add(part, answer)
            }
        } catch {
            throw CommandsError.file(path: "standard input", problem: "it is closed, or cannot be read")
        }
        lines.end(answer)
        if !isClean { throw ArgumentParser.ExitCode(Int32(Exit.badData.rawValue)) }
    }

    private func say(_ json: [UInt8]) {
        Streams.out(String(decoding: json + [0x0a], as: UTF8.self))
    }
}

/// Cuts what comes in parts into lines; a line beyond the longest is dropped as it comes, and said to be too long.
struct LineCutter {
    /// A line without its end.
    enum Line: Hashable {
        case text([UInt8])
        case tooLong
    }

    private let longest: Int
    private var begun: [UInt8] = []
    private var isDropping = false

    init(longest: Int) { self.longest = longest }

    /// Takes the next part and gives every line that it ends to `each`.
    mutating func add(_ part: some Sequence<UInt8>, _ each: (Line) -> Void) {
        var rest = Array(part)[...]
        while let end = rest.firstIndex(of: 0x0a) {
            take(rest[..<end])
            finish(each)
            rest = rest[(end + 1)...]
        }
        take(rest)
    }

    /// Nothing comes after it: what has begun is the last line.
    mutating func end(_ each: (Line) -> Void) {
        if isDropping || !begun.isEmpty { finish(each) }
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        guard !isDropping, begun.count + bytes.count <= longest else {
            isDropping = true
            begun = []
            return
        }
        begun += bytes
    }

    private mutating func finish(_ each: (Line) -> Void) {
        each(isDropping ? .tooLong : .text(begun))
        begun = []
        isDropping = false
    }
}
