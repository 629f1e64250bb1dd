import ControlPlane
import Digests
import HTTPTypes
import Hummingbird
import Pages
import RegistryTypes
import WireFormat
import Wording

/// All addresses of the server. A route cannot be registered without naming the operation that it is, which says who may
/// use it: there is no other way to the router, and what a handler is handed holds the caller that was checked.
struct Routes {
    /// A registered address.
    struct Entry: Hashable, Sendable {
        /// How callers show who they are.
        enum Door: String, Sendable {
            /// A bearer token.
            case token
            /// A session; a POST also needs the token of its forms and the right origin.
            case session
        }

        let method: String
        let pattern: String
        /// What it does; nil for one that anybody may use.
        let operation: Operation?
        let door: Door

        /// What a key must have for it.
        var permission: Permission { operation?.permission ?? .anyone }
    }

    /// Handles a request to the API.
    typealias APIHandler<Answer: Encodable & Sendable> = @Sendable (APICall) async throws -> Answer

    /// What was registered, for the test that walks it.
    private(set) var entries: [Entry] = []

    private let router = Router(context: RequestState.self, options: .autoGenerateHeadEndpoints)
    private let gate: Gatekeeper
    private let pages: PageRenderer
    private let known: KnownFields

    init(gate: Gatekeeper, pages: PageRenderer) throws {
        self.gate = gate
        self.pages = pages
        known = try KnownFields()
    }

    /// The router with all that was registered.
    func build() -> RouterResponder<RequestState> { router.buildResponder() }

    /// An address that anybody may use, without a key.
    mutating func open(
        _ method: HTTPRequest.Method,
        _ pattern: String,
        handler: @escaping @Sendable (Request, RequestState) async throws -> Response
    ) {
        entries.append(Entry(method: method.rawValue, pattern: pattern, operation: nil, door: .token))
        let taken = method == .get ? known.names(method.rawValue, pattern, isPage: false) : []
        router.on(RouterPath(pattern), method: method) { request, state in
            try KnownFields.check(request.query, known: taken)
            return try await handler(request, state)
        }
    }

    /// An address of the API that answers with JSON.
    mutating func api<Answer: Encodable & Sendable>(
        _ method: HTTPRequest.Method,
        _ address: APIPath.Address,
        _ operation: Operation,
        handler: @escaping APIHandler<Answer>
    ) {
        raw(method, address, operation) { call in try JSONBody.answer(try await handler(call)) }
    }

    /// An address of the API whose handler makes the answer itself.
    mutating func raw(
        _ method: HTTPRequest.Method,
        _ address: APIPath.Address,
        _ operation: Operation,
        handler: @escaping @Sendable (APICall) async throws -> Response
    ) {
        guarded(method, address.route, operation, handler)
    }

    /// An address for programs that is not of our API: the pattern is what others agreed on.
    mutating func program(
        _ method: HTTPRequest.Method,
        _ pattern: String,
        _ operation: Operation,
        handler: @escaping @Sendable (APICall) async throws -> Response
    ) {
        guarded(method, pattern, operation, handler)
    }

    /// - Throws: `Problem` for a role that is too small.
    private static func require(_ operation: Operation, of caller: Caller) throws(Problem) {
        let permission = operation.permission
        guard permission.isGranted(to: caller.role) else { throw .notAllowed(caller, needs: permission) }
    }

    private mutating func guarded(
        _ method: HTTPRequest.Method,
        _ pattern: String,
        _ operation: Operation,
        _ handler: @escaping @Sendable (APICall) async throws -> Response
    ) {
        let gate = gate
        entries.append(Entry(method: method.rawValue, pattern: pattern, operation: operation, door: .token))
        let taken = known.names(method.rawValue, pattern, isPage: false)
        router.on(RouterPath(pattern), method: method) { request, state in
            guard let caller = try await gate.caller(request) else { throw Problem.notLoggedIn }
            try gate.admit(caller, on: state.connection)
            try Routes.require(operation, of: caller)
            try KnownFields.check(request.query, known: taken, takesEmpty: false)
            try ServingHeaders.check(request, pattern)
            return try await handler(APICall(request: request, state: state, caller: caller))
        }
    }

    /// A page with its JSON representation: both show what `load` gives. What a page shows besides, `show` asks for.
    mutating func page<Value: Encodable & Sendable>(
        _ route: PagePath.Route,
        _ operation: Operation,
        load: @escaping @Sendable (PageCall) async throws -> Value,
        show: @escaping @Sendable (Value, PageCall) async throws -> any Page
    ) {
        let pages = pages
        browser(.get, route, operation) { call in
            let value = try await load(call)
            if call.state.wantsJSON { return try JSONBody.answer(value) }
            return pages.answer(try await show(value, call))
        }
    }

    /// A form of a page. It is taken only from our own pages.
    mutating func form(
        _ route: PagePath.Route,
        _ operation: Operation,
        handler: @escaping @Sendable (PageCall) async throws -> Response
    ) {
        browser(.post, route, operation, handler: handler)
    }

    /// An address for browsers whose handler makes the answer itself.
    mutating func browser(
        _ method: HTTPRequest.Method,
        _ route: PagePath.Route,
        _ operation: Operation,
        handler: @escaping @Sendable (PageCall) async throws -> Response
    ) {
        let gate = gate, pages = pages, pattern = route.rawValue
        entries.append(Entry(method: method.rawValue, pattern: pattern, operation: operation, door: .session))
        let taken = known.names(method.rawValue, pattern, isPage: true)
        router.on(RouterPath(pattern), method: method) { request, state in
            // A program asks for the JSON of a page as it asks for any other; what a browser sends by itself opens no page.
            let readsJSON = method == .get && state.wantsJSON && Gatekeeper.sendsToken(request)
            let visitor =
                readsJSON
                ? try await gate.caller(request).map { Gatekeeper.Visitor(caller: $0) }
                : try await gate.visitor(request)
            guard let visitor else { throw Problem.notLoggedIn }
            try gate.admit(visitor.caller, on: state.connection)
            try Routes.require(operation, of: visitor.caller)
            var fields = request.query
            if method == .post {
                fields = FieldList(try await request.collected(upTo: PageCall.formLimitBytes).readableBytesView)
                guard pages.isOwn(request), Gatekeeper.isGenuine(fields["csrf"], of: visitor.session) else {
                    throw Problem.forged
                }
                try KnownFields.check(request.query, known: [])
            }
            try KnownFields.check(fields, known: taken, takesEmpty: visitor.session != nil)
            let open = state.wantsJSON ? nil : await pages.openIncidents()
            let context = pages.context(visitor, state, fields: fields, openIncidents: open)
            return try await handler(
                PageCall(request: request, state: state, visitor: visitor, fields: fields, context: context)
            )
        }
    }
}

/// The addresses of one noun: those of the API, its pages and their forms.
protocol RouteGroup {
    /// Registers the addresses.
    func register(in routes: inout Routes) throws
}

/// Stand-ins for the parts of an address that its pattern leaves open: the addresses ask for them, the patterns do
/// not hold them.
struct AnyParts {
    let digest = Digest(of: [UInt8]())
    let name: Name
    let version: VersionID
    let release: ReleaseID
    let request = RequestID(time: Timestamp(milliseconds: 0), random: (0, 0))

    init() throws(RegistryTypesError) {
        name = try Name("any")
        version = VersionID(name, 1)
        release = ReleaseID(name, 1)
    }
}
