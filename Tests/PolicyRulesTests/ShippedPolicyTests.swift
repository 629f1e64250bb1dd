import Foundation
import PolicyFiles
import RegistryTypes
import TestSupport
import Testing
import UserDocuments

/// The shipped policies.
@Suite struct ShippedPolicyTests {
    private static func embedded() -> [(name: String, text: String)] {
        (0..<policy_file_count()).map { index in
            let file = policy_file_at(index)
            let name = file.name.map { String(cString: $0) } ?? ""
            let bytes = UnsafeBufferPointer(start: file.bytes, count: file.size)
            return (name, String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func theBinaryHoldsExactlyTheFilesOfTheFolder() throws {
        let folder = Checkout.root.appending(path: "Policies")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".yaml") }.sorted()
        let slos = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "slos").path)
            .map { "slos/\($0)" }
        #expect(Self.embedded().map(\.name) == (names + slos).sorted())
        for file in Self.embedded() {
            #expect(try String(contentsOf: folder.appending(path: file.name), encoding: .utf8) == file.text)
        }
        let past = policy_file_at(policy_file_count())
        #expect(past.name == nil && past.bytes == nil && past.size == 0)
    }

    /// The files that are policies.
    private static func policies() -> [(name: String, text: String)] {
        embedded().filter { !$0.name.hasPrefix("slos/") }
    }

    @Test func eachOneOfTheFolderSlosIsOneSLOForEveryModelInProductionNamedAsItsFile() throws {
        var indicators: Set<Indicator.Kind> = []
        for file in Self.embedded() where file.name.hasPrefix("slos/") {
            guard case .slo(let slo) = try Document.parse(file.text, file: file.name)[0] else {
                Issue.record("\(file.name) is not one SLO")
                continue
            }
            #expect("slos/\(slo.name).yaml" == file.name)
            #expect(
                slo.scope == DocumentScope(channel: try Name("production"), models: try [#require(ModelPattern("*"))])
            )
            #expect(slo.description != nil && slo.windowSeconds == 30 * 86_400)
            indicators.insert(slo.indicator.kind)
        }
        #expect(indicators == Set(Indicator.Kind.allCases))
    }

    @Test func eachOneIsOnePolicyNamedAsItsFileAndForTheChannelOfThatName() throws {
        for file in Self.policies() {
            let documents = try Document.parse(file.text, file: file.name)
            guard documents.count == 1, case .policy(let policy) = documents[0] else {
                Issue.record("\(file.name) is not one policy")
                continue
            }
            #expect("\(policy.name).yaml" == file.name)
            #expect(policy.scope.channel == policy.name)
            #expect(policy.scope.models.map(\.text) == ["*"])
            #expect(policy.onMissing == .block)
        }
    }

    @Test func whatTheyAskFor() throws {
        let gates = try Self.policies().map { file -> [Gate] in
            guard case .policy(let policy) = try Document.parse(file.text, file: file.name)[0] else { return [] }
            return policy.gates
        }
        let smoke = Gate(id: try Name("smoke"), level: .mandatory, requirement: .smoke)
        #expect(
            gates == [
                [
                    smoke,
                    Gate(
                        id: try Name("card"),
                        level: .mandatory,
                        requirement: .card(CardRequirement(complete: 0.5))
                    ),
                    Gate(
                        id: try Name("canary"),
                        level: .overridable,
                        requirement: .canary(CanaryRequirement(maxAgeSeconds: 7 * 86_400))
                    ),
                ],
                [smoke],
            ]
        )
    }
}
