import ArgumentParser

/// How tickets differ from those that the model was trained on.
enum TicketShift: String, CaseIterable, Hashable, Sendable, ExpressibleByArgument {
    /// They do not.
    case none
    /// 85 % are German instead of 40 %.
    case locale
    /// Every ticket is long: greeting, three remarks, closing.
    case length

    /// The share of German tickets.
    var germanShare: Double { self == .locale ? 0.85 : 0.4 }
}
