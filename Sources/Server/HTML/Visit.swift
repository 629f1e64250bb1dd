import RegistryTypes

/// Who looks at a page, when, and at which address: all that a page depends on besides its data.
struct Visit: Hashable, Sendable {
    /// Who is logged in.
    struct Person: Hashable, Sendable {
        /// The name of the key.
        let name: Name
        /// What it may do.
        let role: Role
        /// The token of its forms.
        let token: String
    }

    /// Who is logged in; nil before the login.
    let person: Person?
    /// The path and the query.
    let path: String
    /// The time of the request.
    let now: Timestamp
    /// The version of the style sheet.
    let styleSheetTag: String
    /// Seconds until the page loads itself again; nil when it does not.
    let refreshSeconds: Int?
    /// How many incidents are open; nil when nobody asked.
    var openIncidents: Int?

    /// Whether the person may do what needs `permission`.
    func may(_ permission: Permission) -> Bool { permission.isGranted(to: person?.role) }
}
