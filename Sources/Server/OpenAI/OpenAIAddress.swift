/// The addresses that OpenAI's clients know.
enum OpenAIAddress {
    static let chat = "/v1/chat/completions"
    static let models = "/v1/models"
    static let model = "/v1/models/{model}"
    /// Ours: what was right or wrong about an answer, said by the application that got it.
    static let feedback = "/v1/feedback"

    /// Whether answers at `path` have OpenAI's shape, errors of all kinds included.
    static func owns(_ path: String) -> Bool { path.utf8.starts(with: "/v1/".utf8) || path == "/v1" }

    /// The method of the address `path`; nil when there is nothing at it.
    static func method(of path: String) -> String? {
        if path == chat || path == feedback { return "POST" }
        let isModel = path.utf8.starts(with: "\(models)/".utf8) && path.utf8.count > models.utf8.count + 1
        return path == models || isModel ? "GET" : nil
    }
}
