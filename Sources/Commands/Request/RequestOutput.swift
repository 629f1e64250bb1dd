import RegistryTypes
import WireFormat
import Wording

/// What the verbs about captured requests print.
enum RequestOutput {
    /// A part of the list of captured requests.
    static func list(_ page: RequestPage) -> Report {
        Report { $0.table(table(page.items, indent: 0)) }
    }

    /// Requests in the rows of a table.
    static func table(_ rows: [RequestRow], indent: Int) -> Table {
        var table = Table(
            .text("REQUEST"),
            .spare("TIME"),
            .text("BY"),
            .text("OUTCOME"),
            .spareFigure("TOTAL"),
            .spareFigure("TOKENS"),
            .text("VALID"),
            .text("LABEL"),
            .spare("KEY"),
            .wide("ASKED"),
            .wide("PROMPT"),
            .wide("FIRST TOKEN"),
            .wide("FINISH"),
            .wide("KEPT"),
            indent: indent
        )
        for row in rows {
            let record = row.record
            table.row(
                Cell(record.id.text),
                Cell(TimeText.second(record.time)),
                Cell("\(record.releaseText)\(record.arm == .live ? "" : " \(record.arm.rawValue)")"),
                ReportWords.outcome(record.outcome),
                Cell(NumberText.duration(record.totalSeconds)),
                ReportWords.known(record.outputTokens) { NumberText.count($0) },
                ReportWords.valid(record.isOutputValid),
                ReportWords.label(isCorrect: row.isCorrect, isLiked: row.isLiked),
                Cell(record.key.text),
                Cell(record.asked),
                Cell(record.prompt.description),
                ReportWords.known(record.firstTokenSeconds) { NumberText.duration($0) },
                Cell(record.finish ?? "-"),
                Cell(record.capture.rawValue)
            )
        }
        return table
    }

    /// All about a request.
    static func show(_ view: RequestView) -> Report {
        let record = view.record
        let isOfRelease = record.release != RequestRecord.noRelease
        return Report { report in
            report.line(
                Cell("request \(record.id)", .strong),
                "  ",
                ReportWords.outcome(record.outcome),
                Cell("  \(record.model)@\(isOfRelease ? record.releaseText : "\(record.version)")")
            )
            let streamed = record.isStreamed ? ", streamed" : ""
            let source = record.source == .user ? "" : ", a \(record.source.rawValue)"
            report.line(
                Cell("  asked   \(record.asked) at \(TimeText.second(record.time)) with key \(record.key)\(streamed)")
            )
            report.line(
                Cell(
                    "  by      \(record.releaseText) (\(record.arm.rawValue)): @\(record.version) + \(record.prompt)"
                        + "; HTTP \(record.status)\(source)"
                )
            )
            report.line(Cell("  times   \(times(record))"))
            report.line(Cell("  tokens  \(tokens(record))"))
            if let isValid = record.isOutputValid {
                report.line(
                    "  output  ",
                    isValid ? StatusCell.pass("fits its schema") : StatusCell.fail("does not fit its schema")
                )
            }
            for problem in view.problems { report.line(Cell("          \(problem)")) }
            if let reason = view.reason { report.line("  reason  ", StatusCell.notice(reason)) }
            if let terms = record.terms { report.line(Cell("  terms   \(terms.words)")) }
            if let body = view.body {
                report.add(texts(body))
            } else {
                report.line(Cell("  texts   not kept (\(record.capture.rawValue))"))
            }
            report.add(labels(view.labels))
        }
    }

    private static func times(_ record: RequestRecord) -> String {
        let parts: [(String, Double?)] = [
            ("queue", record.queueSeconds), ("first token", record.firstTokenSeconds),
            ("per token", record.perTokenSeconds), ("longest pause", record.longestGapSeconds),
            ("total", record.totalSeconds),
        ]
        return parts.compactMap { name, value in value.map { "\(name) \(NumberText.duration($0))" } }
            .joined(separator: ", ")
    }

    private static func tokens(_ record: RequestRecord) -> String {
        let parts = [
            record.promptTokens.map { "\(NumberText.count($0)) of the prompt" },
            record.outputTokens.map { "\(NumberText.count($0)) of the answer" },
            record.finish.map { "ended by \($0)" },
            record.meanLogProbability.map { "mean log-probability \(NumberText.decimal($0, 4))" },
            "seed \(record.seed)",
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    private static func texts(_ body: RequestBody) -> Report {
        Report { report in
            func block(_ name: String, _ text: String) {
                report.line("")
                report.line(Cell(name, .strong))
                for line in text.lines { report.line(Cell("  \(line)")) }
            }
            let replaced = body.redactions.filter { $0.value > 0 }.sorted { $0.key < $1.key }
            if !replaced.isEmpty {
                report.line(
                    Cell("  texts   redacted: \(replaced.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
                )
            }
            if let note = body.invalidBytesNote { report.line("  ", StatusCell.notice(note)) }
            let texts = RequestTexts(body)
            for part in texts.asked + texts.answered { block(part.name, part.text) }
        }
    }

    private static func labels(_ labels: [RequestLabel]) -> Report {
        Report { report in
            guard !labels.isEmpty else { return }
            report.line("")
            report.line(Cell("Labels, newest first", .strong))
            var table = Table(.text("TIME"), .text("BY"), .text("LABEL"), .text("THUMB"), .long("SAID"), indent: 2)
            for label in labels {
                let said = [label.correction.map { "should be: \($0)" }, label.comment].compactMap(\.self)
                table.row(
                    Cell(TimeText.second(label.at)),
                    Cell(label.by.text),
                    ReportWords.label(isCorrect: label.isCorrect, isLiked: nil),
                    ReportWords.known(label.isLiked) { $0 ? "up" : "down" },
                    Cell(said.isEmpty ? "-" : said.joined(separator: "; "))
                )
            }
            report.table(table)
        }
    }

    /// What was just said of an answer.
    static func label(_ label: RequestLabel) -> Report {
        let parts = [
            label.isCorrect.map { $0 ? "right" : "wrong" }, label.isLiked.map { $0 ? "thumb up" : "thumb down" },
            label.correction.map { "should be: \($0)" }, label.comment,
        ]
        return Report {
            $0.line(
                StatusCell.pass("labelled \(label.request)"),
                Cell("   \(parts.compactMap(\.self).joined(separator: "; "))")
            )
        }
    }

    /// What answered where it is no release.
    static func content(_ answer: ChatAnswer) -> String {
        let settings = answer.settings.map { ", \(ReportWords.decoding($0))" } ?? ""
        return "@\(answer.version.number) + \(answer.prompt)\(settings)"
    }

    /// A captured request answered again: both answers in one text, token by token.
    static func replay(_ answer: ReplayAnswer) -> Report {
        let record = answer.record, now = answer.answer
        return Report { report in
            let tokens = answer.differences.reduce(into: (gone: 0, new: 0, same: 0)) { sum, part in
                switch part.mark {
                case .same: sum.same &+= part.tokens
                case .removed: sum.gone &+= part.tokens
                case .added: sum.new &+= part.tokens
                }
            }
            report.line(
                answer.isSame
                    ? StatusCell.pass("same answer")
                    : StatusCell.notice(
                        "different: \(NumberText.count(tokens.gone, "token")) gone, \(tokens.new) new, \(tokens.same) the same"
                    ),
                Cell("   \(record.id)")
            )
            if let note = answer.note { report.line("  ", StatusCell.notice(note)) }
            report.line("")
            report.add(difference(answer.differences))
            report.line("")
            var table = Table(
                .text(""),
                .text("RELEASE"),
                .text("WHAT"),
                .figure("TOKENS"),
                .figure("TOTAL"),
                .text("VALID"),
                .text("TIME"),
                indent: 2
            )
            table.row(
                "then",
                Cell(record.releaseText),
                Cell("@\(record.version) + \(record.prompt)"),
                ReportWords.known(record.outputTokens) { NumberText.count($0) },
                Cell(NumberText.duration(record.totalSeconds)),
                ReportWords.valid(record.isOutputValid),
                Cell(TimeText.second(record.time))
            )
            table.row(
                "now",
                Cell(answer.release.map { "r\($0.number)" } ?? "no release"),
                Cell(
                    answer.release == nil ? content(now) : "@\(answer.version.number) + \(answer.prompt)"
                ),
                Cell(NumberText.count(now.outputTokens)),
                Cell(NumberText.duration(now.totalSeconds)),
                ReportWords.valid(now.isOutputValid),
                ""
            )
            report.table(table)
            for problem in now.problems { report.line(Cell("  now: \(problem)")) }
        }
    }

    /// Two texts as one: `[-gone-]{+new+}`, coloured where colours are on; line ends stay line ends.
    static func difference(_ parts: [TokenDifference]) -> Report {
        var lines: [[Cell]] = [["  "]]
        for part in parts {
            let texts = part.text.lines
            for (index, line) in texts.enumerated() {
                if index > 0 { lines.append(["  "]) }
                // A line end that only one of the answers has would not be seen.
                let text = line + (part.mark != .same && index < texts.count - 1 ? "\u{240a}" : "")
                guard !text.isEmpty else { continue }
                let cell =
                    switch part.mark {
                    case .same: Cell(text)
                    case .removed: Cell("[-\(text)-]", .bad)
                    case .added: Cell("{+\(text)+}", .good)
                    }
                lines[lines.count - 1].append(cell)
            }
        }
        return Report { report in for line in lines { report.line(line) } }
    }
}
