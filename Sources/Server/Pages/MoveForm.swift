/// The form that confirms a move: everything in it comes back with the POST and is checked again.
struct MoveForm: Hashable, Sendable {
    /// Where it is sent.
    let action: HTMLText
    /// The token of the session.
    let token: HTMLText
    /// The release asked for.
    let reference: HTMLText
    /// The release the channel points to now, so that a move in between is a conflict.
    let expected: HTMLText
    /// Makes a form that is sent twice move once.
    let key: HTMLText
    /// Whether it moves against the policy.
    let isOverride: Bool
    /// The label of the reason.
    let label: HTMLText
    /// The reason as typed before an error.
    let reason: HTMLText
    /// What the button says.
    let button: HTMLText
}

/// What was wrong with a form that came back.
struct FormProblem: Hashable, Sendable {
    /// In one line.
    let title: HTMLText
    /// The field it is about.
    let link: Link?
}
