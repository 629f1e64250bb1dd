import Digests
import Foundation
import RegistryTypes
import StrictJSON
import Testing
import UserDocuments

/// Names, references and identifiers.
@Suite struct CoreTypeTests {
    static let names: [(text: String, isName: Bool)] = [
        ("a", true), ("ticket-bot", true), ("0", true), ("a.b_c-d", true), (String(repeating: "a", count: 64), true),
        ("", false), ("A", false), ("-a", false), (".a", false), ("_a", false), ("a b", false), ("a/b", false),
        ("a\0", false), ("ä", false), ("a\u{301}", false), ("..", false), (String(repeating: "a", count: 65), false),
        ("a\n", false), ("а", false),
    ]

    @Test(arguments: names)
    func name(_ text: String, _ isName: Bool) throws {
        #expect(Name.isValid(text) == isName)
        if isName {
            let name = try Name(text)
            #expect(try CanonicalJSON.decode([Name].self, from: CanonicalJSON.encode([name])) == [name])
        } else {
            #expect(throws: RegistryTypesError.badName(text)) { try Name(text) }
            let stored = try CanonicalJSON.encode([text])
            #expect(throws: (any Error).self) { try CanonicalJSON.decode([Name].self, from: stored) }
        }
    }

    static let references: [(text: String, selector: String?)] = [
        ("bot", "live"), ("bot@7", "version(7)"), ("bot@r12", "release(12)"), ("bot@999999999", "version(999999999)"),
        ("bot@", nil), ("@7", nil), ("bot@@7", nil), ("bot@7@8", nil), ("bot@0", nil), ("bot@r0", nil), ("bot@07", nil),
        ("bot@-1", nil), ("bot@1000000000", nil), ("Bot@7", nil), ("bot@Production", nil), ("bot @7", nil), ("", nil),
        ("bot@r", "channel r"), ("bot@rc1", "channel rc1"), ("bot@production", "channel production"),
    ]

    @Test(arguments: references)
    func reference(_ text: String, _ selector: String?) throws {
        if let selector {
            let reference = try Reference(text)
            let found =
                if case .channel(let name) = reference.selector { "channel \(name)" } else { "\(reference.selector)" }
            #expect(found == selector)
            #expect(reference.description == text)
        } else {
            #expect(throws: RegistryTypesError.badReference(text)) { try Reference(text) }
        }
    }

    static let identifiers: [(text: String, number: Int?)] = [
        ("c-1", 1), ("c-204", 204), ("c-0", nil), ("c-01", nil), ("c-", nil), ("e-1", nil), ("204", nil), ("C-1", nil),
        ("c-1 ", nil), ("c--1", nil), ("c-1234567890123", nil), ("", nil),
    ]

    @Test(arguments: identifiers)
    func identifier(_ text: String, _ number: Int?) {
        #expect((try? CanaryID(text: text))?.number == number)
        if let number { #expect(CanaryID(number).description == text) }
    }

    static let paths: [(path: String, isValid: Bool)] = [
        ("model.gguf", true), ("a/b/c.txt", true), ("A+b_c-1", true), ("", false), ("/a", false), ("a/", false),
        ("a//b", false), ("..", false), ("a/../b", false), (".hidden", false), ("a\\b", false), ("a b", false),
        ("a\0", false), ("ä", false), (String(repeating: "a", count: 256), false),
    ]

    @Test(arguments: paths)
    func path(_ path: String, _ isValid: Bool) { #expect(ArtifactFile.isValid(path: path) == isValid) }

    @Test func aManifestHasOneDigestWhateverTheOrderOfItsFiles() throws {
        let digest = Digest(of: Data("x".utf8))
        let weights = try ArtifactFile(path: "m.gguf", digest: digest, sizeBytes: 3, role: .weights)
        let card = try ArtifactFile(path: "card.md", digest: digest, sizeBytes: 4, role: .card)
        let one = try Manifest(files: [weights, card]), other = try Manifest(files: [card, weights])
        #expect(try one.digest() == other.digest())
        #expect(one.sizeBytes == 7)
        #expect(one.card == card)
        #expect(try CanonicalJSON.decode(Manifest.self, from: CanonicalJSON.encode(one)) == one)
        #expect(throws: RegistryTypesError.self) { try Manifest(files: []) }
        #expect(throws: RegistryTypesError.self) { try Manifest(files: [weights, weights]) }
        #expect(throws: RegistryTypesError.self) {
            try Manifest(files: [card, ArtifactFile(path: "b.md", digest: digest, sizeBytes: 1, role: .card)])
        }
        #expect(throws: RegistryTypesError.self) {
            try ArtifactFile(path: "m", digest: digest, sizeBytes: -1, role: .opaque)
        }
    }

    static let times: [(text: String, milliseconds: Int64?)] = [
        ("1970-01-01T00:00:00.000Z", 0), ("2026-11-21T11:20:44.120Z", 1_795_260_044_120),
        ("2026-11-21T11:20:44Z", 1_795_260_044_000),
        ("2000-02-29T23:59:59.999Z", 951_868_799_999), ("1969-12-31T23:59:59.999Z", -1),
        ("0001-01-01T00:00:00.000Z", -62_135_596_800_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ("2026-11-21T11:20:44.1Z", 1_795_260_044_100), ("2026-11-21T11:20:44.1209Z", 1_795_260_044_120),
        ("2026-02-29T00:00:00Z", nil), ("1900-02-29T00:00:00Z", nil), ("2026-00-01T00:00:00Z", nil),
        ("2026-11-00T00:00:00Z", nil), ("2026-11-31T00:00:00Z", nil), ("2026-11-21T24:00:00Z", nil),
        ("2026-11-21T11:60:00Z", nil), ("2026-11-21T11:20:60Z", nil), ("2026-11-21T11:20:44.Z", nil),
        ("2026-11-21T11:20:44", nil), ("2026-11-21T11:20:44Z ", nil), ("2026-11-21 11:20:44Z", nil),
        ("2026-11-21T11:20:44+01:00", nil), ("٢٠٢٦-11-21T11:20:44Z", nil), ("-026-11-21T11:20:44Z", nil),
        ("yesterday", nil), ("", nil), ("2026-13-01T00:00:00Z", nil),
    ]

    @Test(arguments: times)
    func time(_ text: String, _ milliseconds: Int64?) {
        #expect(Timestamp(text)?.milliseconds == milliseconds)
        if let milliseconds {
            let time = Timestamp(milliseconds: milliseconds)
            #expect(Timestamp(time.description) == time)
            #expect(abs(time.date.timeIntervalSince1970 - Double(milliseconds) / 1000) < 1e-4)
        }
    }

    @Test func timesSurviveTextAtEveryMillisecond() {
        for milliseconds in Int64(1_795_260_044_000)..<1_795_260_045_000 {
            let time = Timestamp(milliseconds: milliseconds)
            #expect(Timestamp(time.description) == time)
        }
    }

    @Test func datesAgreeWithFoundationsCalendarOnEveryWeekOfFourCenturies() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for day in stride(from: Int64(-80_000), to: 66_000, by: 7) {
            let time = Timestamp(milliseconds: day * 86_400_000)
            let parts = calendar.dateComponents([.year, .month, .day], from: time.date)
            let date = try [#require(parts.year), #require(parts.month), #require(parts.day)]
            let shown = date.enumerated().map { index, part in
                String(repeating: "0", count: max(0, (index == 0 ? 4 : 2) - String(part).count)) + String(part)
            }
            #expect(time.description == shown.joined(separator: "-") + "T00:00:00.000Z")
        }
    }

    @Test func rolesAndPermissionsAreOrdered() {
        for permission in Permission.allCases {
            let granted = Role.allCases.map(permission.isGranted)
            #expect(granted == granted.sorted { !$0 && $1 })
            #expect(permission.isGranted(to: .admin))
            #expect(permission.isGranted(to: nil) == (permission == .anyone))
        }
    }

    static let patterns: [(pattern: String, model: String, specificity: Int?)] = [
        ("*", "bot", 0), ("bot", "bot", Int.max), ("bot", "bots", nil), ("bo*", "bot", 2), ("bot*", "bot", 3),
        ("bot-*", "bot", nil), ("x*", "bot", nil),
    ]

    @Test(arguments: patterns)
    func pattern(_ pattern: String, _ model: String, _ specificity: Int?) throws {
        let pattern = try #require(ModelPattern(pattern))
        let matches = pattern.matches(try Name(model))
        #expect(matches == (specificity != nil))
        if matches { #expect(pattern.specificity == specificity) }
    }

    @Test(arguments: ["", "**", "a*b", "*a", "A*", "-*", "a b", "*/"])
    func patternsThatAreNone(_ text: String) { #expect(ModelPattern(text) == nil) }
}
