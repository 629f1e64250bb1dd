import WireFormat

/// What went wrong, why, and what to do.
struct ErrorPage: Page {
    static let template = "error"
    let frame: Frame
    let heading: HTMLText
    let title: HTMLText
    let detail: HTMLText?
    let next: HTMLText?
    let hasNear: Bool
    let near: [HTMLText]
    let request: HTMLText?

    init(_ problem: Problem, visit: Visit) {
        frame = Frame("Error: \(problem.title)", in: nil, hasJSON: false, visit: visit)
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
        request = problem.requestID.map { HTMLText($0, limit: 100) }
    }
}
