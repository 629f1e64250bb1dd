import ControlPlane
import HTTPTypes
import Hummingbird
import Pages
import RegistryTypes
import WireFormat
import Wording

/// Keys, who one is, and how one gets a session.
struct AccessRoutes: RouteGroup {
    let plane: ControlPlane
    let gate: Gatekeeper
    let pages: PageRenderer
    let logins: Logins
    let build: String
    let now: @Sendable () -> Timestamp
    /// The address people use, such as `http://127.0.0.1:7470`.
    let address: @Sendable () -> String

    func register(in routes: inout Routes) throws {
        let plane = plane, gate = gate, build = build, logins = logins, now = now, address = address
        let any = try AnyParts()
        routes.open(.get, APIPath.whoAmI.route) { request, _ in
            let caller = try await gate.caller(request)
            return try JSONBody.answer(WhoAmI(name: caller?.name, role: caller?.role, build: build))
        }
        routes.api(.get, APIPath.keys, .readKeys) { call in
            try await plane.access.keys(PathParts.part(call.query))
        }
        routes.api(.post, APIPath.keys, .makeKey) { call in
            try await plane.access.createKey(call.body(KeyRequest.self), by: call.caller)
        }
        routes.api(.post, APIPath.revokeKey(any.name), .revokeKey) { call in
            try await call.requireNoMembers()
            return try await plane.access.revokeKey(call.name("key"), by: call.caller)
        }
        routes.api(.post, APIPath.loginLinks, .useSession) { call in
            try await call.requireNoMembers()
            let code = try logins.makeLink(for: call.caller.name, now: now())
            return LoginLink(url: "\(address())/login?code=\(code)", expiresInSeconds: Int(Logins.linkSeconds))
        }
        registerLogin(&routes)
    }

    private func registerLogin(_ routes: inout Routes) {
        let service = self, pages = pages, gate = gate, logins = logins, now = now
        routes.open(.get, PagePath.Route.login.rawValue) { request, state in
            let fields = request.query
            let context = pages.context(nil, state)
            // A link is used up by a person who follows it, not by what only looks where it leads.
            guard let code = fields["code"], !AccessRoutes.onlyLooks(request) else {
                return pages.answer(LoginPage(context: context))
            }
            guard let name = logins.redeem(code: code, now: now()), let caller = try await gate.caller(named: name)
            else {
                let page = LoginPage(
                    problem: "this link does not work any more",
                    next: "A link works once, and for \(Int(Logins.linkSeconds / 60)) minutes.",
                    context: context
                )
                return pages.answer(page, status: .unauthorized)
            }
            return try service.enter(caller, to: PagePath.overview.path)
        }
        routes.open(.post, PagePath.Route.login.rawValue) { request, state in
            let fields = FieldList(try await request.collected(upTo: PageCall.formLimitBytes).readableBytesView)
            guard pages.isOwn(request) else { throw Problem.forged }
            try KnownFields.check(fields, known: ["token", "to"])
            guard let token = fields["token"], token.utf8.count <= Gatekeeper.maxTokenBytes,
                let caller = try await service.plane.access.authenticate(token: token)
            else {
                let page = LoginPage(
                    problem: "this key is not known",
                    next: "It may have been revoked, or not be complete.",
                    destination: fields["to"],
                    context: pages.context(nil, state)
                )
                return pages.answer(page, status: .unauthorized)
            }
            return try service.enter(caller, to: AccessRoutes.localPath(fields["to"]))
        }
        routes.form(.logout, .useSession) { call in
            if let cookie = call.visitor.cookie { logins.close(cookie: cookie) }
            var response = pages.redirect(to: .login)
            response.headers[.setCookie] = gate.clearCookie
            return response
        }
    }

    /// Whether a request only asks what is at an address: HEAD, and a browser that fetches what might be asked for next.
    static func onlyLooks(_ request: Request) -> Bool {
        guard request.method == .get else { return true }
        let purposes = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"].compactMap { name in
            HTTPField.Name(name).flatMap { request.headers[$0]?.lowercased() }
        }
        return purposes.contains { $0.contains("prefetch") || $0.contains("prerender") || $0.contains("preview") }
    }

    /// Hands out a session and goes on.
    private func enter(_ caller: Caller, to path: String) throws -> Response {
        var response = pages.redirect(at: path)
        response.headers[.setCookie] = gate.setCookie(try logins.open(for: caller.name, now: now()))
        return response
    }

    /// A path of this site; anything that a browser could read as another site is the overview.
    static func localPath(_ path: String?) -> String {
        guard let bytes = path.map({ Array($0.utf8) }), bytes.first == UInt8(ascii: "/"), bytes.count <= 500,
            bytes.count < 2 || (bytes[1] != UInt8(ascii: "/") && bytes[1] != UInt8(ascii: "\\")),
            bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return "/" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
