/// What a template is rendered with. All words are decided here; templates only place them.
///
/// Every text in a page is an ``HTMLText``: a test walks all pages for anything else.
protocol Page: Sendable {
    /// The name of the template.
    static var template: String { get }
    /// What all pages share.
    var frame: Frame { get }
}
