import Digests
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// What the verbs about versions print.
enum VersionOutput {
    /// A version that was just published, or was there.
    static func published(_ answer: PublishAnswer) -> Report {
        let version = answer.version
        return Report { report in
            let size = NumberText.bytes(version.manifest.sizeBytes)
            var before = ""
            if let previous = answer.previous, previous.manifest.sizeBytes > 0 {
                let change = Double(version.manifest.sizeBytes) / Double(previous.manifest.sizeBytes) - 1
                before =
                    "  (v\(previous.id.number): \(NumberText.bytes(previous.manifest.sizeBytes))"
                    + ", \(NumberText.growth(change, 0)))"
            }
            if answer.created {
                report.line(Cell("✔ \(version.id)", .good), Cell("  \(version.digest.short)  \(size)\(before)"))
            } else if answer.known == false {
                report.line(
                    StatusCell.unknown("would be \(version.id)"),
                    Cell("  \(version.digest.short)  \(size)\(before)   nothing was stored")
                )
            } else {
                report.line(
                    Cell("✔ already published as \(version.id)", .good),
                    Cell("  \(version.digest.short)  \(size)")
                )
            }
            if let name = answer.displayName { report.line("  known as  \(name)") }
            if let base = version.manifest.base { report.line("  base      ", Cell(base.version.description)) }
            if let adapter = version.adapter { report.line("  adapter   ", Cell(InspectedText.words(adapter))) }
            report.line("  smoke     ", smokeLine(version))
            cannotRun(version.obstacles, in: &report)
            report.line("  card      ", cardLine(version.card))
            if let template = version.facts?.template {
                report.line("  template  ", TemplateOutput.line(template))
                if let said = template.defaultSystemMessage {
                    report.line(Cell("            says as the system unless told otherwise: \(said)", .faint))
                }
            }
            if let notice = answer.fit.flatMap(TemplateOutput.notice) { report.line("  prompt    ", notice) }
            report.line("  channels  unchanged (nothing changes for users)")
        }
    }

    /// Every reason why the engine here does not run a version, each in a line.
    static func cannotRun(_ reasons: [String], in report: inout Report) {
        guard !reasons.isEmpty else { return }
        report.line("  ", StatusCell.notice("cannot be run here; kept as it is:"))
        for reason in reasons { report.line(Cell("      \(reason)")) }
    }

    private static func smokeLine(_ version: VersionRecord) -> Cell {
        guard let smoke = version.smoke else { return StatusCell.unknown("not run") }
        guard smoke.passed else { return StatusCell.fail(smoke.problem ?? "cannot be used") }
        var parts: [String] = []
        if let seconds = smoke.loadSeconds { parts.append("loads in \(NumberText.duration(seconds))") }
        if let rate = smoke.tokensPerSecond { parts.append("\(NumberText.count(Int(rate.rounded()))) tok/s") }
        if let bytes = smoke.residentBytes { parts.append("\(NumberText.bytes(bytes)) resident") }
        if let roundTrip = smoke.tokenizerRoundTrip {
            parts.append(roundTrip ? "tokenizer round trip ok" : "tokenizer changes text")
        }
        if smoke.dependsOnInput == true { parts.append("answers depend on the input") }
        return StatusCell.pass(parts.isEmpty ? "loads" : parts.joined(separator: ", "))
    }

    private static func cardLine(_ card: CardSummary?) -> Cell {
        guard let card else { return StatusCell.notice("none") }
        let share = NumberText.share(card.completeness)
        return card.missing.isEmpty
            ? StatusCell.pass("\(share) complete")
            : StatusCell.notice("\(share) complete: missing \(card.missing.joined(separator: ", "))")
    }

    /// All about a version.
    static func show(_ view: VersionView) -> Report {
        let version = view.version
        return Report { report in
            let live = view.channels.map(\.channel.text)
            report.line(
                Cell(version.id.description, .strong),
                Cell("  \(version.digest.short)  \(NumberText.bytes(version.manifest.sizeBytes))"),
                Cell(live.isEmpty ? "" : "  in \(live.joined(separator: ", "))", .good)
            )
            if let name = view.displayName { report.line("  known as \(name)") }
            for note in view.notes ?? [] { report.line(StatusCell.notice(note)) }
            if let reason = version.quarantined {
                report.line(StatusCell.fail("quarantined: \(reason)"))
                report.line(Cell("  next: \(NextStep.quarantineLift(.version(version.id)))"))
            }
            cannotRun(version.obstacles, in: &report)
            var facts = Table(.text(""), .text(""), indent: 2)
            facts.row("published", Cell("\(TimeText.second(version.publishedAt)) by \(version.publishedBy)"))
            if let message = version.message { facts.row("message", Cell(message)) }
            if let lineage = version.lineage {
                facts.row("made from", Cell("\(lineage.from)\(lineage.method.map { " by \($0)" } ?? "")"))
            }
            if let base = version.manifest.base { facts.row("base", Cell(Self.words(base))) }
            if let adapter = version.adapter { facts.row("adapter", Cell(InspectedText.words(adapter))) }
            if let known = version.facts {
                facts.row(
                    "model",
                    Cell(
                        "\(known.architecture), \(NumberText.scaled(known.parameterCount)) parameters, \(known.precision)"
                    )
                )
                facts.row(
                    "shape",
                    Cell(
                        "\(known.layerCount) layers, width \(known.width), "
                            + "heads \(known.headCount)/\(known.keyValueHeadCount), context \(NumberText.count(known.contextLength))"
                    )
                )
                facts.row("tokenizer", Cell("\(known.tokenizer), \(NumberText.count(known.vocabularySize)) tokens"))
            }
            if let header = version.cannotRun?.header { self.facts(of: header, in: &facts) }
            if let license = version.card?.license ?? version.facts?.license { facts.row("license", Cell(license)) }
            facts.row("smoke", smokeLine(version))
            facts.row("card", cardLine(version.card))
            report.table(facts)

            var files = Table(.text("FILE"), .text("ROLE"), .figure("SIZE"), .text("DIGEST"), indent: 2)
            for file in version.manifest.files {
                files.row(
                    Cell(file.path),
                    Cell(file.role.rawValue),
                    Cell(NumberText.bytes(file.sizeBytes)),
                    Cell(file.digest.short)
                )
            }
            report.blank()
            report.table(files)
            if let decision = view.decision {
                report.blank()
                report.line("May it go to \(decision.channel.text)?  ", DecisionOutput.answer(decision))
                report.add(DecisionOutput.gates(decision))
            }
        }
    }

    /// The version under an adapter, with the weights that are part of it.
    private static func words(_ base: AdapterBase) -> String {
        let size = base.files.reduce(0) { $0 + $1.sizeBytes }
        let files = base.files.count == 1 ? base.files[0].digest.short : NumberText.count(base.files.count, "file")
        return "\(base.version), \(NumberText.bytes(size)), \(files)"
    }

    /// What the header of weights says that the engine does not run.
    private static func facts(of header: WeightsHeader, in facts: inout Table) {
        let what = [header.format.rawValue, header.architecture].compactMap(\.self).joined(separator: ", ")
        let parameters = NumberText.scaled(header.parameterCount)
        // A file without tensors has no type that most of them have, and nothing to list.
        let precision = header.precision.isEmpty ? "" : ", \(header.precision)"
        facts.row("header", Cell("\(what), \(parameters) parameters\(precision)"))
        guard header.tensorCount > 0 else { return facts.row("tensors", Cell("none")) }
        let types = header.tensorTypes.sorted { $0.key < $1.key }.map { "\(NumberText.count($0.value)) \($0.key)" }
        facts.row("tensors", Cell("\(NumberText.count(header.tensorCount)): \(types.joined(separator: ", "))"))
        let shapes = header.shapes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(6)
        facts.row("shapes", Cell(shapes.map { "\(NumberText.count($0.value)) of \($0.key)" }.joined(separator: ", ")))
    }

    /// How a version was found to run, as a cell.
    private static func state(_ version: VersionRecord) -> Cell {
        if version.quarantined != nil { return StatusCell.fail("not loaded") }
        return version.obstacles.isEmpty ? ReportWords.smoke(version.smoke) : StatusCell.notice("cannot be run here")
    }

    /// The versions of a model.
    static func list(_ versions: [VersionRecord], now: Timestamp) -> Report {
        var table = Table(
            .text("VERSION"),
            .figure("SIZE"),
            .text("PRECISION"),
            .text("SMOKE"),
            .figure("CARD"),
            .text("AGE"),
            .text("BY"),
            .wide("DIGEST"),
            .long("MESSAGE")
        )
        for version in versions {
            table.row(
                Cell(version.id.description),
                Cell(NumberText.bytes(version.manifest.sizeBytes)),
                Cell(version.precision ?? "-"),
                state(version),
                ReportWords.card(version.card),
                Cell(NumberText.elapsed(now.seconds(since: version.publishedAt))),
                Cell(version.publishedBy),
                Cell(version.digest.short),
                Cell(version.message ?? "")
            )
        }
        return Report { $0.table(table) }
    }
}
