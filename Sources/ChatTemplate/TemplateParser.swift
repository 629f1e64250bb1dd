/// Tokens → program. One token of look-ahead; every recursion is counted, so that nesting ends with an error and never
/// with the stack.
struct TemplateParser {
    var program: TemplateProgram
    let limits: TemplateLimits
    private let tokens: [TemplateToken]
    private var next = 0
    /// The scopes that are open, the innermost last.
    var scopes = [0]
    private var nesting = 0
    /// Whether `break` and `continue` have a loop to end.
    var loops = 0

    /// Reads a template.
    ///
    /// - Throws: ``TemplateError`` of reason `syntax`, `unsupported` or `limit`.
    static func parse(_ text: String, limits: TemplateLimits) throws(TemplateError) -> TemplateProgram {
        let source = TemplateSource(text.utf8.count <= limits.sourceBytes ? text : "")
        guard text.utf8.count <= limits.sourceBytes else {
            throw TemplateError(
                .limit,
                "it has \(text.utf8.count) bytes, at most \(limits.sourceBytes) are read: shorten it",
                at: 0,
                in: source
            )
        }
        let tokens = try TemplateLexer.tokens(of: source)
        var parser = TemplateParser(program: TemplateProgram(source), limits: limits, tokens: tokens)
        parser.program.body = try parser.statements(until: []).body
        return parser.program
    }

    private init(program: TemplateProgram, limits: TemplateLimits, tokens: [TemplateToken]) {
        self.program = program
        self.limits = limits
        self.tokens = tokens
    }

    // MARK: Tokens

    // What many places call stays out of line, so that what calls itself takes little of the stack.

    var token: TemplateToken { tokens[next] }

    /// The token after the next one.
    var following: TemplateToken { tokens[min(next + 1, tokens.count - 1)] }

    @inline(never)
    mutating func advance() { next = min(next + 1, tokens.count - 1) }

    @inline(never)
    func failure(
        _ message: String,
        _ reason: TemplateError.Reason = .syntax,
        at offset: Int? = nil
    ) -> TemplateError {
        TemplateError(reason, message, at: offset ?? token.offset, in: program.source)
    }

    @inline(never)
    func isNext(_ mark: TemplateToken.Mark) -> Bool { token.kind == .mark(mark) }

    @inline(never)
    func isNext(_ word: String) -> Bool {
        if case .name(let name) = token.kind { return TemplateText.isSame(name, word) }
        return false
    }

    @inline(never)
    mutating func take(_ mark: TemplateToken.Mark) -> Bool {
        guard isNext(mark) else { return false }
        advance()
        return true
    }

    @inline(never)
    mutating func take(_ word: String) -> Bool {
        guard isNext(word) else { return false }
        advance()
        return true
    }

    @inline(never)
    mutating func expect(_ mark: TemplateToken.Mark) throws(TemplateError) {
        guard take(mark) else { throw failure("\"\(mark.rawValue)\" is needed before \(token.shown)") }
    }

    @inline(never)
    mutating func expect(_ word: String) throws(TemplateError) {
        guard take(word) else { throw failure("\"\(word)\" is needed before \(token.shown)") }
    }

    @inline(never)
    mutating func expectName(_ what: String) throws(TemplateError) -> String {
        guard case .name(let name) = token.kind else { throw failure("\(what) is needed before \(token.shown)") }
        advance()
        return name
    }

    // MARK: Bounds

    /// Goes one level deeper, up to the limit; the caller goes back up with ``leave()``.
    @inline(never)
    mutating func enter() throws(TemplateError) {
        guard nesting < limits.nesting else { throw tooDeep(at: token.offset) }
        nesting += 1
    }

    mutating func leave() { nesting -= 1 }

    private func tooDeep(at offset: Int) -> TemplateError {
        failure(
            "nested deeper than \(limits.nesting) levels: set a part of it to a variable before",
            .limit,
            at: offset
        )
    }

    // MARK: Building

    /// Adds an expression that begins at `offset`.
    @inline(never)
    mutating func add(
        _ expression: TemplateProgram.Expression,
        at offset: Int
    ) throws(TemplateError) -> TemplateProgram.Place {
        var depth: Int32 = 0
        for child in program.children(of: expression) where child != TemplateProgram.none {
            depth = max(depth, program.depths[Int(child)])
        }
        guard Int(depth) + 1 <= limits.operators else {
            throw failure(
                "more than \(limits.operators) operators wait for each other: set a part of it to a variable before",
                .limit,
                at: offset
            )
        }
        program.expressions.append(expression)
        program.offsets.append(Int32(truncatingIfNeeded: offset))
        program.depths.append(depth + 1)
        return TemplateProgram.Place(truncatingIfNeeded: program.expressions.count - 1)
    }

    func offset(of place: TemplateProgram.Place) -> Int { Int(program.offsets[Int(place)]) }

    @inline(never)
    mutating func constant(
        _ value: TemplateValue,
        at offset: Int
    ) throws(TemplateError) -> TemplateProgram.Place {
        program.constants.append(value)
        return try add(.constant(program.constants.count - 1), at: offset)
    }

    @inline(never)
    mutating func listed(_ places: [TemplateProgram.Place]) -> Int {
        program.lists.append(places)
        return program.lists.count - 1
    }

    @inline(never)
    mutating func name(_ name: String) -> Int {
        program.names.append(name)
        return program.names.count - 1
    }

    /// The slot of a variable in the innermost scope.
    @inline(never)
    mutating func slot(_ name: String) -> Int { program.slot(name, in: scopes[scopes.count - 1]) }

    /// Does `work` in a scope of its own, whose number it gives back.
    mutating func scoped<Result>(
        _ work: (inout TemplateParser) throws(TemplateError) -> Result
    ) throws(TemplateError) -> (scope: Int, Result) {
        program.scopes.append(TemplateProgram.Scope(parent: scopes[scopes.count - 1]))
        let scope = program.scopes.count - 1
        scopes.append(scope)
        defer { scopes.removeLast() }
        return (scope, try work(&self))
    }
}
