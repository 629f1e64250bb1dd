public import WireFormat

/// What went wrong, why, and what to do.
public struct ErrorPage: Page {
    public static let template = "error"
    public let layout: PageLayout
    let heading: HTMLText
    let title: HTMLText
    let detail: HTMLText?
    let next: HTMLText?
    let hasNear: Bool
    let near: [HTMLText]
    let request: HTMLText?
    let isLogged: Bool

    /// Shows `problem` to the reader whom `context` names.
    public init(_ problem: Problem, context: PageContext) {
        layout = PageLayout("Error: \(problem.title)", in: nil, hasJSON: false, context: context)
        heading =
            switch problem.status {
            case 401: "Please log in"
            case 403: "Not allowed"
            case 404: "Not found"
            case 409: "Not as things are"
            case 500...: "Something went wrong"
            default: "That does not work"
            }
        title = HTMLText(problem.title)
        detail = problem.detail.map { HTMLText($0, limit: 1500) }
        next = problem.next.map { HTMLText($0, limit: 600) }
        near = problem.near.prefix(3).map { HTMLText($0, limit: 100) }
        hasNear = !near.isEmpty
        // What the caller got wrong is in no log.
        isLogged = problem.status == 500
        request = problem.requestID.map { HTMLText($0, limit: 100) }
    }
}

/// The page that asks who one is.
public struct LoginPage: Page {
    public static let template = "login"
    public let layout: PageLayout
    let lead: HTMLText
    let problem: HTMLText?
    let next: HTMLText?
    let destination: HTMLText?

    /// The login, after `problem` when one happened; `destination` is where the reader wanted to go.
    public init(problem: String? = nil, next: String? = nil, destination: String? = nil, context: PageContext) {
        layout = PageLayout(problem.map { "Error: \($0)" } ?? "Log in", in: nil, hasJSON: false, context: context)
        lead = "The registry shows what it holds to people with a key."
        self.problem = problem.map { HTMLText($0) }
        self.next = next.map { HTMLText($0) }
        self.destination = destination.map { HTMLText($0) }
    }
}
