import Mustache
import WebFiles

/// What a template is rendered with. All words are decided here; templates only place them.
///
/// Every text in a page is an ``HTMLText``: a test walks all pages for anything else.
public protocol Page: Sendable {
    /// The name of the template.
    static var template: String { get }
    /// What all pages share.
    var layout: PageLayout { get }
}

/// The pages' templates and the style sheet, as they are in the binary.
public struct Templates: Sendable {
    /// The style sheet.
    public let styleSheet: [UInt8]
    /// Changes when the style sheet does, so that browsers may keep it.
    public let styleSheetTag: String
    /// The texts of the templates by name.
    let sources: [String: String]
    private let library: MustacheLibrary

    /// Reads what is in the binary.
    ///
    /// - Throws: an error of the template parser; the files are part of the build, so a test finds it first.
    public init() throws {
        var sources: [String: String] = [:]
        var templates: [String: MustacheTemplate] = [:]
        var styleSheet: [UInt8] = []
        for index in 0..<web_file_count() {
            let file = web_file_at(index)
            let name = String(cString: file.name)
            let bytes = Array(UnsafeBufferPointer(start: file.bytes, count: file.size))
            if name.hasSuffix(".mustache") {
                let source = String(decoding: bytes, as: UTF8.self)
                let key = String(name.dropLast(".mustache".count))
                sources[key] = source
                templates[key] = try MustacheTemplate(string: source)
            } else {
                styleSheet = bytes
            }
        }
        self.styleSheet = styleSheet
        self.styleSheetTag = String(
            styleSheet.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 },
            radix: 36
        )
        self.sources = sources
        self.library = MustacheLibrary(templates: templates)
    }

    /// The page as one file that needs nothing else: its style sheet is in it, and its links lead to the site it came from.
    ///
    /// - Parameter site: Where that is, such as `https://serin.example`.
    public func file(_ page: some Page, site: String) -> String {
        let sheet = "<link rel=\"stylesheet\" href=\"\(page.layout.styleSheet.html)\">"
        let style = "<style>\(String(decoding: styleSheet, as: UTF8.self))</style>"
        // Texts hold no quote, so an address begins nowhere else.
        return render(page).replacing(sheet, with: style)
            .replacing(" href=\"/", with: " href=\"\(HTMLText(site, limit: 1_000).html)/")
    }

    /// The page as HTML.
    public func render(_ page: some Page) -> String {
        library.render(page, withTemplate: type(of: page).template) ?? ""
    }
}
