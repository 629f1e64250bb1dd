import Gateway
import HTTPTypes
import Hummingbird
import Logging
import Pages
import WireFormat
import Wording

/// The outermost layer: every answer, of a handler or of an error, leaves through it.
struct Edge: HTTPResponder {
    typealias Context = RequestState

    let router: RouterResponder<RequestState>
    let hosts: HostRule
    let gate: Gatekeeper
    let pages: PageRenderer
    let paths: ServerPaths
    let methods: AddressMethods

    func respond(to request: Request, context: RequestState) async throws -> Response {
        let path = request.uri.path
        var context = context
        context.path = request.head.path ?? "/"
        var response: Response
        do {
            response = try await answer(request, path: path, context: &context)
            // The router turns its own errors (no such address, a body too large) into answers without words.
            if response.status.code >= 400, response.headers[.contentType] == nil {
                throw Problem(status: response.status.code)
            }
        } catch {
            response = await failure(error, request, path: path, context: context)
        }
        AnswerHeaders.add(to: &response.headers, requestID: context.requestID, isSecure: pages.scheme == "https")
        return response
    }

    private func answer(_ request: Request, path: String, context: inout RequestState) async throws -> Response {
        guard !HostRule.isAmbiguous(request.headers) else { throw Problem.severalHosts }
        // Whatever is linked from a page with such an address would lead to another server.
        guard PageContext.isOfThisSite(context.path) else { throw Problem(status: 404) }
        guard path == "/livez" || path == "/readyz" || hosts.allows(request.head.authority) else {
            throw Problem(
                status: 421,
                title: "this server is not known under that name",
                detail: "Host was \(request.head.authority ?? "not sent")",
                next: "\(NextStep.serve(.hostName))",
                exit: ExitCode.usage.rawValue
            )
        }
        if Edge.isAPI(path) { try methods.check(request.method, path) }
        guard !Edge.isAPI(path), !OpenAIAddress.owns(path), request.method == .get,
            let page = PagePath.page(ofJSON: path)
        else {
            return try await router.respond(to: request, context: context)
        }
        let asked = context
        context.wantsJSON = true
        var head = request.head
        head.path = page + (request.uri.query.map { "?" + $0 } ?? "")
        do {
            return try await router.respond(to: Request(head: head, body: request.body), context: context)
        } catch  where Problem(error)?.status == 404 && Edge.wantsPage(request) {
            // Nothing there has a JSON representation; but a thing may be named so, and a reader wants its page.
            guard let named = try? await router.respond(to: request, context: asked), named.status.code < 400 else {
                throw error
            }
            return pages.redirect(at: AccessRoutes.localPath(PagePath.escaped(asked.path)))
        }
    }

    /// An error as an answer: a problem document for programs, a page for people.
    private func failure(_ error: any Error, _ request: Request, path: String, context: RequestState) async -> Response
    {
        if OpenAIAddress.owns(path) { return openAI(error, request, path: path, context: context) }
        let known = Problem(error)
        if known == nil {
            context.logger.error("\(request.method) \(path): \(error)")
        }
        let problem = (known ?? Problem(status: 500)).naming(request: context.requestID, hiding: paths)
        var response: Response
        if Edge.isAPI(path) || context.wantsJSON || !Edge.wantsPage(request) {
            response = Edge.document(problem)
        } else {
            let visitor = (try? await gate.visitor(request)) ?? nil
            let looking = pages.context(visitor, context)
            let page: any Page =
                problem.status == 401 && visitor == nil
                ? LoginPage(destination: request.method == .get ? context.path : nil, context: looking)
                : ErrorPage(problem, context: looking)
            response = pages.answer(page, status: HTTPResponse.Status(code: problem.status))
        }
        if problem.status == 405, Edge.isAPI(path) {
            response.headers[.allow] = methods.methods(of: path).joined(separator: ", ")
        }
        if problem.status == 401, Edge.isAPI(path) { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }

    /// An error as OpenAI's clients understand it.
    private func openAI(_ error: any Error, _ request: Request, path: String, context: RequestState) -> Response {
        let known = ErrorAnswer(error, path: path, method: request.method.rawValue)
        // Nobody is left to read the answer of a client that went away, and there is nothing to report.
        if known == nil, !(error is CancellationError) {
            context.logger.error("\(request.method) \(path): \(error)", metadata: ["request": "\(context.number)"])
        }
        return OpenAIAnswer.response((known ?? .fault).hiding(paths), allowed: OpenAIAddress.method(of: path))
    }

    /// RFC 9457.
    private static func document(_ problem: Problem) -> Response {
        let body = (try? JSONBody.write(problem)) ?? ByteBuffer(string: "{}")
        return Response(
            status: HTTPResponse.Status(code: problem.status),
            headers: [.contentType: "application/problem+json"],
            body: ResponseBody(byteBuffer: body)
        )
    }

    private static func isAPI(_ path: String) -> Bool { path.utf8.starts(with: (APIPath.prefix + "/").utf8) }

    /// Browsers name HTML among what they take; a program that says nothing gets the problem document.
    private static func wantsPage(_ request: Request) -> Bool {
        guard let accept = request.headers[.accept] else { return false }
        return accept.utf8.split(separator: UInt8(ascii: ",")).contains { part in
            let type = part.split(separator: UInt8(ascii: ";")).first ?? part
            return type.drop { $0 == UInt8(ascii: " ") }.elementsEqual("text/html".utf8)
        }
    }
}
