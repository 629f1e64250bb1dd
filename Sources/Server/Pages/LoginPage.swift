import RegistryTypes

/// The page that asks who one is.
struct LoginPage: Page {
    static let template = "login"
    let frame: Frame
    let lead: HTMLText
    let problem: HTMLText?
    let next: HTMLText?
    let destination: HTMLText?

    /// The login, after `problem` when one happened; `destination` is where the reader wanted to go.
    init(problem: String? = nil, next: String? = nil, destination: String? = nil, visit: Visit) {
        frame = Frame(problem.map { "Error: \($0)" } ?? "Log in", in: nil, hasJSON: false, visit: visit)
        lead = "The registry shows what it holds to people with a key."
        self.problem = problem.map { HTMLText($0) }
        self.next = next.map { HTMLText($0) }
        self.destination = destination.map { HTMLText($0) }
    }
}
