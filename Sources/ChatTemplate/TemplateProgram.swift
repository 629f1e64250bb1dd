/// A template taken apart: expressions in one array that point at each other by place, so that no nesting of a hostile
/// template becomes a recursion of ours when it is thrown away.
struct TemplateProgram: Sendable {
    /// The place of an expression; `none` where there is none.
    typealias Place = Int32
    static let none: Place = -1

    /// An expression. Numbers are places in the arrays below.
    enum Expression: Sendable {
        case constant(Int)
        /// A variable, by its slot in the scope of the expression.
        case load(Int)
        /// What a block caught, on its way through filters.
        case captured
        case attribute(of: Place, name: Int)
        case element(of: Place, key: Place)
        case slice(of: Place, start: Place, stop: Place, step: Place)
        case call(Place, arguments: Int)
        case method(TextMethod, of: Place, name: Int, arguments: Int)
        case filter(TemplateFilter, of: Place, arguments: Int)
        case test(TemplateTest, of: Place, arguments: Int)
        case not(Place)
        case negative(Place)
        case positive(Place)
        case arithmetic(Arithmetic, Place, Place)
        case and(Place, Place)
        case or(Place, Place)
        /// First value, then pairs of comparison and value.
        case compare(Place, chain: Int)
        case concatenate(list: Int)
        case conditional(Place, then: Place, otherwise: Place)
        case list(list: Int, isTuple: Bool)
        /// Keys and values in turn.
        case mapping(list: Int)
    }

    enum Arithmetic: Sendable { case add, subtract, multiply, divide, floorDivide, modulo, power }

    enum Comparison: Sendable { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, isIn, isNotIn }

    /// What stands between the brackets of a call.
    struct Arguments: Sendable {
        var positional: [Place] = []
        var named: [(name: String, value: Place)] = []
    }

    /// The variables of a block. A variable is looked for here, then in the scope around it, then there is none.
    struct Scope: Sendable {
        let parent: Int?
        var names: [String] = []
        /// The slot of each name.
        var slots: [TemplateKey: Int] = [:]
        /// For each slot, the slot of the same name in the scope around.
        var parentSlots: [Int] = []
        /// Whether something may still refer to its locals when its block is over.
        var isCaptured = false
    }

    indirect enum Target: Sendable {
        case variable(Int)
        case member(of: Int, name: String)
        case tuple([Target])
    }

    struct Macro: Sendable {
        let name: String
        let scope: Int
        /// Slots of its parameters, with the place of what they are by default.
        let parameters: [(name: String, slot: Int, byDefault: Place)]
        let body: [Statement]
    }

    struct Loop: Sendable {
        let target: Target
        let over: Place
        let condition: Place
        let scope: Int
        /// The slot of `loop`.
        let loopSlot: Int
        let body: [Statement]
        let otherwise: [Statement]
        let otherwiseScope: Int
        let offset: Int
    }

    indirect enum Statement: Sendable {
        case text(TemplateText)
        case output(Place)
        case condition([(test: Place, body: [Statement])], otherwise: [Statement])
        case loop(Loop)
        case assign(Target, Place, offset: Int)
        case assignBlock(Target, filters: Place, body: [Statement], scope: Int, offset: Int)
        case macro(Int, slot: Int)
        case filterBlock(Place, body: [Statement], scope: Int)
        case scoped([Statement], scope: Int)
        case breakLoop
        case continueLoop
    }

    let source: TemplateSource
    var expressions: [Expression] = []
    /// The byte of the source where each expression begins.
    var offsets: [Int32] = []
    /// How deep the tree below each expression is.
    var depths: [Int32] = []
    var constants: [TemplateValue] = []
    var names: [String] = []
    var arguments: [Arguments] = [Arguments()]
    var chains: [[(comparison: Comparison, value: Place)]] = []
    var lists: [[Place]] = []
    var scopes: [Scope] = [Scope(parent: nil)]
    var macros: [Macro] = []
    var body: [Statement] = []

    init(_ source: TemplateSource) { self.source = source }

    /// The byte of the source where an expression begins.
    func offset(of place: Place) -> Int { Int(offsets[Int(place)]) }

    /// Keeps a list of expressions, and gives back its place.
    mutating func listed(_ places: [Place]) -> Int {
        lists.append(places)
        return lists.count - 1
    }

    /// Keeps a name, and gives back its place.
    mutating func name(_ name: String) -> Int {
        names.append(name)
        return names.count - 1
    }

    /// The slot of a variable in a scope; made, there and around it, when the name is new.
    mutating func slot(_ name: String, in scope: Int) -> Int {
        if let slot = scopes[scope].slots[TemplateKey(string: name)] { return slot }
        let outer = scopes[scope].parent.map { slot(name, in: $0) } ?? 0
        scopes[scope].slots[TemplateKey(string: name)] = scopes[scope].names.count
        scopes[scope].names.append(name)
        scopes[scope].parentSlots.append(outer)
        return scopes[scope].names.count - 1
    }

    /// The expressions below one, for its depth.
    func children(of expression: Expression) -> [Place] {
        func listed(_ index: Int) -> [Place] { arguments[index].positional + arguments[index].named.map(\.value) }
        switch expression {
        case .constant, .load, .captured: return []
        case .attribute(let of, _), .not(let of), .negative(let of), .positive(let of): return [of]
        case .element(let of, let key): return [of, key]
        case .slice(let of, let start, let stop, let step): return [of, start, stop, step]
        case .call(let of, let index), .method(_, let of, _, let index), .filter(_, let of, let index),
            .test(_, let of, let index):
            return [of] + listed(index)
        case .arithmetic(_, let left, let right), .and(let left, let right), .or(let left, let right):
            return [left, right]
        case .compare(let first, let chain): return [first] + chains[chain].map(\.value)
        case .concatenate(let list), .list(let list, _), .mapping(let list): return lists[list]
        case .conditional(let test, let then, let otherwise): return [test, then, otherwise]
        }
    }
}
