/// A request of the demo's traffic before it is sent.
struct PlannedRequest: Hashable, Sendable {
    /// Seconds after the start at which it is due.
    let due: Double
    let ticket: Ticket
    /// Who sends it, such as `customer-12`.
    let user: String
}
