import StrictYAML
import Testing

/// Mappings are read key by key, with every problem.
@Suite struct MappingReaderTests {
    private enum Level: String, CaseIterable {
        case mandatory, overridable, advisory
    }

    private func problems(_ text: String, _ read: (inout MappingReader) -> Void) throws -> [String] {
        let root = try #require(try YAMLFile(Array(text.utf8)).documents.first?.root)
        var reader = MappingReader(root, owner: "thing")
        read(&reader)
        return reader.finish().map(\.description)
    }

    /// A mapping, and the problems of reading `level`, `count`, `share`, `age`, `rate`, `on`, `names` and `sub`.
    static let table: [(text: String, problems: [String])] = [
        ("level: mandatory", []),
        (
            "levl: mandatory",
            ["line 1: thing needs \"level\"", "line 1: unknown key \"levl\" in thing: did you mean \"level\"?"]
        ),
        ("level: mandatroy", ["line 1: \"mandatroy\" is not known as \"level\" of thing: did you mean \"mandatory\"?"]),
        ("level: x", ["line 1: \"x\" is not known as \"level\" of thing: use one of mandatory, overridable, advisory"]),
        (
            "level: [mandatory]",
            ["line 1: \"level\" of thing must be one of mandatory, overridable, advisory, not a list"]
        ),
        ("level:", ["line 1: \"level\" of thing must be a value, not empty"]),
        ("level: advisory\ncount: 3", []),
        ("level: advisory\ncount: 0", ["line 2: \"count\" of thing is \"0\": expected a whole number in 1...9"]),
        (
            "level: advisory\ncount: \"3\"",
            ["line 2: \"count\" of thing is \"3\": expected a whole number in 1...9, without quotes"]
        ),
        ("level: advisory\ncount: 3.0", ["line 2: \"count\" of thing is \"3.0\": expected a whole number in 1...9"]),
        (
            "level: advisory\ncount: 99999999999999999999",
            ["line 2: \"count\" of thing is \"99999999999999999999\": expected a whole number in 1...9"]
        ),
        ("level: advisory\nshare: 5 %", []),
        (
            "level: advisory\nshare: 5",
            ["line 2: \"share\" of thing is \"5\": expected a percentage in 0...50, such as 5 %"]
        ),
        (
            "level: advisory\nshare: 51 %",
            ["line 2: \"share\" of thing is \"51 %\": expected a percentage in 0...50, such as 5 %"]
        ),
        ("level: advisory\nage: 7 d", []),
        (
            "level: advisory\nage: 7 days",
            [
                "line 2: \"age\" of thing is \"7 days\": expected a time with its unit, such as 800 ms, 20 s, 30 min, 1 h or 7 d"
            ]
        ),
        ("level: advisory\nrate: 14.4", []),
        (
            "level: advisory\nrate: 14.4 %",
            ["line 2: \"rate\" of thing is \"14.4 %\": expected a number in 0.5...100, without a unit"]
        ),
        ("level: advisory\non: true", []),
        ("level: advisory\non: yes", ["line 2: \"on\" of thing is \"yes\": expected true or false"]),
        ("level: advisory\non: True", ["line 2: \"on\" of thing is \"True\": expected true or false"]),
        ("level: advisory\nnames: [a, b]", []),
        ("level: advisory\nnames: [a, [b]]", ["line 2: \"names\" of thing must be a letter, not a list"]),
        ("level: advisory\nnames: a", ["line 2: \"names\" of thing must be a list, not a text"]),
        ("level: advisory\nsub: { x: y }", []),
        ("level: advisory\nsub: { x: y, z: 1 }", ["line 2: unknown key \"z\" in \"sub\" of thing: known are x"]),
        ("level: advisory\nsub: x", ["line 2: \"sub\" of thing must be a mapping, not a text"]),
        (
            "level: nothing\ncount: x\nsub: {}",
            [
                "line 1: \"nothing\" is not known as \"level\" of thing: use one of mandatory, overridable, advisory",
                "line 2: \"count\" of thing is \"x\": expected a whole number in 1...9",
                "line 3: \"sub\" of thing needs \"x\"",
            ]
        ),
        ("- a", ["line 1: thing must be a mapping, not a list", "line 1: thing needs \"level\""]),
    ]

    @Test(arguments: table)
    func reads(_ text: String, _ expected: [String]) throws {
        let found = try problems(text) { reader in
            _ = reader.choice("level", isRequired: true, as: Level.self)
            _ = reader.integer("count", in: 1...9)
            _ = reader.percent("share", in: 0...0.5)
            _ = reader.duration("age", in: 1...1e9)
            _ = reader.number("rate", in: 0.5...100)
            _ = reader.flag("on")
            _ = reader.values("names", expected: "a letter") { $0.utf8.count == 1 ? $0 : nil }
            _ = reader.mapping("sub") { $0.text("x", isRequired: true) }
        }
        #expect(found == expected)
    }

    static let quantities: [(text: String, value: Double?, unit: Quantity.Unit)] = [
        ("0.93", 0.93, .none), ("5 %", 0.05, .percent), ("5%", 0.05, .percent), ("57 %", 0.57, .percent),
        ("2 points", 0.02, .points), ("1 point", 0.01, .points), ("0.5 points", 0.005, .points),
        ("800 ms", 0.8, .milliseconds), ("20 s", 20, .seconds), ("30 min", 1800, .minutes), ("1 h", 3600, .hours),
        ("7 d", 604_800, .days), ("0.01 nats", 0.01, .nats), ("0", 0, .none), ("007", 7, .none),
        ("", nil, .none), ("%", nil, .none), ("-1", nil, .none), ("+1", nil, .none), ("1e3", nil, .none),
        (".5", nil, .none), ("5.", nil, .none), ("5  %", nil, .none), ("5 ", nil, .none), (" 5", nil, .none),
        ("5 percent", nil, .none), ("5 % ", nil, .none), ("٥ %", nil, .none), ("1_000", nil, .none),
        ("12345678901234567", nil, .none), ("inf", nil, .none), ("nan", nil, .none), ("1,5 %", nil, .none),
    ]

    @Test(arguments: quantities)
    func quantity(_ text: String, _ value: Double?, _ unit: Quantity.Unit) {
        let quantity = Quantity(text)
        #expect(quantity?.value == value)
        if value != nil { #expect(quantity?.unit == unit) }
    }

    static let near: [(word: String, near: String?)] = [
        ("requre", "require"), ("Require", "require"), ("reqiure", "require"), ("maxage", "maxAge"),
        ("completeness", nil), ("x", nil), ("", nil), ("usin", "using"),
    ]

    @Test(arguments: near)
    func nearest(_ word: String, _ expected: String?) {
        #expect(NearName.nearest(to: word, in: ["require", "complete", "maxAge", "using", "verdict"]) == expected)
    }
}
