/// One rendering of a template: its variables, its output, and the work that it has done.
struct TemplateRun {
    /// How a list of statements ended.
    private enum Flow { case onward, leavesLoop, nextRound }

    let program: TemplateProgram
    let now: TemplateTime
    var meter: TemplateMeter
    var locals: TemplateLocals
    var namespaces: [TemplateMapping] = []
    var loops: [TemplateLoopState] = []
    var macros: [(definition: Int, locals: TemplateLocals)] = []
    /// What a block caught, while filters go over it.
    var captured = TemplateText("")
    /// The expression at which the work is, for the place of an error.
    var here: TemplateProgram.Place = TemplateProgram.none
    /// The byte of the source of the statement at which the work is, when it is in no expression.
    private var statementOffset = 0
    private var output = TemplateTextBuilder()
    private var depth = 0

    /// Renders `program`; `variables` are what the template finds.
    static func render(
        _ program: TemplateProgram,
        variables: [(name: String, value: TemplateValue)],
        now: TemplateTime,
        limits: TemplateLimits
    ) throws(TemplateError) -> TemplateText {
        var run = TemplateRun(program: program, variables: variables, now: now, limits: limits)
        do throws(TemplateFailure) {
            for (name, value) in variables where value.depth > limits.valueDepth {
                throw .limit(
                    "\(name) nests lists and mappings deeper than \(limits.valueDepth): send flatter values"
                )
            }
            _ = try run.execute(program.body)
            return run.output.text
        } catch {
            let offset = run.here == TemplateProgram.none ? run.statementOffset : Int(program.offsets[Int(run.here)])
            throw TemplateError(error.reason, error.message, at: offset, in: program.source)
        }
    }

    private init(
        program: TemplateProgram,
        variables: [(name: String, value: TemplateValue)],
        now: TemplateTime,
        limits: TemplateLimits
    ) {
        self.program = program
        self.now = now
        meter = TemplateMeter(limits)
        let names = program.scopes[0].names
        locals = TemplateLocals(scope: 0, slots: names.count, parent: nil)
        for (slot, name) in names.enumerated() {
            if let variable = variables.last(where: { TemplateText.isSame($0.name, name) }) {
                locals.slots[slot] = variable.value
            } else if let function = TemplateFunction.allCases.first(where: { $0.name == name }) {
                locals.slots[slot] = .handle(TemplateHandle(type: .function, index: function.rawValue))
            }
        }
    }

    // MARK: Bounds

    /// Goes one level deeper, up to the limit; the caller goes back up with ``leave()``.
    mutating func enter() throws(TemplateFailure) {
        depth += 1
        guard depth <= meter.limits.runDepth else {
            throw .limit(
                "it goes more than \(meter.limits.runDepth) levels deep: look for a macro that calls itself without end"
            )
        }
        try meter.charge()
    }

    mutating func leave() { depth -= 1 }

    // MARK: Variables

    /// The value of a variable: from the innermost block that gave it one.
    func load(_ slot: Int) -> TemplateValue {
        var locals = locals, slot = slot
        while true {
            if let value = locals.slots[slot] { return value }
            guard let parent = locals.parent else { return .undefined(program.scopes[0].names[slot]) }
            slot = program.scopes[locals.scope].parentSlots[slot]
            locals = parent
        }
    }

    /// Gives the variable that ``load(_:)`` finds another value, where it is.
    func change(_ slot: Int, to value: TemplateValue) {
        var locals = locals, slot = slot
        while locals.slots[slot] == nil, let parent = locals.parent {
            slot = program.scopes[locals.scope].parentSlots[slot]
            locals = parent
        }
        locals.slots[slot] = value
    }

    mutating func newLocals(_ scope: Int, in parent: TemplateLocals) throws(TemplateFailure) -> TemplateLocals {
        try meter.charge(program.scopes[scope].names.count / 8)
        return TemplateLocals(scope: scope, slots: program.scopes[scope].names.count, parent: parent)
    }

    private mutating func assign(_ value: TemplateValue, to target: TemplateProgram.Target) throws(TemplateFailure) {
        switch target {
        case .variable(let slot): locals.slots[slot] = value
        case .member(let slot, let name):
            guard case .handle(let handle) = load(slot), handle.type == .namespace else {
                throw .value("only a namespace takes members by set: make one with namespace()")
            }
            namespaces[handle.index].set(TemplateText(name), to: try meter.check(value))
        case .tuple(let targets):
            let values = try elements(of: value)
            guard values.count == targets.count else {
                throw .value("\(values.count) values cannot go to \(targets.count) variables: name as many")
            }
            for (target, value) in zip(targets, values) { try assign(value, to: target) }
        }
    }

    // MARK: Statements

    /// Runs `body` with `inner` as its variables and gives back what it prints instead of printing it.
    mutating func capture(
        _ body: [TemplateProgram.Statement],
        in inner: TemplateLocals
    ) throws(TemplateFailure) -> TemplateText {
        var kept = TemplateTextBuilder()
        swap(&kept, &output)
        let outer = locals
        locals = inner
        // `break` of a loop around a block that is caught ends the block alone.
        _ = try execute(body)
        locals = outer
        swap(&kept, &output)
        return kept.text
    }

    private mutating func print(_ value: TemplateValue) throws(TemplateFailure) {
        let text = try PythonText.text(value, &meter)
        try meter.charge(text.byteCount / 64)
        try append(text)
    }

    private mutating func append(_ text: TemplateText) throws(TemplateFailure) {
        output.append(text)
        if output.bytes.count > meter.limits.textBytes { try meter.chargeText(output.bytes.count) }
    }

    private mutating func execute(_ body: [TemplateProgram.Statement]) throws(TemplateFailure) -> Flow {
        try enter()
        defer { leave() }
        for statement in body {
            try meter.charge()
            switch statement {
            case .text(let text):
                try meter.charge(1 + text.byteCount / 64)
                try append(text)
            case .output(let place): try print(evaluate(place))
            case .condition(let branches, let otherwise):
                let flow = try execute(branches, otherwise: otherwise)
                if flow != .onward { return flow }
            case .loop(let loop): try execute(loop)
            case .assign(let target, let place, let offset):
                let value = try evaluate(place)
                here = TemplateProgram.none
                statementOffset = offset
                try assign(value, to: target)
            case .macro(let definition, let slot):
                macros.append((definition, locals))
                locals.slots[slot] = .handle(TemplateHandle(type: .macro, index: macros.count - 1))
            case .breakLoop: return .leavesLoop
            case .continueLoop: return .nextRound
            case .assignBlock, .filterBlock, .scoped: try executeCaught(statement)
            }
        }
        return .onward
    }

    private mutating func executeCaught(_ statement: TemplateProgram.Statement) throws(TemplateFailure) {
        switch statement {
        case .assignBlock(let target, let filters, let body, let scope, let offset):
            captured = try capture(body, in: try newLocals(scope, in: locals))
            let value = try evaluate(filters)
            here = TemplateProgram.none
            statementOffset = offset
            try assign(value, to: target)
        case .filterBlock(let filters, let body, let scope):
            captured = try capture(body, in: try newLocals(scope, in: locals))
            try print(evaluate(filters))
        case .scoped(let body, let scope): try append(capture(body, in: newLocals(scope, in: locals)))
        case .text, .output, .condition, .loop, .assign, .macro, .breakLoop, .continueLoop: break
        }
    }

    private mutating func execute(
        _ branches: [(test: TemplateProgram.Place, body: [TemplateProgram.Statement])],
        otherwise: [TemplateProgram.Statement]
    ) throws(TemplateFailure) -> Flow {
        for branch in branches {
            try meter.charge()
            if try evaluate(branch.test).isTrue { return try execute(branch.body) }
        }
        return otherwise.isEmpty ? .onward : try execute(otherwise)
    }

    private mutating func execute(_ loop: TemplateProgram.Loop) throws(TemplateFailure) {
        var items = try elements(of: evaluate(loop.over))
        let outer = locals
        let scope = program.scopes[loop.scope]
        if loop.condition != TemplateProgram.none {
            var chosen: [TemplateValue] = []
            locals = try newLocals(loop.scope, in: outer)
            for item in items {
                try meter.charge(1 + scope.names.count / 8)
                here = TemplateProgram.none
                statementOffset = loop.offset
                try assign(item, to: loop.target)
                if try evaluate(loop.condition).isTrue { chosen.append(item) }
                locals.clear()
            }
            items = chosen
        }
        guard !items.isEmpty else {
            locals = try newLocals(loop.otherwiseScope, in: outer)
            if !loop.otherwise.isEmpty { _ = try execute(loop.otherwise) }
            locals = outer
            return
        }
        let handle = TemplateHandle(type: .loop, index: loops.count)
        loops.append(TemplateLoopState(items: items))
        locals = try newLocals(loop.scope, in: outer)
        for (index, item) in items.enumerated() {
            if index > 0 {
                if scope.isCaptured {
                    locals = try newLocals(loop.scope, in: outer)
                } else {
                    try meter.charge(scope.names.count / 8)
                    locals.clear()
                }
            }
            loops[handle.index].index = index
            here = TemplateProgram.none
            statementOffset = loop.offset
            try assign(item, to: loop.target)
            locals.slots[loop.loopSlot] = .handle(handle)
            if try execute(loop.body) == .leavesLoop { break }
        }
        locals = outer
        // A loop that something kept is over: it goes on knowing its last place and forgets what it went through.
        loops[handle.index] = TemplateLoopState(items: [])
    }

    /// What a loop goes through.
    mutating func elements(of value: TemplateValue) throws(TemplateFailure) -> [TemplateValue] {
        switch value {
        case .list(let list): return list.elements
        case .mapping(let mapping):
            try meter.charge(mapping.count)
            return mapping.entries.map(\.keyValue)
        case .text(let text):
            let count = TextScan.scalarCount(text.string)
            try meter.chargeElements(count)
            var start = 0
            var characters: [TemplateValue] = []
            characters.reserveCapacity(count)
            for scalar in text.string.unicodeScalars {
                let length = UTF8.width(scalar)
                characters.append(.text(text.slice(start..<start + length)))
                start += length
            }
            return characters
        case .undefined: return []
        case .none, .bool, .integer, .real, .handle:
            throw .value("\(value.kind) cannot be gone through: check it with `is iterable` before")
        }
    }
}
