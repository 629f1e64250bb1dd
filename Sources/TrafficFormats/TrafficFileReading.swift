import RegistryTypes
import StrictJSON
import StrictYAML

/// One pass over a file.
struct TrafficFileReading {
    /// A piece of the file that should hold requests.
    private enum Record {
        case line([UInt8])
        case value(FileValue)
        case row(CSVReader.Row)
        case problem(RecordProblem)

        /// The value of a line or document of JSON; nil where it is none.
        var value: FileValue? {
            switch self {
            case .line(let bytes): try? FileValue.json(bytes)
            case .value(let value): value
            case .row, .problem: nil
            }
        }

        /// Why a line is no value.
        var problem: String? {
            switch self {
            case .line(let bytes):
                do throws(JSONTextError) {
                    _ = try FileValue.json(bytes)
                    return nil
                } catch {
                    return "\(error)"
                }
            case .problem(let problem): return problem.text
            case .value, .row: return nil
            }
        }
    }

    let format: TrafficFormat
    private let records: [(place: String, record: Record)]
    private var columns: CSVColumns?
    private(set) var output = RecordOutput()
    private var requests: [TrafficRequest] = []
    /// Where the request of an id was found.
    private var places: [String: String] = [:]
    private var answers: [String: String] = [:]
    private var problems: [TrafficFileError.Problem] = []
    private var count = 0
    /// Items that were looked at.
    private var looked = 0

    /// Finds out what the file is.
    init(_ bytes: [UInt8]) throws(TrafficFileError) {
        // Editors and spreadsheets put a byte-order mark before the first line; it says nothing that UTF-8 does not.
        let bytes = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
        guard let first = bytes.first(where: { !Self.isBlank($0) }) else {
            throw TrafficFileError(nil, "the file has no requests: one JSON object a line is what most tools write")
        }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            if Self.looksLikeYAML(bytes) {
                format = .promptfoo
                records = try Self.yaml(bytes)
            } else {
                format = .csv
                let table = try Self.table(bytes)
                records = table.records
                columns = table.columns
            }
            return
        }
        let pieces = try Self.pieces(bytes)
        // What a file is, its first line says that is of a known form: lines that are broken are told then, each of them.
        guard let known = pieces.lazy.prefix(1000).compactMap({ $0.record.value.flatMap { Self.format(of: $0) } }).first
        else {
            let first = pieces.first
            // A line that is no JSON says more than that nothing is known of it.
            if let problem = first?.record.problem { throw TrafficFileError(nil, problem, at: first?.place ?? "") }
            throw TrafficFileError(nil, Self.unknown(first?.record.value), at: first?.place ?? "")
        }
        format = known
        records = pieces
    }

    /// The form of a line or a document: of its first item, where it is a list or holds one.
    private static func format(of value: FileValue) -> TrafficFormat? {
        if let format = TrafficFormat(value) { return format }
        if let tests = value["tests"]?.list, tests.contains(where: { $0.has("vars") }) { return .promptfoo }
        return (value.list ?? value["data"]?.list)?.lazy.compactMap { TrafficFormat($0) }.first
    }

    private static func unknown(_ value: FileValue?) -> String {
        let names = (value?.all ?? []).prefix(8).map { $0.name.printable }
        let has = names.isEmpty ? "" : " It has \(names.joined(separator: ", "))."
        return
            "its form is not known.\(has) Read are: \(TrafficFormat.allCases.map(\.rawValue).joined(separator: ", "))"
    }

    // MARK: Pieces

    private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0d, 0x0a].contains(byte) }

    /// The lines that are not blank.
    private static func lines(_ bytes: [UInt8]) -> [(place: String, bytes: [UInt8])] {
        bytes.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            line.allSatisfy(isBlank) ? nil : ("line \(index + 1)", Array(line))
        }
    }

    /// JSON values: one a line, or one document, of whose lists each element is one.
    private static func pieces(_ bytes: [UInt8]) throws(TrafficFileError) -> [(place: String, record: Record)] {
        let lines = lines(bytes)
        let first = lines.first.flatMap { try? FileValue.json($0.bytes) }
        if lines.count == 1, let first, TrafficFormat(first) == .own {
            return [(lines[0].place, .line(lines[0].bytes))]
        }
        if lines.count == 1 || first == nil {
            do {
                return [("", .value(try FileValue.json(bytes)))]
            } catch {
                // Where the second line begins an object too, each line is one, and the first of them is wrong.
                guard lines.count > 1, lines[1].bytes.first == UInt8(ascii: "{"),
                    lines.dropFirst().prefix(1000).contains(where: { (try? FileValue.json($0.bytes)) != nil })
                else { throw TrafficFileError(nil, "\(error)", at: lines.count == 1 ? lines[0].place : "") }
            }
        }
        return lines.map { ($0.place, .line($0.bytes)) }
    }

    private static func looksLikeYAML(_ bytes: [UInt8]) -> Bool {
        let starts = [
            "tests:", "- vars:", "- description:", "- assert:", "description:", "prompts:", "providers:", "---", "#",
        ]
        return lines(bytes).prefix(3).contains { line in
            starts.contains { line.bytes.drop(while: isBlank).starts(with: $0.utf8) }
        }
    }

    private static func yaml(_ bytes: [UInt8]) throws(TrafficFileError) -> [(place: String, record: Record)] {
        let file: YAMLFile
        do {
            file = try YAMLFile(bytes)
        } catch {
            throw TrafficFileError(.promptfoo, "\(error.message)", at: "line \(error.position.line)")
        }
        var nodes: [YAMLNode] = []
        for document in file.documents {
            switch document.root.value {
            case .sequence(let elements): nodes += elements
            case .mapping(let entries):
                if case .sequence(let elements)? = entries.first(where: { $0.key == "tests" })?.value.value {
                    nodes += elements
                }
            case .scalar: break
            }
        }
        guard !nodes.isEmpty else {
            throw TrafficFileError(.promptfoo, "the file has no tests: a list under \"tests\", each with \"vars\"")
        }
        return nodes.map { ("line \($0.position.line)", .value(PromptfooReader.value($0))) }
    }

    private static func table(
        _ bytes: [UInt8]
    ) throws(TrafficFileError) -> (records: [(place: String, record: Record)], columns: CSVColumns) {
        var reader = CSVReader(bytes), records: [(place: String, record: Record)] = []
        let columns: CSVColumns
        do throws(RecordProblem) {
            guard let header = try reader.next(), header.fields.count > 1 else {
                throw RecordProblem(
                    "it is neither JSON nor CSV with a header of several columns: its form is not known"
                )
            }
            columns = try CSVColumns(header.fields)
        } catch {
            throw TrafficFileError(.csv, error.text, at: "line 1")
        }
        while true {
            let line = reader.nextLine
            do throws(RecordProblem) {
                guard let row = try reader.next() else { break }
                records.append(("line \(row.line)", .row(row)))
            } catch {
                records.append(("line \(line)", .problem(error)))
            }
        }
        return (records, columns)
    }

    // MARK: Records

    private mutating func note(_ problem: String, at place: String) {
        count += 1
        if problems.count < TrafficFileError.shown {
            problems.append(TrafficFileError.Problem(place: place, text: problem))
        }
    }

    mutating func run() throws(TrafficFileError) {
        for (place, record) in records {
            do throws(RecordProblem) {
                try take(record, place)
            } catch {
                note(error.text, at: place)
            }
        }
    }

    private mutating func take(_ record: Record, _ place: String) throws(RecordProblem) {
        switch record {
        case .problem(let problem): throw problem
        case .line(let bytes) where format == .own:
            guard bytes.count <= TrafficLineParser.limitBytes else {
                throw RecordProblem("\(TrafficLineError.tooLong(limitBytes: TrafficLineParser.limitBytes))")
            }
            var parser = TrafficLineParser(bytes)
            let request: TrafficRequest
            do throws(TrafficLineError) {
                request = try parser.parse()
            } catch {
                throw RecordProblem("\(error)")
            }
            try keep(request, place)
        case .line(let bytes):
            guard String(validating: bytes, as: UTF8.self) != nil else {
                throw RecordProblem("it is not UTF-8: save the file as UTF-8")
            }
            do throws(JSONTextError) {
                take(try FileValue.json(bytes), place)
            } catch {
                throw RecordProblem("\(error)")
            }
        case .row(let row):
            guard let columns else { return }
            let before = output.requests.count
            try columns.read(row, &output)
            keep(from: before, place)
        case .value(let value) where format == .own:
            // One request alone in a file, written over several lines or not.
            try take(.line(Array(value.json.utf8)), place)
        case .value(let value): take(value, place)
        }
    }

    /// The requests of a value: of each of its items, where it is a list or holds one.
    private mutating func take(_ value: FileValue, _ place: String) {
        let items = value.list ?? container(value)
        for (index, item) in (items ?? [value]).enumerated() {
            let word = format == .inspect ? "sample" : "item"
            let here = items == nil ? place : (place.isEmpty ? "" : "\(place), ") + "\(word) \(index + 1)"
            let before = output.requests.count
            looked += 1
            do throws(RecordProblem) {
                try read(item)
                keep(from: before, here)
            } catch {
                output.requests.removeSubrange(before...)
                note(error.text, at: here)
            }
        }
    }

    /// The list that an object holds its items in.
    private func container(_ value: FileValue) -> [FileValue]? {
        guard value.isObject else { return nil }
        if format == .inspect { return value["samples"]?.list }
        if format == .promptfoo, let tests = value["tests"]?.list { return tests }
        if TrafficFormat(value) == nil, let items = value["data"]?.list { return items }
        return nil
    }

    private mutating func read(_ value: FileValue) throws(RecordProblem) {
        guard value.isObject else { throw RecordProblem("it must be an object") }
        switch format {
        case .own: throw RecordProblem("serin's own lines are objects, one a line")
        case .chat: try OpenAIReaders.chat(value, &output)
        case .batch: try OpenAIReaders.batch(value, &output)
        case .fineTune: try OpenAIReaders.fineTune(value, &output)
        case .preference: try OpenAIReaders.preference(value, &output)
        case .shareGPT: try ShareGPTReader.read(value, &output)
        case .langfuse: try LangfuseReader.read(value, &output)
        case .liteLLM: try LiteLLMReader.read(value, &output)
        case .promptfoo: try PromptfooReader.read(value, &output)
        case .traces: try TraceReader.read(value, &output)
        case .inspect: try InspectReader.read(value, &output)
        case .evals: try EvalsReader.read(value, &output)
        case .alpaca: try AlpacaReader.read(value, &output)
        case .csv: throw RecordProblem("it is no row")
        }
        if let answer = output.answer {
            answers[answer.id] = answer.text
            output.answer = nil
        }
    }

    /// Keeps the requests that a record gave; a wrong one is noted.
    private mutating func keep(from start: Int, _ place: String) {
        for request in output.requests[start...] {
            do throws(RecordProblem) {
                try keep(try request.request(named: request.id ?? "\(requests.count + 1)"), place)
            } catch {
                note(error.text, at: place)
            }
        }
        output.requests.removeSubrange(start...)
    }

    private mutating func keep(_ request: TrafficRequest, _ place: String) throws(RecordProblem) {
        if let first = places[request.id] {
            throw RecordProblem("id \"\(request.id)\" is that of \(first) too: give each request an id of its own")
        }
        places[request.id] = place
        requests.append(request)
    }

    // MARK: The set

    /// The requests, and answers of a batch beside what they answer.
    mutating func finished() throws(TrafficFileError) -> [TrafficRequest] {
        let taken = requests.map { request in
            answers.removeValue(forKey: request.id).map { request.expecting($0) } ?? request
        }
        if !answers.isEmpty {
            note(
                "\(answers.count) answers are to no request in it, such as \"\((answers.keys.min() ?? "").printable)\": put the "
                    + "batch's input before its output in one file",
                at: ""
            )
        }
        guard count == 0 else {
            throw TrafficFileError(format, problems, count: count, records: max(records.count, looked, count))
        }
        guard !taken.isEmpty else {
            let left = output.notTaken.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            throw TrafficFileError(
                format,
                "no request is in it" + (left.isEmpty ? "" : ", but \(left.prefix(4).joined(separator: ", "))")
            )
        }
        return taken
    }
}
