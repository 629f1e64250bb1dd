import DriftAnalysis
public import RegistryTypes
public import UserDocuments
import Wording

extension TrafficRequest {
    /// The language of what is asked, of a conversation of its last turn by a person; nil where it cannot be told.
    var language: String? {
        switch content {
        case .variables(let values):
            LanguageGuess.code(of: values.sorted { $0.key < $1.key }.map(\.value).joined(separator: "\n"))
        case .messages(let messages): messages.last { $0.role == .user }.flatMap { LanguageGuess.code(of: $0.text) }
        }
    }

    /// What it is told apart from others by; nil where it says nothing of it. A tag counts before what is read from the text.
    func slice(by key: String) -> String? {
        if let tag = tags?[key] { return tag }
        return switch key {
        case "language": language
        case "length": RequestLength(bytes: byteCount).rawValue
        default: nil
        }
    }
}

extension CanaryDocument {
    /// That a slice which the document protects has none of these requests, so that its check could not decide; nil where
    /// each has some.
    public func emptySlice(of requests: [TrafficRequest]) -> String? {
        let empty = slices?.protect?.first { slice in !requests.contains { $0.slice(by: slice.slice) == slice.value } }
        return empty.map {
            "of \(NumberText.count(requests.count, "request")) none is of \($0.slice) \($0.value), which the document protects"
        }
    }
}

/// Which conversation each request of a run belongs to.
struct Conversations {
    /// One number a request; nil where no two requests belong together.
    let clusters: [Int]?
    /// Conversations, a request without one counting as one of its own; nil where no two requests belong together.
    let count: Int?

    init(of requests: [TrafficRequest]) {
        var numbers: [[UInt8]: Int] = [:]
        var next = 0
        let found = requests.map { request -> Int in
            let name = request.conversation.map { Array($0.utf8) }
            if let name, let known = numbers[name] { return known }
            if let name { numbers[name] = next }
            next += 1
            return next - 1
        }
        let isShared = next < requests.count
        clusters = isShared ? found : nil
        count = isShared ? next : nil
    }
}
