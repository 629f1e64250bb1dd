import RegistryTypes
import StrictJSON

/// One request as a reader found it in a file of another tool.
struct ImportedRequest {
    /// Its name; nil where the file gives none.
    var id: String?
    var content: TrafficRequest.Content
    var expected: String?
    var tags: [String: String] = [:]
    var askedAt: Timestamp?
    var tools: String?
    var settings: [String: JSONValue] = [:]
    var conversation: String?

    init(_ content: TrafficRequest.Content) { self.content = content }

    /// The request of a set under `name`.
    ///
    /// - Throws: ``RecordProblem`` for what no release can be asked.
    func request(named name: String) throws(RecordProblem) -> TrafficRequest {
        switch content {
        case .variables(let values):
            if values.isEmpty { throw RecordProblem("it asks nothing: no value stands in it") }
        case .messages(let messages):
            if let problem = TrafficRequest.problem(of: messages) {
                throw RecordProblem("its conversation must be \(problem)")
            }
        }
        if let problem = DecodingSettings.problem(of: settings) { throw RecordProblem(problem) }
        if let tools, !TrafficRequest.isToolList(tools) { throw RecordProblem("its tools must be a list of objects") }
        guard (1...200).contains(name.utf8.count), name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw RecordProblem("id \"\(name.printable)\" cannot be used: 1 to 200 bytes without control characters")
        }
        let request = TrafficRequest(
            id: name,
            content: content,
            expected: expected,
            tags: tags.isEmpty ? nil : tags,
            askedAt: askedAt,
            tools: tools,
            settings: settings.isEmpty ? nil : settings,
            conversation: conversation
        )
        // A set is stored as lines, and a line has a limit.
        let bytes = request.byteCount + (expected?.utf8.count ?? 0)
        if bytes > TrafficLineParser.limitBytes / 8 {
            guard let line = try? CanonicalJSON.encode(request), line.count <= TrafficLineParser.limitBytes else {
                throw RecordProblem("it has more than \(TrafficLineParser.limitBytes) bytes: shorten the request")
            }
        }
        return request
    }
}

extension TrafficRequest {
    /// The same request with an answer that should come.
    func expecting(_ answer: String) -> TrafficRequest {
        TrafficRequest(
            id: id,
            content: content,
            expected: answer,
            tags: tags,
            askedAt: askedAt,
            tools: tools,
            settings: settings,
            conversation: conversation
        )
    }
}

/// Why a record of a file is no request.
struct RecordProblem: Error, Equatable {
    let text: String
    init(_ text: String) { self.text = text }
}

/// What readers of records hand over: requests, and what they left behind.
struct RecordOutput {
    /// The requests of the record.
    var requests: [ImportedRequest] = []
    /// What stood in it and was not taken, by its name.
    var notTaken: [String: Int] = [:]
    /// An answer to a request of another record, such as a line of a batch's output: its id and what was answered.
    var answer: (id: String, text: String)?

    init() {}

    /// Notes that something was left behind.
    mutating func leave(_ name: String) {
        let name = name.printable
        // A file may have a new name in every line, and what is told of it is kept for good.
        notTaken[notTaken.count < Self.maxNames || notTaken[name] != nil ? name : "other members", default: 0] += 1
    }

    private static let maxNames = 30

    /// Notes the members of an object that nobody read.
    mutating func leave(_ value: FileValue, but known: Set<String>, in place: String = "") {
        for member in value.all where !known.contains(member.name) && member.value != .null {
            leave(place + member.name)
        }
    }
}
