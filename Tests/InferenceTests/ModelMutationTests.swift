import Testing

@testable import GGUF
@testable import Inference
@testable import Tokenizers

/// Every change of the table, made to a tiny model of every architecture and, where it is about tensors, of every type:
/// nothing crashes, what would change an answer is refused, and a refusal names what is wrong in a line that can be shown.
@Suite struct ModelMutationTests {
    @Test(arguments: GoldenModel.names)
    func everyArchitectureStandsEveryChange(name: String) throws {
        var writer = try GoldenModel(name).writer()
        MutationVocabulary.add(to: &writer)
        try check(writer, ModelMutation.all)
    }

    @Test(arguments: WeightType.allCases)
    func everyTypeStandsWhatIsDoneToTensors(type: WeightType) throws {
        var tiny = TinyModel.filling(type.tensorType)
        tiny.layerCount = 1
        try check(tiny.writer(), ModelMutation.all.filter(\.isOfTensors))
    }

    @Test func eachHasANameOfItsOwn() {
        #expect(Set(ModelMutation.all.map(\.name)).count == ModelMutation.all.count)
        #expect(ModelMutation.all.count >= 64)
    }

    /// A context longer than memory: the cache for it is refused with its bytes, before anything is taken.
    @Test func aCacheThatNoMemoryHoldsIsRefused() throws {
        let model = try LanguageModel(TinyModel().file())
        let pageCount = 1 << 48
        let bytes = pageCount * KVPages.pageBytes(model)
        #expect(throws: InferenceError.outOfMemory(what: "the key-value cache", bytes: bytes)) {
            try ForwardPass(model, maxRows: 1, pageCount: pageCount, instructions: .best)
        }
    }

    private func check(_ writer: GGUFWriter, _ mutations: [ModelMutation]) throws {
        let original = try #require(MutatedFile(writer))
        let file = try GGUFFile(bytes: original.finished())
        try #require(HeaderCheck.reasons(against: file) == [])
        let description = try ModelDescription(file)
        for mutation in mutations {
            var changed = original
            mutation.change(&changed)
            let reasons = Self.reasons(against: changed.finished())
            for reason in reasons { #expect(Self.isReadable(reason), "\(mutation.name): \(reason.debugDescription)") }
            let found = Self.shown(reasons)
            func names(_ words: [String]) -> Bool {
                words.allSatisfy { word in
                    let word = word.replacing("{a}", with: original.architecture)
                    return found.contains(word.replacing("{t}", with: original.tensor.name))
                }
            }
            switch mutation.outcome {
            case .refused(let words):
                #expect(!reasons.isEmpty && names(words), "\(mutation.name): \(found)")
            case .same:
                #expect(reasons.isEmpty, "\(mutation.name): \(found)")
                let changedFile = try GGUFFile(bytes: changed.finished())
                #expect(try ModelDescription(changedFile) == description, "\(mutation.name)")
            case .other(let words):
                #expect(reasons.isEmpty || !words.isEmpty && names(words), "\(mutation.name): \(found)")
                guard reasons.isEmpty else { continue }
                try run(changed, mutation.name)
                let isOther = try ModelDescription(GGUFFile(bytes: changed.finished())) != description
                // A family may have had the value that the change gives it.
                #expect(isOther || changed.writer.metadata.count == original.writer.metadata.count, "\(mutation.name)")
            case .weights:
                #expect(reasons.isEmpty, "\(mutation.name): \(found)")
                try run(changed, mutation.name)
            }
        }
    }

    /// Numbers, or one error that names what is wrong.
    private func run(_ file: MutatedFile, _ name: String) throws {
        do {
            let model = try LanguageModel(GGUFFile(bytes: file.finished()), contextLimit: 64)
            for logits in try allLogits(model, [1, 2, 3, 0]) {
                let areNumbers = logits.allSatisfy { $0.isFinite }
                #expect(areNumbers, "\(name)")
            }
        } catch let error as InferenceError {
            #expect(Self.isReadable(error.description), "\(name)")
        }
    }

    private static func reasons(against bytes: [UInt8]) -> [String] {
        do throws(GGUFError) {
            return try HeaderCheck.reasons(against: GGUFFile(bytes: bytes))
        } catch {
            return [error.description]
        }
    }

    private static func shown(_ reasons: [String]) -> String { reasons.joined(separator: "; ") }

    /// One line, not too long, that moves no terminal's cursor.
    private static func isReadable(_ reason: String) -> Bool {
        !reason.isEmpty && reason.utf8.count < 1000
            && reason.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    }
}
