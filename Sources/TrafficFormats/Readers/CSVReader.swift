import RegistryTypes
import StrictJSON

/// Rows of comma-separated values (RFC 4180), with whatever ends their lines; the first row names the columns.
struct CSVReader {
    /// A row with the line that it begins in.
    struct Row: Equatable {
        let line: Int
        let fields: [String]
    }

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private let separator: UInt8

    /// A reader of a whole file, whose separator is the one that its first line has most of.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let first = bytes.prefix { $0 != 0x0a }
        let separators: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09]
        var best = separators[0], highest = 0
        for byte in separators {
            let count = first.reduce(0) { $0 + ($1 == byte ? 1 : 0) }
            if count > highest { (best, highest) = (byte, count) }
        }
        separator = best
    }

    /// The next row that is not blank; nil at the end.
    ///
    /// - Throws: ``RecordProblem`` for a quoted field that does not end, or bytes that are no UTF-8.
    mutating func next() throws(RecordProblem) -> Row? {
        while index < bytes.count {
            let start = line
            let fields = try row()
            if fields.contains(where: { !$0.trimmed.isEmpty }) { return Row(line: start, fields: fields) }
        }
        return nil
    }

    /// The line of the next row.
    var nextLine: Int { line }

    private mutating func row() throws(RecordProblem) -> [String] {
        var fields: [String] = []
        var problem: RecordProblem?
        while true {
            do throws(RecordProblem) {
                fields.append(try field())
            } catch {
                // The rest of the row is read all the same, so that the next one can be.
                problem = problem ?? error
                fields.append("")
            }
            guard index < bytes.count else { break }
            let byte = bytes[index]
            index += 1
            if byte == separator { continue }
            if byte == 0x0d, index < bytes.count, bytes[index] == 0x0a { index += 1 }
            line += 1
            break
        }
        if let problem { throw problem }
        return fields
    }

    private mutating func field() throws(RecordProblem) -> String {
        var text: [UInt8] = []
        if index < bytes.count, bytes[index] == 0x22 {
            index += 1
            while true {
                guard index < bytes.count else { throw RecordProblem("a quoted field does not end") }
                let byte = bytes[index]
                index += 1
                if byte == 0x22 {
                    guard index < bytes.count, bytes[index] == 0x22 else { break }
                    index += 1
                } else if byte == 0x0a {
                    line += 1
                }
                text.append(byte)
            }
        }
        while index < bytes.count, bytes[index] != separator, bytes[index] != 0x0a, bytes[index] != 0x0d {
            text.append(bytes[index])
            index += 1
        }
        guard let string = String(validating: text, as: UTF8.self) else { throw RecordProblem("it is not UTF-8") }
        return string
    }
}

/// What the columns of a file are: values of variables by their names, but for the id, what should come, and tags.
struct CSVColumns {
    private let names: [String]
    private let id: Int?
    private let expected: Int?

    /// - Throws: ``RecordProblem`` for a header that names two columns alike, or none that is asked.
    init(_ header: [String]) throws(RecordProblem) {
        let names = header.map { $0.trimmed }
        var seen: Set<String> = []
        for name in names where !name.isEmpty && !seen.insert(name).inserted {
            throw RecordProblem("two columns are called \"\(name.printable)\"")
        }
        self.names = names
        id = names.firstIndex { ["id", "custom_id"].contains($0) }
        expected =
            (["__expected"] + EvalsReader.expectedNames + ["output", "completion"]).lazy
            .compactMap { name in names.firstIndex(of: name) }.first
        guard names.indices.contains(where: { isVariable($0) }) else {
            throw RecordProblem("no column of the header is a variable: name at least one, such as \"ticket\"")
        }
    }

    private func isVariable(_ column: Int) -> Bool {
        column != id && column != expected && !names[column].isEmpty && tag(column) == nil
    }

    private func tag(_ column: Int) -> String? {
        for prefix in ["tag:", "tags.", "__metadata:"] where names[column].hasPrefix(prefix) {
            return String(names[column].dropFirst(prefix.count))
        }
        return nil
    }

    func read(_ row: CSVReader.Row, _ output: inout RecordOutput) throws(RecordProblem) {
        guard row.fields.count <= names.count else {
            throw RecordProblem("it has \(row.fields.count) fields, and the header names \(names.count)")
        }
        guard row.fields.count == names.count else {
            throw RecordProblem("it has \(row.fields.count) fields of \(names.count): the row is cut")
        }
        var values: [String: String] = [:]
        var request = ImportedRequest(.variables([:]))
        for (column, field) in row.fields.enumerated() {
            if column == id {
                request.id = field.isEmpty ? nil : field
            } else if column == expected {
                request.expected = expectedText(field, &output)
            } else if let tag = tag(column) {
                if !field.isEmpty { request.tags[tag] = field }
            } else if isVariable(column) {
                values[names[column]] = field
            } else if !field.isEmpty {
                output.leave("columns without a name")
            }
        }
        request.content = .variables(values)
        output.requests.append(request)
    }

    /// What should come; in promptfoo's column a check may stand before it, of which `equals` is one.
    private func expectedText(_ field: String, _ output: inout RecordOutput) -> String? {
        guard !field.isEmpty else { return nil }
        guard let expected, names[expected] == "__expected" else { return field }
        if field.hasPrefix("equals:") { return String(field.dropFirst(7)).trimmed }
        let kinds = [
            "contains", "icontains", "regex", "is-json", "javascript", "python", "similar", "llm-rubric", "fn", "grade",
            "starts-with",
        ]
        guard
            let kind = kinds.first(where: {
                field.hasPrefix($0)
                    && (field == $0 || field.dropFirst($0.count).first.map { ":(".contains($0) } == true)
            })
        else { return field }
        output.leave("assert \(kind)")
        return nil
    }
}

extension String {
    /// The text without blanks at its ends.
    var trimmed: String {
        let bytes = Array(utf8)
        let blank: Set<UInt8> = [0x20, 0x09, 0x0d]
        guard let first = bytes.firstIndex(where: { !blank.contains($0) }),
            let last = bytes.lastIndex(where: { !blank.contains($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}
