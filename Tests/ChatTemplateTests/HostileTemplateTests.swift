import Foundation
import Synchronization
import TestSupport
import Testing

@testable import ChatTemplate

/// Templates that mean harm: each ends with one clear error within the bounds, on the smallest stack that a thread has
/// on any system we know.
@Suite struct HostileTemplateTests {
    struct Attack: Sendable {
        let name: String
        let template: String
        let reason: TemplateError.Reason

        init(_ name: String, _ template: String, _ reason: TemplateError.Reason = .limit) {
            (self.name, self.template, self.reason) = (name, template, reason)
        }
    }

    private static func many(_ part: String, _ count: Int = 10_000) -> String { String(repeating: part, count: count) }

    /// `work` many times, with what came of it in `ns.x`.
    private static func growing(_ start: String, _ step: String, _ rounds: Int = 20_000) -> String {
        "{% set ns = namespace(x=\(start)) %}{% for i in range(\(rounds)) %}{% set ns.x = \(step) %}{% endfor %}done"
    }

    static let attacks: [Attack] = [
        Attack("loops in loops", "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"),
        Attack("a loop with much work", many("{% for a in range(60000) %}{{ 'x' * 60000 }}{% endfor %}", 3)),
        Attack("output without end", "{% for a in range(99999) %}{{ 'x' * 999999 }}{% endfor %}"),
        Attack("a range too long", "{{ range(1000000000) }}"),
        Attack("a range from end to end", "{{ range(-9223372036854775807, 9223372036854775807) }}"),
        Attack("a range with the least step", "{{ range(9, 1, -9223372036854775807 - 1) }}"),
        Attack("a range that stands", "{{ range(1, 9, 0) }}", .value),
        Attack("round brackets", "{{ " + many("(") + "1" + many(")") + " }}"),
        Attack("square brackets", "{{ " + many("[") + "1" + many("]") + " }}"),
        Attack("braces", "{{ " + many("{'a':") + "1" + many("}") + " }}"),
        Attack("not", "{{ " + many("not ") + "1 }}"),
        Attack("minus", "{{ " + many("-") + "1 }}"),
        Attack("members", "{{ a" + many(".b") + " }}"),
        Attack("elements", "{{ a" + many("[0]") + " }}"),
        Attack("elements of elements", "{{ " + many("a[") + "0" + many("]") + " }}"),
        Attack("filters", "{{ a" + many("|trim") + " }}"),
        Attack("arguments", "{{ " + many("a(") + many(")") + " }}"),
        Attack("calls", "{{ a" + many("()") + " }}"),
        Attack("sums", "{{ 1" + many("+1") + " }}"),
        Attack("powers", "{{ 1" + many("**1") + " }}"),
        Attack("ands", "{{ 1" + many(" and 1") + " }}"),
        Attack("conditions", "{{ " + many("1 if 1 else ") + "1 }}"),
        Attack("conditions before", "{{ 1" + many(" if 1") + " }}"),
        Attack("tests", "{{ 1" + many(" is defined") + " }}"),
        Attack("if blocks", many("{% if 1 %}")),
        Attack("for blocks", many("{% for a in b %}")),
        Attack("set blocks", many("{% set a %}")),
        Attack("macros in macros", many("{% macro a() %}")),
        Attack("filter blocks", many("{% filter upper %}")),
        Attack("targets", "{% for " + many("(") + "a" + many(")") + " in b %}{% endfor %}"),
        Attack("doubled text", growing("'ab'", "ns.x ~ ns.x")),
        Attack("doubled text by +", growing("'ab'", "ns.x + ns.x")),
        Attack("doubled text by replace", growing("'ab'", "ns.x|replace('a', 'aa')")),
        Attack("doubled text by join", growing("'ab'", "[ns.x, ns.x]|join")),
        Attack("doubled text by format", growing("'ab'", "'{}{}'.format(ns.x, ns.x)")),
        Attack("doubled text by tojson", growing("'\"'", "ns.x|tojson")),
        Attack("doubled text by string", growing("['\\\\']", "[ns.x|string]")),
        Attack("doubled text by safe", growing("'&'", "ns.x + ns.x|safe")),
        Attack("a macro that doubles", "{% macro f(x) %}{{ x }}{{ x }}{% endmacro %}" + growing("'ab'", "f(ns.x)")),
        Attack("a list that doubles", growing("[1]", "ns.x + ns.x")),
        Attack("a list in lists", growing("[1]", "[ns.x]")),
        Attack("a mapping in mappings", growing("{}", "{'a': ns.x}")),
        Attack("a tuple in tuples", growing("()", "(ns.x,)")),
        Attack(
            "append in lists",
            "{% set ns = namespace(x=[]) %}{% for i in range(999) %}{% set b = [] %}{% set _ = b.append(ns.x) %}"
                + "{% set ns.x = b %}{% endfor %}"
        ),
        Attack(
            "a list appended to",
            "{% set l = [] %}{% for i in range(99999) %}{% set _ = l.append(i) %}{% endfor %}"
        ),
        Attack("a macro without end", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"),
        Attack(
            "a macro without end, deeper",
            "{% macro f(a) %}{% if 1 %}{{ [f([a])] }}{% endif %}{% endmacro %}{{ f(1) }}"
        ),
        Attack(
            "two macros without end",
            "{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ f() }}"
        ),
        Attack("a default without end", "{% macro f(a=f()) %}{% endmacro %}{{ f() }}"),
        Attack("a set block without end", "{% macro f() %}{% set x %}{{ f() }}{% endset %}{% endmacro %}{{ f() }}"),
        Attack("a filter of filters", "{{ 'a'|map(" + many("'map',", 5_000) + "'upper') }}"),
        Attack("a text too often", "{{ 'ab' * 1000000000000 }}"),
        Attack("a text too often to count", "{{ 'ab' * 9223372036854775807 }}"),
        Attack("a list too often", "{{ [1, 2] * 9223372036854775807 }}"),
        Attack("a sum too large", "{{ 9223372036854775807 + 1 }}"),
        Attack("a product too large", "{{ 9223372036854775807 * 9223372036854775807 }}"),
        Attack("a difference too large", "{{ -9223372036854775807 - 2 }}"),
        Attack("a negation too large", "{{ -(-9223372036854775807 - 1) }}"),
        Attack("a quotient too large", "{{ (-9223372036854775807 - 1) // -1 }}"),
        Attack("a power too large", "{{ 2 ** 64 }}"),
        Attack("a power of powers", "{{ 9 ** 9 ** 9 ** 9 }}"),
        Attack("a real number as whole", "{{ 1e300|int }}"),
        Attack("a number too long", "{{ 99999999999999999999 }}", .syntax),
        Attack("a number of 10,000 digits", "{{ " + many("9") + " }}", .syntax),
        Attack("a width in format", "{{ '{:999999999}'.format(1) }}", .value),
        Attack("a member in format", "{{ '{0.__class__}'.format(1) }}", .value),
        Attack("a width after %", "{{ '%999999999d' % 1 }}", .unsupported),
        Attack("a member of everything", "{{ ''.__class__.__mro__ }}", .value),
        Attack("an indent too wide", "{{ 'a\\nb'|indent(1000000000) }}"),
        Attack("an indent of JSON too wide", "{{ [1]|tojson(indent=1000000000) }}", .value),
        Attack("replaced nothing", "{{ ('a' * 999999)|replace('', 'b' * 999) }}"),
        Attack(
            "a needle in itself",
            "{% set n = 'a' * 500000 ~ 'b' %}{% set h = 'a' * 1000000 %}"
                + "{% for i in range(999) %}{{ n in h }}{% endfor %}"
        ),
        Attack("parts without end", "{{ ('a,' * 500000).split(',') }}"),
        Attack("characters without end", "{% for c in 'a' * 1000000 %}{% endfor %}"),
        Attack("lines without end", "{{ ('\\n' * 1000000).splitlines() }}"),
        Attack("unique of many", "{{ range(99999)|unique|list }}"),
        Attack("equal in depth", growing("[1]", "ns.x + [ns.x == ns.x]", 3_000)),
        Attack("a format of time", "{{ strftime_now('%A' * 10000) }}"),
        Attack(
            "a loop over itself",
            "{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% for c in ns.x %}{% set ns.x = ns.x ~ c %}{% endfor %}{% endfor %}"
        ),
        Attack("what it says itself", "{{ raise_exception('no \\n two') }}", .raised("no \n two")),
        Attack("a kept method", "{% set f = 'a'.upper %}{{ f() }}", .value),
        Attack("a namespace in itself", "{% set n = namespace() %}{% set n.n = n %}{{ n }}", .value),
        Attack(
            "a namespace in a list in itself",
            "{% set n = namespace() %}{% set n.n = [n] %}{{ n.n|tojson }}",
            .value
        ),
        Attack("a template too long", many("a", 600_000)),
        Attack("a step of nothing", "{{ 'a'[::0] }}", .value),
    ]

    /// Bytes of stack: as little as a second thread gets on any system we know. AddressSanitizer, which `bin/test` runs
    /// with options of its own, needs several times as much for the same calls.
    private static let stackSize = 512 * 1024 * (ProcessInfo.processInfo.environment["ASAN_OPTIONS"] == nil ? 1 : 6)

    private static func looped(_ setup: String, _ work: String) -> String {
        setup + "{% for i in range(99999) %}" + work + "{% endfor %}{% for i in range(99999) %}" + work + "{% endfor %}"
    }

    private static func numbered(_ count: Int, _ part: (Int) -> String) -> String {
        (0..<count).map(part).joined()
    }

    private static let big = "{% set big = 'aB' * 4000000 %}"

    /// Much work in what looks like one step. Each ends, with an error or not, in the time that many steps take.
    static let labours: [(name: String, template: String)] = [
        ("names", numbered(40_000) { "{{a\($0)}}" }),
        ("names in a loop", looped("", numbered(20_000) { "{{a\($0)}}" })),
        (
            "names in a loop that are not looked at",
            looped("", "{% if 0 %}" + numbered(20_000) { "{{a\($0)}}" } + "{% endif %}")
        ),
        ("constants", looped("", numbered(40_000) { _ in "{{1}}" })),
        ("a list of constants", looped("", "{% set l = [" + many("1,", 60_000) + "] %}")),
        ("a sum of texts", looped("", "{% set l = ''" + many("~1", 60_000) + " %}")),
        ("a chain", looped("", "{% set l = 1" + many("<1", 60_000) + " %}")),
        ("branches", looped("", "{% if 0 %}" + numbered(20_000) { _ in "{% elif 0 %}" } + "{% endif %}")),
        ("numbers as keys", looped("", "{% set m = {" + numbered(20_000) { "\($0):0," } + "} %}")),
        ("texts as keys", looped("", "{% set m = {" + numbered(15_000) { "'\($0)':0," } + "} %}")),
        ("a long key", looped(big + "{% set m = {big: 1} %}", "{{ m[big] }}{{ m.get(big) }}{{ big in m }}")),
        ("a long name", looped("{% set m = {} %}", "{{ m." + many("a", 200_000) + " }}")),
        ("a length", looped(big, "{{ big|length }}")),
        ("a character", looped(big, "{{ big[-1] }}{{ big[3999999] }}")),
        ("a slice", looped(big, "{{ big[1:2] }}")),
        ("lower", looped(big, "{{ big is lower }}")),
        ("a number", looped(big, "{{ big|int }}{{ big|float }}")),
        ("the least of one", looped(big, "{% set l = [big]|min %}")),
        ("a start", looped(big, "{{ big.startswith((" + many("big,", 20_000) + ")) }}")),
        ("a digit", looped("{% set big = '1' * 4000000 %}", "{{ big.isdigit() }}{{ big.count('1') }}")),
        (
            "parameters",
            "{% macro f(" + numbered(20_000) { "a\($0)," } + "b) %}{% endmacro %}" + looped("", "{{ f(b=1) }}")
        ),
        ("words of an error", big + "{{ raise_exception(big) }}"),
    ]

    @Test(arguments: labours.map(\.name)) func workIsCountedAsWork(_ name: String) throws {
        let labour = try #require(Self.labours.first { $0.name == name })
        let start = ContinuousClock().now
        do {
            let template = try ChatTemplate(labour.template)
            _ = try template.render(variables: [], now: TemplateTime(secondsSince1970: 0))
        } catch {
            #expect(error.message.utf8.count < 2_000)
            #expect(error.reason != .syntax && error.line + error.column > 2, "it is too long to be tried: \(error)")
        }
        let time = ContinuousClock().now - start
        print("\(name): \(time)")
        #expect(time < .seconds(20))
    }

    /// Runs `work` on a thread with a small stack.
    private static func onSmallStack(_ work: @escaping @Sendable () -> Void) throws {
        let isDone = Atomic(false)
        let thread = Thread {
            work()
            isDone.store(true, ordering: .releasing)
        }
        thread.stackSize = stackSize
        thread.start()
        try eventually("the template ends", within: .seconds(60)) { isDone.load(ordering: .acquiring) }
    }

    @Test(arguments: attacks.map(\.name)) func anAttackEndsWithOneError(_ name: String) throws {
        let attack = try #require(Self.attacks.first { $0.name == name })
        let outcome = Mutex<Result<String, TemplateError>?>(nil)
        try Self.onSmallStack {
            let result: Result<String, TemplateError>
            do throws(TemplateError) {
                let template = try ChatTemplate(attack.template)
                result = .success(try template.render(variables: [], now: TemplateTime(secondsSince1970: 0)).string)
            } catch {
                result = .failure(error)
            }
            outcome.withLock { $0 = result }
        }
        switch outcome.withLock({ $0 }) {
        case .failure(let error):
            #expect(error.reason == attack.reason, "\(error)")
            #expect(error.line >= 1 && error.column >= 1)
            #expect(error.message.utf8.count < 400)
        case .success(let text): Issue.record("it renders \(text.utf8.count) bytes: \(text.prefix(80))")
        case nil: Issue.record("nothing came")
        }
    }

    /// Looking for what a template does ends as well, and says what is wrong.
    @Test(arguments: [
        "{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "{% for a in range(99999) %}{{ 'x' * 99999 }}{% endfor %}",
    ])
    func factsOfAnAttackAreARefusal(_ source: String) throws {
        let start = ContinuousClock().now
        let facts = TemplateFacts(of: try ChatTemplate(source))
        #expect(facts.refusal?.reason == .limit)
        #expect(facts.roles.isEmpty)
        #expect(ContinuousClock().now - start < .seconds(20))
    }

    /// Bounds that are not reached change nothing: slices and steps from end to end of the whole numbers.
    @Test(arguments: [
        ("{{ [1,2,3][9223372036854775807:] }}", "[]"),
        ("{{ [1,2,3][-9223372036854775807 - 1:] }}", "[1, 2, 3]"),
        ("{{ [1,2,3][::9223372036854775807] }}", "[1]"),
        ("{{ [1,2,3][::-9223372036854775807 - 1] }}", "[3]"),
        ("{{ 'abc'[9223372036854775807] }}", ""),
        ("{{ 'abc'[-9223372036854775807 - 1] }}", ""),
        ("{{ [1][-9223372036854775807 - 1] }}", ""),
        ("{{ (-9223372036854775807 - 1) % -1 }}", "0"),
        ("{{ 'a' * -9223372036854775807 }}", ""),
        ("{% set n = namespace() %}{% set n.n = n %}{{ n == n.n.n.n }}", "True"),
    ])
    func theEndsOfWholeNumbersAreNoTrap(_ template: String, _ expected: String) throws {
        let text = try ChatTemplate(template).render(variables: [], now: TemplateTime(secondsSince1970: 0)).string
        #expect(text == expected)
    }

    @Test func valuesNestedDeepAreRefused() throws {
        var value = TemplateValue.integer(1)
        for _ in 0..<2_000 { value = .list([value]) }
        let template = try ChatTemplate("{{ x }}")
        do {
            _ = try template.render(variables: [("x", value)], now: TemplateTime(secondsSince1970: 0))
            Issue.record("it renders")
        } catch {
            #expect(error.reason == .limit)
        }
        #expect(TemplateValue(json: String(repeating: "[", count: 100_000)) == nil)
        let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        #expect(TemplateValue(json: deep) == nil)
    }

    @Test func anErrorNamesItsPlace() throws {
        let source = "first\n{% if x %}\n  ü {{ x.y.z }}\n{% endif %}"
        do {
            _ = try ChatTemplate(source).render(
                variables: [("x", .mapping([:]))],
                now: TemplateTime(secondsSince1970: 0)
            )
        } catch {
            Issue.record("an empty mapping is false, so nothing is looked at: \(error)")
        }
        do {
            _ = try ChatTemplate(source).render(
                variables: [("x", .mapping(["a": .none]))],
                now: TemplateTime(secondsSince1970: 0)
            )
            Issue.record("it renders")
        } catch {
            #expect(
                "\(error)"
                    == "line 3, column 11 of the template: \"y\" is undefined, so it has no member \"z\": "
                    + "check it with `is defined` before"
            )
        }
        do {
            _ = try ChatTemplate("a\r\nb {{ 1 + }}")
            Issue.record("it is read")
        } catch {
            #expect("\(error)" == "line 2, column 10 of the template: a value is needed before \"}}\"")
        }
    }
}
