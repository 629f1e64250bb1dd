import RegistryTypes
import WireFormat

@testable import Pages

/// Texts read by models, and what model files say of themselves.
extension PageSamples {
    var readings: [(name: String, page: any Page)] {
        let s = samples
        let baseline = Reference(model: s.model, selector: .version(1))
        let candidate = Reference(model: s.model, selector: .version(2))
        func view(_ comparison: ModelComparison?, done: Int = 12, score: TextScore? = nil, problem: Problem? = nil)
            -> ReadingView
        {
            ReadingView(
                id: "3f2c9a",
                baseline: baseline,
                candidate: score == nil ? candidate : nil,
                traffic: s.golden,
                progress: WorkProgress(done: done, total: 24, elapsedSeconds: 1.5),
                score: score,
                comparison: comparison,
                problem: problem
            )
        }
        let page = context("/readings/3f2c9a")
        let version = VersionView(
            version: s.version(2),
            previous: s.version(1),
            releases: [],
            channels: [],
            canaries: [],
            evaluations: [],
            inspection: inspection(runs: false)
        )
        let runnable = VersionView(
            version: s.version(2),
            previous: s.version(1),
            releases: [],
            channels: [],
            canaries: [],
            evaluations: [],
            inspection: inspection(runs: true)
        )
        let problem = Problem(
            status: 422,
            title: s.text("request g-7 of golden cannot be read"),
            detail: s.text("a variable is missing"),
            next: s.text("serin compare ticket-bot@1 ticket-bot@2 --text FILE"),
            exit: 65
        )
        return [
            ("reading", ReadingPage(view(comparison(divergence: 0.164)), context: page)),
            ("reading-same", ReadingPage(view(comparison(divergence: 0)), context: page)),
            ("reading-vocabularies", ReadingPage(view(comparison(divergence: nil)), context: page)),
            ("reading-score", ReadingPage(view(nil, score: score), context: page)),
            ("reading-running", ReadingPage(view(nil), context: page)),
            ("reading-problem", ReadingPage(view(nil, problem: problem), context: page)),
            ("version-file", VersionPage(runnable, context: context("/models/ticket-bot/versions/2"))),
            ("version-file-refused", VersionPage(version, context: context("/models/ticket-bot/versions/2"))),
        ]
    }

    private func inspection(runs: Bool) -> InspectedModel {
        var facts = InspectedModel(
            fileBytes: 1_566_080,
            parameterCount: 1_375_104,
            tensors: [
                .init(type: "Q4_0", count: 28, elementCount: 1_275_648, byteCount: 717_552, share: 0.866),
                .init(type: "F32", count: 9, elementCount: 1728, byteCount: 6912, share: nil),
            ],
            reasons: runs ? [] : [samples.text("architecture \"mamba\" is not supported; supported: llama")]
        )
        facts.name = samples.text("ticket-bot v2")
        facts.architecture = samples.text("llama")
        facts.license = samples.text("apache-2.0")
        facts.contextLength = 512
        facts.layerCount = 4
        facts.width = 192
        facts.headCount = 6
        facts.keyValueHeadCount = 2
        if runs {
            facts.memory = .init(weightBytes: 830_000, bytesPerThousandTokens: 1_024_000, bytesPerSequence: 4096)
        }
        facts.warnings = [samples.text("21 of 256 bytes have no token")]
        var tokenizer = InspectedTokenizer(
            model: samples.text("gpt2"),
            preTokenizer: samples.text("gpt-2"),
            tokenCount: 512
        )
        tokenizer.kind = "byte-level BPE"
        tokenizer.mergeCount = 253
        tokenizer.specialCount = 3
        tokenizer.missingBytes = [4]
        tokenizer.addsBeginning = true
        tokenizer.roles = [.init(role: "endOfTurn", id: 511, text: samples.text("<|im_end|>"))]
        facts.tokenizer = tokenizer
        var template = InspectedTemplate(byteCount: 368, problem: nil)
        template.roles = ["system", "user", "assistant"]
        template.defaultSystemMessage = samples.text("You are helpful.")
        template.endOfTurn = samples.text("<|im_end|>")
        facts.template = template
        return facts
    }

    private func place(_ token: Int) -> ModelComparison.Place {
        ModelComparison.Place(
            text: 2,
            token: token,
            before: samples.text(#"{"intent":"missing_item","order":"651"#),
            spelling: samples.text("3"),
            after: samples.text(#"","priority"#),
            divergence: 7.97,
            baselineLogProbability: -0.01,
            candidateLogProbability: -8.2,
            baselineTop: samples.text("3"),
            candidateTop: samples.text("1")
        )
    }

    /// - Parameter divergence: its mean; 0 for the same model, nil across vocabularies.
    private func comparison(divergence: Double?) -> ModelComparison {
        let fit = TextFit(
            tokens: 358,
            bytes: 1120,
            meanLogProbability: -0.165,
            standardError: 0.057,
            perplexity: 1.179,
            perplexityInterval: .init(low: 1.054, high: 1.319),
            bitsPerByte: 0.0761
        )
        return ModelComparison(
            baseline: "ticket-bot@1",
            candidate: "ticket-bot@2",
            texts: samples.text("answers of the baseline to 20 requests of golden"),
            textCount: 20,
            numerics: 1,
            windowTokens: 512,
            sharesVocabulary: divergence != nil,
            baselineFit: fit,
            candidateFit: fit,
            figures: divergence.map { mean in
                ModelComparison.Figures(
                    places: 358,
                    meanDivergence: mean,
                    divergenceError: mean * 0.3,
                    medianDivergence: mean / 1e4,
                    divergence99: mean * 24,
                    maxDivergence: mean * 48,
                    divergenceByPercent: (0...100).map { mean * Double($0 * $0) / 1000 },
                    agreeing: mean == 0 ? 358 : 341,
                    agreement: mean == 0 ? 1 : 341.0 / 358,
                    agreementInterval: .init(low: 0.926, high: mean == 0 ? 1 : 0.979),
                    perplexityRatio: 1.179,
                    perplexityRatioInterval: .init(low: 1.054, high: 1.319),
                    firstDivergence: mean == 0 ? nil : place(13),
                    stretches: (0..<9).map { index in
                        .init(
                            first: index * 2 + 1,
                            last: index * 2 + 2,
                            places: 40,
                            agreeing: mean == 0 ? 40 : 40 - index % 4,
                            meanDivergence: mean * Double(index % 4)
                        )
                    }
                )
            },
            worst: divergence.map { $0 > 0 ? [place(13), place(3)] : [] } ?? []
        )
    }

    private var score: TextScore {
        TextScore(
            model: "ticket-bot@1",
            numerics: 1,
            windowTokens: 512,
            fit: TextFit(
                tokens: 3,
                bytes: 9,
                meanLogProbability: -1.2,
                standardError: nil,
                perplexity: 3.32,
                perplexityInterval: nil,
                bitsPerByte: 0.577
            ),
            tokens: [
                .init(id: 79, text: samples.text("O"), logProbability: nil, rank: nil),
                .init(id: 498, text: samples.text("rder"), logProbability: -0.2, rank: 1),
                .init(id: 32, text: samples.text(" "), logProbability: -3.1, rank: 1204),
            ]
        )
    }
}
