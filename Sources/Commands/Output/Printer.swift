import Foundation
import Synchronization
import Wording

/// Writes the answer of a verb in the format asked for, and the talk around it.
struct Printer: Hashable, Sendable {
    let format: OutputFormat
    /// For the standard output.
    let style: TextStyle
    /// For the standard error.
    let talkStyle: TextStyle
    let isQuiet: Bool
    let isVerbose: Bool

    /// Writes the answer: `value` for programs, `names` for `-o name`, `report` for people.
    func show(_ value: some Encodable, kind: String, names: [String], report: Report) throws {
        switch format {
        case .table, .wide, .md, .junit, .html: Streams.out(report.text(style))
        case .json: Streams.out(try Envelope(kind: kind, value: value).json())
        case .yaml: Streams.out(try Envelope(kind: kind, value: value).yaml())
        case .name: Streams.out(names.map { SafeText.line($0) + "\n" }.joined())
        }
    }

    /// Writes lines for a person to the standard error, unless `-q`.
    func talk(_ report: Report) {
        if !isQuiet { Streams.talk(report.text(talkStyle)) }
    }

    /// Writes one line for a person to the standard error, unless `-q`.
    func talk(_ text: String) { talk(Report { $0.line(Cell(text)) }) }

    /// Says what to do next, unless `-q`.
    func next(_ advice: Advice) { talk("next: \(advice.text)") }

    /// Writes a warning to the standard error, `-q` or not.
    func warn(_ text: String) {
        Streams.talk(Report { $0.line(Cell("warning: ", .notice), Cell(text)) }.text(talkStyle))
    }

    /// Writes a line that only `-v` wants.
    func detail(_ text: String) {
        if isVerbose { Streams.talk(Report { $0.line(Cell(text, .faint)) }.text(talkStyle)) }
    }
}

/// The two streams of the process, written without a buffer of our own.
///
/// A reader that goes away (`serin model list | head -1`) is no error: what it no longer wants is dropped, and the
/// exit code stays the one of the work. An answer that cannot be written for another reason, such as a full disk, is
/// one: ``problem`` says it.
enum Streams {
    private static let failure = Atomic<Int32>(0)

    /// Why a part of the answer was not written; nil when all was, or nobody wanted the rest.
    static var problem: String? {
        let code = failure.load(ordering: .relaxed)
        return code == 0 ? nil : FileReader.reason(code)
    }

    /// Takes the numbers of the three streams when the process was started without them (`serin … <&-`): the next file
    /// or socket that is opened would get such a number, and what is meant for a person would be written into it.
    /// What is read is empty then, and what is written fails.
    static func reserve() {
        for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) == -1 { _ = open("/dev/null", O_RDONLY) }
    }

    /// Writes data to the standard output.
    static func out(_ text: String) { write(text, to: 1) }

    /// Writes talk to the standard error.
    static func talk(_ text: String) { write(text, to: 2) }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                #if canImport(Darwin)
                    let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
                #else
                    let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                #endif
                if count < 0, errno == EINTR || errno == EAGAIN { continue }
                guard count > 0 else {
                    if descriptor == 1, errno != EPIPE { failure.store(errno, ordering: .relaxed) }
                    return
                }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
        }
    }
}
