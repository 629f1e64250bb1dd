import Foundation
import Gateway

/// Where the files of the server are: its log says it, and answers do not. Who asks over the network learns nothing of
/// the machine by an error.
struct ServerPaths: Sendable {
    /// What stands for the folder in what is answered.
    static let word = "(data folder)"

    /// The path of the data folder as it may be written, the longest first.
    private let spellings: [[UInt8]]

    init(folder: URL) {
        let resolved = folder.resolvingSymlinksInPath()
        let paths = [folder, folder.absoluteURL, folder.standardizedFileURL, resolved].flatMap {
            [$0.path(percentEncoded: false), $0.path]
        }
        // A name without a slash, such as "data", is a word of its own in many sentences.
        spellings = Set(paths.map { path in Array(path.utf8.reversed().drop { $0 == 0x2f }.reversed()) })
            .filter { $0.contains(0x2f) }.sorted { $0.count > $1.count }
    }

    /// `text` without the path.
    func hidden(in text: String) -> String {
        var text = text
        for spelling in spellings { text = Self.replace(spelling, in: text) }
        return text
    }

    private static func replace(_ spelling: [UInt8], in text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count >= spelling.count else { return text }
        var result: [UInt8] = [], index = 0
        while index < bytes.count {
            if bytes[index] == spelling[0], bytes[index...].starts(with: spelling) {
                result += word.utf8
                index += spelling.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension ErrorAnswer {
    /// The same error without the paths of the server.
    func hiding(_ paths: ServerPaths) -> ErrorAnswer {
        ErrorAnswer(
            status: status,
            message: paths.hidden(in: message),
            type: type,
            param: param,
            code: code,
            shouldRetry: shouldRetry,
            retryAfterMilliseconds: retryAfterMilliseconds
        )
    }
}
