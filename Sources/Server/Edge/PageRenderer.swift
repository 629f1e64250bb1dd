import ControlPlane
import HTTPTypes
import Hummingbird
import Pages
import RegistryTypes
import Wording

/// Turns pages into answers.
struct PageRenderer: Sendable {
    let templates: Templates
    /// `http` or `https`.
    let scheme: String
    let now: @Sendable () -> Timestamp
    /// How many incidents are open; nil when that cannot be said.
    var openIncidents: @Sendable () async -> Int? = { nil }
    /// Why nothing can be changed now; nil when it can.
    var readOnly: @Sendable () -> String? = { nil }

    /// A page as an answer.
    func answer(_ page: any Page, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: templates.render(page)))
        )
    }

    /// A page as a file that needs nothing else, to be kept and sent.
    func file(_ page: any Page, named name: String, from request: Request) -> Response {
        let site = request.head.authority.map { "\(scheme)://\($0)" } ?? ""
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .contentDisposition: "attachment; filename=\"\(name).html\"",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: templates.file(page, site: site)))
        )
    }

    /// The style sheet. Its address changes with its content, so browsers may keep it.
    func styleSheet() -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/css; charset=utf-8", .cacheControl: "public, max-age=31536000, immutable"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: templates.styleSheet))
        )
    }

    /// On to another page, after a POST or from an address that stands for another.
    func redirect(to path: PagePath) -> Response { redirect(at: path.path) }

    /// On to another address of this site.
    func redirect(at address: String) -> Response { Response(status: .seeOther, headers: [.location: address]) }

    /// What a page needs to know of a visitor; nil before the login.
    func context(
        _ visitor: Gatekeeper.Visitor?,
        _ state: RequestState,
        fields: FieldList = FieldList([]),
        openIncidents: Int? = nil
    ) -> PageContext {
        PageContext(
            person: visitor.map {
                PageContext.Person(name: $0.caller.name, role: $0.caller.role, token: $0.session?.formToken ?? "")
            },
            path: state.path,
            now: now(),
            styleSheetTag: templates.styleSheetTag,
            refreshSeconds: fields["live"] == "5" ? 5 : nil,
            openIncidents: openIncidents,
            readOnly: readOnly()
        )
    }

    /// Whether a POST was sent from a page of ours.
    func isOwn(_ request: Request) -> Bool {
        OriginRule.allows(
            origin: request.headers[.origin],
            site: HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] },
            authority: request.head.authority,
            scheme: scheme
        )
    }
}
