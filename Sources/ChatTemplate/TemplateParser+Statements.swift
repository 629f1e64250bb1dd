extension TemplateParser {
    private typealias Statement = TemplateProgram.Statement

    /// Words that begin a block of Jinja outside of the subset.
    private static let unsupported: Set<String> = [
        "autoescape", "block", "call", "debug", "do", "extends", "from", "import", "include", "pluralize", "print",
        "trans", "with",
    ]

    /// Statements up to a block that begins with one of `ends`, which is taken with its word; what follows that word
    /// comes next.
    mutating func statements(
        until ends: [String]
    ) throws(TemplateError) -> (body: [TemplateProgram.Statement], end: String) {
        let start = token.offset
        try enter()
        defer { leave() }
        var body: [Statement] = []
        while true {
            switch token.kind {
            case .data(let text):
                tokens.advance()
                body.append(.text(TemplateText(text)))
            case .variableBegin:
                tokens.advance()
                body.append(.output(try expressionOrTuple()))
                guard token.kind == .variableEnd else { throw failure("\"}}\" is needed before \(token.shown)") }
                tokens.advance()
            case .blockBegin:
                let offset = token.offset
                tokens.advance()
                let word = try expectName("the name of a block")
                if ends.contains(word) { return (body, word) }
                body.append(try statement(word, at: offset))
                try endBlock()
            case .end:
                guard ends.isEmpty else {
                    throw failure("this block is never closed: write {% \(ends.last ?? "") %}", at: start)
                }
                return (body, "")
            case .name, .text, .integer, .real, .symbol, .variableEnd, .blockEnd:
                throw failure("\(token.shown) cannot stand here: remove it")
            }
        }
    }

    @inline(never)
    private mutating func endBlock() throws(TemplateError) {
        guard token.kind == .blockEnd else { throw failure("\"%}\" is needed before \(token.shown)") }
        tokens.advance()
    }

    /// The body of a block, after the end of its opening tag, and the word that ended it.
    @inline(never)
    private mutating func blockBody(until ends: [String]) throws(TemplateError) -> (body: [Statement], end: String) {
        try endBlock()
        return try statements(until: ends)
    }

    @inline(never)
    private mutating func statement(_ word: String, at offset: Int) throws(TemplateError) -> Statement {
        switch word {
        case "if": return try condition()
        case "for": return try loop(at: offset)
        case "set": return try assignment(at: offset)
        case "macro": return try macro()
        case "filter":
            var filters = try add(.captured, at: offset)
            filters = try namedFilter(on: filters)
            while tokens.isNext(.pipe) { filters = try filter(on: filters) }
            let (scope, body) = try scoped { parser throws(TemplateError) in
                try parser.blockBody(until: ["endfilter"]).body
            }
            return .filterBlock(filters, body: body, scope: scope)
        case "generation":
            let (scope, body) = try scoped { parser throws(TemplateError) in
                try parser.blockBody(until: ["endgeneration"]).body
            }
            return .scoped(body, scope: scope)
        case "break", "continue":
            guard loops > 0 else { throw failure("\"\(word)\" stands outside of a loop: remove it", at: offset) }
            return word == "break" ? .breakLoop : .continueLoop
        default:
            if Self.unsupported.contains(word) {
                throw failure(
                    "the block \"\(word)\" is not understood here: chat templates need for, if, set, macro, filter",
                    .unsupported,
                    at: offset
                )
            }
            let advice = word.utf8.starts(with: "end".utf8) || word == "else" || word == "elif"
            throw failure(
                advice
                    ? "\"\(word)\" ends nothing that is open here: remove it or open its block"
                    : "there is no block \(word.quotedForMessage): write for, if, set, macro or filter",
                at: offset
            )
        }
    }

    @inline(never)
    private mutating func condition() throws(TemplateError) -> Statement {
        var branches: [(test: TemplateProgram.Place, body: [Statement])] = []
        var otherwise: [Statement] = []
        var end = "elif"
        while end == "elif" {
            let test = try expressionOrTuple(withConditional: true)
            let block = try blockBody(until: ["elif", "else", "endif"])
            branches.append((test, block.body))
            end = block.end
        }
        if end == "else" { otherwise = try blockBody(until: ["endif"]).body }
        return .condition(branches, otherwise: otherwise)
    }

    // MARK: Loops

    /// What a value is given to, before its scope is known.
    private indirect enum WrittenTarget {
        case variable(String)
        case member(of: String, name: String)
        case tuple([WrittenTarget])

        /// The same in the innermost scope of a parser.
        func resolved(by parser: inout TemplateParser) -> TemplateProgram.Target {
            switch self {
            case .variable(let name): return .variable(parser.slot(name))
            case .member(let owner, let name): return .member(of: parser.slot(owner), name: name)
            case .tuple(let parts):
                var targets: [TemplateProgram.Target] = []
                for part in parts { targets.append(part.resolved(by: &parser)) }
                return .tuple(targets)
            }
        }
    }

    @inline(never)
    private mutating func writtenTarget() throws(TemplateError) -> WrittenTarget {
        var targets = [try oneTarget()]
        var isTuple = false
        while tokens.take(.comma) {
            isTuple = true
            if tokens.isNext("in") || tokens.isNext(.assign) { break }
            targets.append(try oneTarget())
        }
        return isTuple ? .tuple(targets) : targets[0]
    }

    @inline(never)
    private mutating func oneTarget() throws(TemplateError) -> WrittenTarget {
        if tokens.take(.openParenthesis) {
            try enter()
            defer { leave() }
            let inner = try writtenTarget()
            try expect(.closeParenthesis)
            return inner
        }
        let offset = token.offset
        let name = try expectName("the name of a variable")
        guard !["true", "false", "none", "True", "False", "None"].contains(name) else {
            throw failure("\"\(name)\" is a value and takes none: choose another name", at: offset)
        }
        guard tokens.take(.dot) else { return .variable(name) }
        return .member(of: name, name: try expectName("the name of a member"))
    }

    @inline(never)
    private mutating func loop(at offset: Int) throws(TemplateError) -> Statement {
        let written = try writtenTarget()
        try expect("in")
        let over = try expressionOrTuple(withConditional: false)
        let (scope, parts) = try scoped { parser throws(TemplateError) in
            let target = written.resolved(by: &parser)
            let condition = parser.tokens.take("if") ? try parser.expression() : TemplateProgram.none
            if parser.tokens.isNext("recursive") {
                throw parser.failure("a recursive loop is not understood here: write a macro", .unsupported)
            }
            let loopSlot = parser.slot("loop")
            parser.loops += 1
            defer { parser.loops -= 1 }
            let block = try parser.blockBody(until: ["else", "endfor"])
            return (target, condition, loopSlot, block)
        }
        let (target, condition, loopSlot, block) = parts
        var otherwise: (scope: Int, body: [Statement]) = (scope, [])
        if block.end == "else" {
            otherwise = try scoped { parser throws(TemplateError) in try parser.blockBody(until: ["endfor"]).body }
        }
        return .loop(
            TemplateProgram.Loop(
                target: target,
                over: over,
                condition: condition,
                scope: scope,
                loopSlot: loopSlot,
                body: block.body,
                otherwise: otherwise.body,
                otherwiseScope: otherwise.scope,
                offset: offset
            )
        )
    }

    // MARK: Variables and macros

    @inline(never)
    private mutating func assignment(at offset: Int) throws(TemplateError) -> Statement {
        let written = try writtenTarget()
        if tokens.take(.assign) {
            let value = try expressionOrTuple()
            return .assign(written.resolved(by: &self), value, offset: offset)
        }
        var filters = try add(.captured, at: offset)
        while tokens.isNext(.pipe) { filters = try filter(on: filters) }
        let (scope, body) = try scoped { parser throws(TemplateError) in
            try parser.blockBody(until: ["endset"]).body
        }
        return .assignBlock(written.resolved(by: &self), filters: filters, body: body, scope: scope, offset: offset)
    }

    @inline(never)
    private mutating func macro() throws(TemplateError) -> Statement {
        let name = try expectName("the name of the macro")
        let own = slot(name)
        for scope in scopes { program.scopes[scope].isCaptured = true }
        let outerLoops = loops
        loops = 0
        defer { loops = outerLoops }
        let (scope, parts) = try scoped { parser throws(TemplateError) in
            var parameters: [(name: String, slot: Int, byDefault: TemplateProgram.Place)] = []
            try parser.expect(.openParenthesis)
            while !parser.tokens.take(.closeParenthesis) {
                if !parameters.isEmpty { try parser.expect(.comma) }
                let offset = parser.token.offset
                let parameter = try parser.expectName("the name of a parameter")
                let slot = parser.slot(parameter)
                guard !parameters.contains(where: { $0.slot == slot }) else {
                    throw parser.failure("the parameter \(parameter.quotedForMessage) is there twice", at: offset)
                }
                var byDefault = TemplateProgram.none
                if parser.tokens.take(.assign) {
                    byDefault = try parser.expression()
                } else if let last = parameters.last, last.byDefault != TemplateProgram.none {
                    throw parser.failure("a parameter without a default comes before those with one", at: offset)
                }
                parameters.append((parameter, slot, byDefault))
            }
            return (parameters, try parser.blockBody(until: ["endmacro"]).body)
        }
        program.macros.append(TemplateProgram.Macro(name: name, scope: scope, parameters: parts.0, body: parts.1))
        return .macro(program.macros.count - 1, slot: own)
    }
}
