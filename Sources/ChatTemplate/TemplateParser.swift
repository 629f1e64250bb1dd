/// Tokens → program. One token of look-ahead; every recursion is counted, so that nesting ends with an error and never
/// with the stack.
struct TemplateParser {
    var program: TemplateProgram
    let limits: TemplateLimits
    var tokens: TemplateTokens
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
        self.tokens = TemplateTokens(tokens)
    }

    // MARK: Tokens

    // What many places call stays out of line, so that what calls itself takes little of the stack.

    /// The next token.
    var token: TemplateToken { tokens.next }

    @inline(never)
    func failure(
        _ message: String,
        _ reason: TemplateError.Reason = .syntax,
        at offset: Int? = nil
    ) -> TemplateError {
        TemplateError(reason, message, at: offset ?? token.offset, in: program.source)
    }

    @inline(never)
    mutating func expect(_ mark: TemplateToken.Symbol) throws(TemplateError) {
        guard tokens.take(mark) else { throw failure("\"\(mark.rawValue)\" is needed before \(token.shown)") }
    }

    @inline(never)
    mutating func expect(_ word: String) throws(TemplateError) {
        guard tokens.take(word) else { throw failure("\"\(word)\" is needed before \(token.shown)") }
    }

    @inline(never)
    mutating func expectName(_ what: String) throws(TemplateError) -> String {
        guard case .name(let name) = token.kind else { throw failure("\(what) is needed before \(token.shown)") }
        tokens.advance()
        return name
    }

    // MARK: Bounds

    /// Goes one level deeper, up to the limit; the caller goes back up with ``leave()``.
    @inline(never)
    mutating func enter() throws(TemplateError) {
        guard nesting < limits.nesting else {
            throw failure("nested deeper than \(limits.nesting) levels: set a part of it to a variable before", .limit)
        }
        nesting += 1
    }

    mutating func leave() { nesting -= 1 }

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

    @inline(never)
    mutating func constant(
        _ value: TemplateValue,
        at offset: Int
    ) throws(TemplateError) -> TemplateProgram.Place {
        program.constants.append(value)
        return try add(.constant(program.constants.count - 1), at: offset)
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
