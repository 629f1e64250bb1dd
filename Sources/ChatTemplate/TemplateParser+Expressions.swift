extension TemplateParser {
    private typealias Place = TemplateProgram.Place

    /// An expression, with `a if b else c` unless it stands where `if` means something else.
    mutating func expression(withConditional: Bool = true) throws(TemplateError) -> TemplateProgram.Place {
        try enter()
        defer { leave() }
        var value = try binary(from: .or)
        while withConditional, tokens.isNext("if") {
            let offset = program.offset(of: value)
            tokens.advance()
            let test = try binary(from: .or)
            let otherwise = tokens.take("else") ? try expression() : TemplateProgram.none
            value = try add(.conditional(test, then: value, otherwise: otherwise), at: offset)
        }
        return value
    }

    /// What may stand without brackets: one expression, or several with commas, which are a tuple.
    mutating func expressionOrTuple(withConditional: Bool = true) throws(TemplateError) -> TemplateProgram.Place {
        let offset = token.offset
        let first = try expression(withConditional: withConditional)
        guard tokens.isNext(.comma) else { return first }
        var places = [first]
        while tokens.take(.comma) {
            switch token.kind {
            case .blockEnd, .variableEnd, .symbol(.closeParenthesis): break
            default:
                places.append(try expression(withConditional: withConditional))
                continue
            }
            break
        }
        return try add(.list(list: program.listed(places), isTuple: true), at: offset)
    }

    // MARK: Operators

    /// How tightly operators bind, the loosest first.
    private enum Level: Int, Comparable {
        case or, and, not, comparison, sum, concatenation, product, power, unary

        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

        var next: Level { Level(rawValue: rawValue + 1) ?? .unary }
    }

    /// The operator that comes next, with its level; nil when none does.
    @inline(never)
    private func nextOperator() -> (level: Level, arithmetic: TemplateProgram.Arithmetic?)? {
        switch token.kind {
        case .name("or"): return (.or, nil)
        case .name("and"): return (.and, nil)
        case .name("in"): return (.comparison, nil)
        case .name("not"): return tokens.following.kind == .name("in") ? (.comparison, nil) : nil
        case .symbol(let mark):
            switch mark {
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: return (.comparison, nil)
            case .plus: return (.sum, .add)
            case .minus: return (.sum, .subtract)
            case .tilde: return (.concatenation, nil)
            case .multiply: return (.product, .multiply)
            case .divide: return (.product, .divide)
            case .floorDivide: return (.product, .floorDivide)
            case .modulo: return (.product, .modulo)
            case .power: return (.power, .power)
            default: return nil
            }
        default: return nil
        }
    }

    /// Operands and the operators between them that bind at least as tightly as `level`. One function for all levels:
    /// a bracket costs a few calls of the stack, not one for each level.
    private mutating func binary(from level: Level) throws(TemplateError) -> Place {
        var left: Place
        if level <= .not, tokens.isNext("not") {
            let offset = token.offset
            tokens.advance()
            try enter()
            defer { leave() }
            left = try add(.not(binary(from: .not)), at: offset)
        } else {
            left = try unary(withFilters: true)
        }
        while let (found, arithmetic) = nextOperator(), found >= level {
            let offset = program.offset(of: left)
            if let arithmetic {
                tokens.advance()
                left = try add(.arithmetic(arithmetic, left, binary(from: found.next)), at: offset)
            } else if found == .comparison {
                left = try comparison(of: left)
            } else if found == .concatenation {
                left = try concatenation(of: left)
            } else {
                tokens.advance()
                let right = try binary(from: found.next)
                left = try add(found == .or ? .or(left, right) : .and(left, right), at: offset)
            }
        }
        return left
    }

    @inline(never)
    private mutating func concatenation(of first: Place) throws(TemplateError) -> Place {
        var parts = [first]
        while tokens.take(.tilde) { parts.append(try binary(from: .product)) }
        return try add(.concatenate(list: program.listed(parts)), at: program.offset(of: first))
    }

    @inline(never)
    private mutating func comparison(of first: Place) throws(TemplateError) -> Place {
        var chain: [(comparison: TemplateProgram.Comparison, value: Place)] = []
        while let comparison = takeComparison() { chain.append((comparison, try binary(from: .sum))) }
        program.chains.append(chain)
        return try add(.compare(first, chain: program.chains.count - 1), at: program.offset(of: first))
    }

    @inline(never)
    private mutating func takeComparison() -> TemplateProgram.Comparison? {
        switch token.kind {
        case .symbol(let mark):
            let comparison: TemplateProgram.Comparison
            switch mark {
            case .equal: comparison = .equal
            case .notEqual: comparison = .notEqual
            case .less: comparison = .less
            case .lessOrEqual: comparison = .lessOrEqual
            case .greater: comparison = .greater
            case .greaterOrEqual: comparison = .greaterOrEqual
            default: return nil
            }
            tokens.advance()
            return comparison
        case .name("in"):
            tokens.advance()
            return .isIn
        case .name("not"):
            guard tokens.following.kind == .name("in") else { return nil }
            tokens.advance()
            tokens.advance()
            return .isNotIn
        default: return nil
        }
    }

    @inline(never)
    private mutating func unary(withFilters: Bool) throws(TemplateError) -> Place {
        let offset = token.offset
        var value: Place
        if tokens.isNext(.minus) || tokens.isNext(.plus) {
            let isMinus = tokens.isNext(.minus)
            tokens.advance()
            try enter()
            defer { leave() }
            let inner = try unary(withFilters: false)
            value = try add(isMinus ? .negative(inner) : .positive(inner), at: offset)
        } else {
            value = try primary()
        }
        value = try postfix(value)
        return withFilters ? try filters(on: value) : value
    }

    // MARK: Values

    @inline(never)
    mutating func primary() throws(TemplateError) -> TemplateProgram.Place {
        let offset = token.offset
        switch token.kind {
        case .name(let name):
            tokens.advance()
            switch name {
            case "true", "True": return try constant(.bool(true), at: offset)
            case "false", "False": return try constant(.bool(false), at: offset)
            case "none", "None": return try constant(.none, at: offset)
            default: return try add(.load(slot(name)), at: offset)
            }
        case .text(var text):
            tokens.advance()
            while case .text(let more) = token.kind {
                text += more
                tokens.advance()
            }
            return try constant(.template(text), at: offset)
        case .integer(let value):
            tokens.advance()
            return try constant(.integer(value), at: offset)
        case .real(let value):
            tokens.advance()
            return try constant(.real(value), at: offset)
        case .symbol(.openParenthesis):
            tokens.advance()
            if tokens.take(.closeParenthesis) {
                return try add(.list(list: program.listed([]), isTuple: true), at: offset)
            }
            let value = try expressionOrTuple()
            try expect(.closeParenthesis)
            return value
        case .symbol(.openBracket):
            tokens.advance()
            let places = try elements(until: .closeBracket)
            return try add(.list(list: program.listed(places), isTuple: false), at: offset)
        case .symbol(.openBrace):
            tokens.advance()
            return try mapping(at: offset)
        default: throw failure("a value is needed before \(token.shown)")
        }
    }

    @inline(never)
    private mutating func elements(until end: TemplateToken.Symbol) throws(TemplateError) -> [Place] {
        var places: [Place] = []
        while !tokens.take(end) {
            if !places.isEmpty {
                try expect(.comma)
                if tokens.take(end) { break }
            }
            places.append(try expression())
        }
        return places
    }

    @inline(never)
    private mutating func mapping(at offset: Int) throws(TemplateError) -> Place {
        var places: [Place] = []
        while !tokens.take(.closeBrace) {
            if !places.isEmpty {
                try expect(.comma)
                if tokens.take(.closeBrace) { break }
            }
            places.append(try expression())
            try expect(.colon)
            places.append(try expression())
        }
        return try add(.mapping(list: program.listed(places)), at: offset)
    }

    // MARK: What follows a value

    @inline(never)
    mutating func postfix(_ value: TemplateProgram.Place) throws(TemplateError) -> TemplateProgram.Place {
        var value = value
        while true {
            let offset = token.offset
            if tokens.take(.dot) {
                if case .integer(let index) = token.kind {
                    tokens.advance()
                    value = try add(.element(of: value, key: constant(.integer(index), at: offset)), at: offset)
                    continue
                }
                let name = try expectName("the name of a member")
                if tokens.isNext(.openParenthesis), let method = TextMethod(rawValue: name) {
                    let arguments = try callArguments()
                    let member = program.name(name)
                    value = try add(.method(method, of: value, name: member, arguments: arguments), at: offset)
                } else {
                    value = try add(.attribute(of: value, name: program.name(name)), at: offset)
                }
            } else if tokens.take(.openBracket) {
                value = try subscripted(value, at: offset)
            } else if tokens.isNext(.openParenthesis) {
                value = try add(.call(value, arguments: callArguments()), at: offset)
            } else {
                return value
            }
        }
    }

    @inline(never)
    private mutating func subscripted(_ value: Place, at offset: Int) throws(TemplateError) -> Place {
        var parts: [Place] = [TemplateProgram.none]
        while !tokens.isNext(.closeBracket) {
            if tokens.take(.colon) {
                guard parts.count < 3 else { throw failure("a slice has at most three parts: remove the rest") }
                parts.append(TemplateProgram.none)
            } else {
                parts[parts.count - 1] = try expression()
                if tokens.isNext(.comma) {
                    throw failure("several subscripts are not understood here: write one", .unsupported)
                }
                if !tokens.isNext(.colon), !tokens.isNext(.closeBracket) { break }
            }
        }
        try expect(.closeBracket)
        if parts.count == 1 {
            guard parts[0] != TemplateProgram.none else { throw failure("a subscript is needed between [ and ]") }
            return try add(.element(of: value, key: parts[0]), at: offset)
        }
        let step = parts.count > 2 ? parts[2] : TemplateProgram.none
        return try add(.slice(of: value, start: parts[0], stop: parts[1], step: step), at: offset)
    }

    /// What stands between the brackets of a call, which come next.
    @inline(never)
    private mutating func callArguments() throws(TemplateError) -> Int {
        try expect(.openParenthesis)
        var arguments = TemplateProgram.Arguments()
        while !tokens.take(.closeParenthesis) {
            if !arguments.positional.isEmpty || !arguments.named.isEmpty {
                try expect(.comma)
                if tokens.take(.closeParenthesis) { break }
            }
            if tokens.isNext(.multiply) || tokens.isNext(.power) {
                throw failure("* and ** in a call are not understood here: write the arguments", .unsupported)
            }
            if case .name(let name) = token.kind, tokens.following.kind == .symbol(.assign) {
                tokens.advance()
                tokens.advance()
                arguments.named.append((name, try expression()))
            } else {
                guard arguments.named.isEmpty else { throw failure("a named argument comes last: move this one") }
                arguments.positional.append(try expression())
            }
        }
        if arguments.positional.isEmpty, arguments.named.isEmpty { return 0 }
        program.arguments.append(arguments)
        return program.arguments.count - 1
    }

    /// Filters, tests and calls after a value.
    @inline(never)
    private mutating func filters(on value: Place) throws(TemplateError) -> Place {
        var value = value
        while true {
            let offset = token.offset
            if tokens.isNext(.pipe) {
                value = try filter(on: value)
            } else if tokens.take("is") {
                value = try test(of: value, at: offset)
            } else if tokens.isNext(.openParenthesis) {
                value = try add(.call(value, arguments: callArguments()), at: offset)
            } else {
                return value
            }
        }
    }

    /// `|name(arguments)`, once.
    mutating func filter(on value: TemplateProgram.Place) throws(TemplateError) -> TemplateProgram.Place {
        try expect(.pipe)
        return try namedFilter(on: value)
    }

    /// `name(arguments)` of a filter.
    @inline(never)
    mutating func namedFilter(on value: TemplateProgram.Place) throws(TemplateError) -> TemplateProgram.Place {
        let offset = token.offset
        let name = try expectName("the name of a filter")
        guard let filter = TemplateFilter(rawValue: name) else {
            throw failure(
                "the filter \(name.quotedForMessage) is not known here: leave it out",
                .unsupported,
                at: offset
            )
        }
        let arguments = tokens.isNext(.openParenthesis) ? try callArguments() : 0
        return try add(.filter(filter, of: value, arguments: arguments), at: offset)
    }

    @inline(never)
    private mutating func test(of value: Place, at offset: Int) throws(TemplateError) -> Place {
        let isNegated = tokens.take("not")
        let place = token.offset
        let name = try expectName("the name of a test")
        guard let test = TemplateTest(rawValue: name) else {
            throw failure("the test \(name.quotedForMessage) is not known here: leave it out", .unsupported, at: place)
        }
        var arguments = 0
        switch token.kind {
        case .symbol(.openParenthesis): arguments = try callArguments()
        case .name("else"), .name("or"), .name("and"), .name("if"), .name("is"), .name("in"), .name("not"): break
        case .name, .text, .integer, .real, .symbol(.openBracket), .symbol(.openBrace):
            var list = TemplateProgram.Arguments()
            list.positional = [try postfix(primary())]
            program.arguments.append(list)
            arguments = program.arguments.count - 1
        default: break
        }
        let result = try add(.test(test, of: value, arguments: arguments), at: offset)
        return isNegated ? try add(.not(result), at: offset) : result
    }
}
