/// A link inside the site.
struct Link: Hashable, Sendable {
    /// Where it leads; one of ``Href``.
    let href: HTMLText
    /// What it says.
    let label: HTMLText

    /// A link that says `label`.
    init(_ label: String, _ href: String) {
        self.href = HTMLText(href)
        self.label = HTMLText(label)
    }
}
