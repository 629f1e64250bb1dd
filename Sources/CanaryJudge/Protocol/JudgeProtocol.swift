import RegistryRecords
import StrictJSON

/// The protocol canary-judge/1: one run a line in, one verdict a line out, nothing kept between lines.
public enum JudgeProtocol {
    /// The longest line that is read.
    public static let longestLineBytes = 512 << 20

    /// Answers one line.
    ///
    /// - Parameters:
    ///   - line: the bytes of the line without its end.
    ///   - number: which line it is, from 1 on.
    /// - Returns: the answer as one line of JSON without its end, and whether the line was judged.
    public static func answer(to line: [UInt8], number: Int) -> (json: [UInt8], isJudged: Bool) {
        do {
            let request = try JSONText.decode(JudgeRequest.self, from: line)
            let answer = JudgeAnswer(id: request.id, judge(try request.run()))
            return (try JSONText.encode(answer), true)
        } catch {
            return refusal(id(of: line), number, words(error))
        }
    }

    /// The answer to a line that is longer than is read.
    public static func refusalOfLongLine(number: Int) -> [UInt8] {
        refusal(nil, number, "the line is longer than \(longestLineBytes >> 20) MB: judge fewer requests at once").json
    }

    private static func refusal(_ id: JSONValue?, _ number: Int, _ error: String) -> (json: [UInt8], isJudged: Bool) {
        let refusal = JudgeRefusal(id: id ?? .null, line: number, error: error)
        return ((try? JSONText.encode(refusal)) ?? Array(#"{"error":"the line cannot be judged"}"#.utf8), false)
    }

    /// The id of a line that is not judged, where one can be read.
    private static func id(of line: [UInt8]) -> JSONValue? {
        guard let text = String(validating: line, as: UTF8.self),
            let member = try? JSONText.member("id", of: text), let value = try? JSONText.parse(member)
        else { return nil }
        switch value {
        case .string, .number, .bool, .null: return value
        case .array, .object: return nil
        }
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as JudgeRequestProblem: error.description
        case let error as JSONTextError: "not JSON: \(error)"
        case let error as DecodingError: Self.place(error)
        default: "\(error)"
        }
    }

    private static func place(_ error: DecodingError) -> String {
        func path(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
            let keys = context.codingPath + [last].compactMap(\.self)
            let place = keys.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
            return place.isEmpty ? "the line" : String(place.drop { $0 == "." })
        }
        switch error {
        case .keyNotFound(let key, let context): return "\(path(context, key)) is missing"
        case .valueNotFound(_, let context): return "\(path(context)) is null, which it cannot be"
        case .typeMismatch(_, let context), .dataCorrupted(let context):
            return "\(path(context)): \(context.debugDescription)"
        @unknown default: return "a member that cannot be read"
        }
    }
}
