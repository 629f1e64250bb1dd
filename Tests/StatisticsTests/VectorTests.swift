import Foundation
import Statistics
import TestSupport
import Testing

@Suite(.needsVectors(.canary))
struct VectorTests {
    @Test(arguments: Answers.bySuite.keys.sorted())
    func suite(_ name: String) throws {
        let suite = try #require(try Vectors.suite(name), "the file has no suite \(name)")
        let answer = try #require(Answers.bySuite[name])
        for vector in suite.cases {
            let expected = vector["expected"]
            let differences = suite.differences(expected: expected, actual: answer(vector))
            #expect(differences.isEmpty, "\(vector["id"].string) \(differences.joined(separator: "; "))")
        }
    }

    /// The judge's own suite is answered by the judge, in its tests; every other one is answered here.
    @Test func everySuiteOfTheFileIsHeld() throws {
        let names = Set(try #require(try Vectors.names()))
        #expect(names.subtracting(Answers.bySuite.keys) == ["judge_end_to_end"])
    }
}

/// What `Statistics` says about each suite's inputs, in the words of the file.
enum Answers {
    static let bySuite: [String: @Sendable (JSON) -> JSON] = [
        "special_functions": specialFunctions, "mann_whitney": mannWhitney, "wilcoxon_signed_rank": wilcoxon,
        "paired_t": pairedT, "welch_t": welch, "skew_corrected_mean": skewed, "mcnemar": mcNemar,
        "tango_paired_difference": tango, "two_proportions": twoProportions, "one_proportion": oneProportion,
        "ks_two_sample": kolmogorovSmirnov, "multiplicity": multiplicity, "confidence_sequence": confidenceSequence,
        "e_process": eProcess, "psi_js": shift, "wasserstein_1": wassersteinOne, "quantile_ci": quantileInterval,
        "ratio_and_cluster": ratioAndCluster, "sample_size": sampleSize, "group_sequential": groupSequential,
        "msprt_normal": mixtureRatio,
    ]

    @Sendable static func groupSequential(_ vector: JSON) -> JSON {
        guard let spending = AlphaSpending(rawValue: vector["spending"].string),
            let test = GroupSequential(
                information: vector["fractions"].doubles,
                alpha: vector["alpha"].double,
                spending: spending
            )
        else { return .null }
        return .object(["z": .list(test.boundaries)])
    }

    @Sendable static func mixtureRatio(_ vector: JSON) -> JSON {
        guard
            var test = MixtureRatio(
                variance: vector["sigma2"].double,
                mixing: vector["tau2"].double,
                null: vector["theta0"].double
            )
        else { return .null }
        var afterFive: Double?
        for value in vector["x"].doubles {
            test.add(value)
            if test.n == 5 { afterFive = test.pAnytime }
        }
        return .object([
            "log_lambda_last": .number(test.logRatio), "log_lambda_max": .number(test.largestLogRatio),
            "p_last": .number(test.pAnytime), "p_5": .optional(afterFive),
        ])
    }

    @Sendable static func specialFunctions(_ vector: JSON) -> JSON {
        let a = vector["args"].doubles
        let value: Double? =
            switch vector["fn"].string {
            case "normal_quantile": StandardNormal.quantile(a[0])
            case "normal_cdf": StandardNormal.cdf(a[0])
            case "t_quantile": StudentT.quantile(a[0], df: a[1])
            case "t_sf": StudentT.upperTail(a[0], df: a[1])
            case "betainc_regularized": BetaDistribution.cdf(a[2], a: a[0], b: a[1])
            case "beta_quantile": BetaDistribution.quantile(a[0], a: a[1], b: a[2])
            case "chi2_sf": ChiSquared.upperTail(a[0], df: a[1])
            case "binomial_cdf": Binomial.cdf(Int(a[0]), n: Int(a[1]), p: a[2])
            case "binomial_pmf": Binomial.pmf(Int(a[0]), n: Int(a[1]), p: a[2])
            case "kolmogorov_sf": KolmogorovSmirnov.limitUpperTail(a[0])
            default: nil
            }
        return .optional(value)
    }

    @Sendable static func mannWhitney(_ vector: JSON) -> JSON {
        guard let test = MannWhitney(vector["x"].doubles, vector["y"].doubles),
            let side = Alternative(rawValue: vector["alternative"].string)
        else { return .null }
        let p =
            vector["method"].string == "exact"
            ? test.pExact(side) : test.pNormal(side, continuity: vector["continuity"].bool)
        return .object([
            "u_x": .number(test.u), "p": .optional(p), "hodges_lehmann_shift": .number(test.shift),
            "cliffs_delta": .number(test.cliffsDelta), "prob_x_greater": .number(test.probabilityGreater),
        ])
    }

    @Sendable static func wilcoxon(_ vector: JSON) -> JSON {
        guard let test = Wilcoxon(differences: vector["d"].doubles),
            let side = Alternative(rawValue: vector["alternative"].string),
            let zeros = Wilcoxon.Zeros(rawValue: vector["zero_method"].string)
        else { return .null }
        let p =
            vector["method"].string == "exact"
            ? test.pExact(side) : test.pNormal(side, zeros: zeros, continuity: vector["continuity"].bool)
        return .object([
            "w_plus_nonzero": .number(test.positiveRankSum), "p": .optional(p),
            "pseudo_median": .number(test.pseudoMedian),
        ])
    }

    @Sendable static func pairedT(_ vector: JSON) -> JSON {
        let differences = zip(vector["baseline"].doubles, vector["candidate"].doubles).map { $1 - $0 }
        guard let test = PairedMean(differences: differences) else { return .null }
        let alpha = (1 - vector["conf"].double) / 2
        return .object([
            "mean": .number(test.mean), "df": .number(Double(test.degreesOfFreedom)),
            "t": .optional(test.statistic()), "p_two": .number(test.pTwoSided()),
            "p_greater": .number(test.pDegradation()),
            "ci": .list([test.lower(alpha: alpha) ?? .nan, test.upper(alpha: alpha) ?? .nan]),
        ])
    }

    @Sendable static func welch(_ vector: JSON) -> JSON {
        guard let test = Welch(vector["x"].doubles, vector["y"].doubles) else { return .null }
        let alpha = vector["alpha"].double
        return .object([
            "diff": .number(test.difference), "se": .number(test.standardError), "df": .number(test.degreesOfFreedom),
            "t": .optional(test.statistic()), "p_two": .number(test.pTwoSided),
            "lower": .optional(test.lower(alpha: alpha)), "upper": .optional(test.upper(alpha: alpha)),
        ])
    }

    @Sendable static func skewed(_ vector: JSON) -> JSON {
        guard let mean = SkewedMean(differences: vector["d"].doubles) else { return .null }
        let alpha = vector["alpha"].double
        return .object([
            "hall_lower": .optional(mean.hallLower(alpha: alpha)),
            "hall_upper": .optional(mean.hallUpper(alpha: alpha)),
            "abc_lower": .optional(mean.abcLower(alpha: alpha)), "abc_upper": .optional(mean.abcUpper(alpha: alpha)),
            "acceleration": .number(mean.acceleration),
        ])
    }

    @Sendable static func mcNemar(_ vector: JSON) -> JSON {
        guard
            let test = McNemar(
                onlyCandidateBad: vector["only_candidate_bad"].int,
                onlyBaselineBad: vector["only_baseline_bad"].int
            )
        else { return .null }
        return .object([
            "p_exact_two": .number(test.pExact), "p_midp_two": .number(test.pMid),
            "p_exact_harm": .number(test.pDegradationExact), "p_midp_harm": .number(test.pDegradation),
            "chi2_cc": .number(test.chiSquared), "p_chi2_cc": .number(test.pChiSquared),
        ])
    }

    @Sendable static func tango(_ vector: JSON) -> JSON {
        guard
            let tango = Tango(
                onlyCandidateBad: vector["only_candidate_bad"].int,
                onlyBaselineBad: vector["only_baseline_bad"].int,
                pairs: vector["pairs"].int
            )
        else { return .null }
        let alpha = vector["alpha"].double
        let margin = vector["margin"].double
        return .object([
            "difference": .number(tango.difference), "lower": .optional(tango.lower(alpha: alpha)),
            "upper": .optional(tango.upper(alpha: alpha)),
            "p_noninferior": .number(tango.pNonInferior(margin: margin)),
            "score_at_margin": .number(tango.score(at: margin)),
        ])
    }

    @Sendable static func twoProportions(_ vector: JSON) -> JSON {
        guard let candidate = Proportion(bad: vector["candidate_bad"].int, n: vector["candidate_n"].int),
            let baseline = Proportion(bad: vector["baseline_bad"].int, n: vector["baseline_n"].int)
        else { return .null }
        let both = TwoProportions(candidate: candidate, baseline: baseline)
        let alpha = vector["alpha"].double
        let newcombe = both.newcombe(alpha: alpha)
        return .object([
            "difference": .number(both.difference), "newcombe_lower": .optional(newcombe?.lowerBound),
            "newcombe_upper": .optional(newcombe?.upperBound), "mn_lower": .optional(both.lower(alpha: alpha)),
            "mn_upper": .optional(both.upper(alpha: alpha)), "mn_z_at_0": .number(both.score(at: 0)),
            "fisher_greater": .number(both.pDegradationExact), "fisher_midp_greater": .number(both.pDegradation),
        ])
    }

    @Sendable static func oneProportion(_ vector: JSON) -> JSON {
        guard let share = Proportion(bad: vector["bad"].int, n: vector["n"].int) else { return .null }
        let confidence = vector["conf"].double
        return .object([
            "wilson": .range(share.wilson(confidence: confidence)),
            "clopper_pearson": .range(share.clopperPearson(confidence: confidence)),
            "upper_exact_95": .optional(share.exactUpper(alpha: 0.05)),
        ])
    }

    @Sendable static func kolmogorovSmirnov(_ vector: JSON) -> JSON {
        guard let test = KolmogorovSmirnov(vector["x"].doubles, vector["y"].doubles) else { return .null }
        let exact = vector["method"].string == "exact"
        return .object([
            "d": .number(test.distance), "p": exact ? .number(test.pExact) : .null,
            "p_kolmogorov_limit": .number(test.pLimit),
        ])
    }

    @Sendable static func multiplicity(_ vector: JSON) -> JSON {
        let p = vector["p"].doubles
        return .object(["holm": .list(Multiplicity.holm(p)), "bh": .list(Multiplicity.benjaminiHochberg(p))])
    }

    @Sendable static func confidenceSequence(_ vector: JSON) -> JSON {
        let sequence = ConfidenceSequence(
            alpha: vector["alpha"].double,
            oneSided: vector["one_sided"].bool,
            tightest: vector["t_star"].double
        )
        return .object([
            "rho": .optional(sequence?.rho),
            "radius": .optional(sequence?.radius(t: vector["t"].double, sigma: vector["sigma"].double)),
        ])
    }

    @Sendable static func eProcess(_ vector: JSON) -> JSON {
        var evidence = RateRatioEvidence()
        for step in vector["steps"].list {
            guard
                evidence.add(share: step.list[0].double, candidate: step.list[1].int, baseline: step.list[2].int)
            else { return .null }
        }
        let pairs = vector["discordant"].list
        return .object([
            "log_e": .number(evidence.logEvidence), "p_anytime": .number(evidence.pAnytime),
            "log_e_per_ratio": .list(evidence.logEvidencePerRatio),
            "log_e_sign": .optional(logSignEvidence(onlyCandidateBad: pairs[0].int, onlyBaselineBad: pairs[1].int)),
        ])
    }

    @Sendable static func shift(_ vector: JSON) -> JSON {
        let expected = vector["expected_counts"].doubles
        let actual = vector["actual_counts"].doubles
        let divergence = DistributionShift.jensenShannon(expected, actual)
        guard let edges = DistributionShift.decileEdges(vector["reference"].doubles) else { return .null }
        let reference = DistributionShift.histogram(vector["reference"].doubles, edges: edges).map(Double.init)
        let current = DistributionShift.histogram(vector["current"].doubles, edges: edges).map(Double.init)
        return .object([
            "psi_counts": .optional(DistributionShift.populationStability(expected: expected, actual: actual)),
            "js_bits": .optional(divergence), "js_distance": .optional(divergence?.squareRoot()),
            "edges": .list(edges), "ref_hist": .list(reference), "cur_hist": .list(current),
            "psi_sample": .optional(DistributionShift.populationStability(expected: reference, actual: current)),
        ])
    }

    @Sendable static func wassersteinOne(_ vector: JSON) -> JSON {
        let weights = (
            vector["wx"] == .null ? nil : vector["wx"].doubles, vector["wy"] == .null ? nil : vector["wy"].doubles
        )
        return .object([
            "w1": .optional(wasserstein(vector["x"].doubles, vector["y"].doubles, weights: weights))
        ])
    }

    @Sendable static func quantileInterval(_ vector: JSON) -> JSON {
        let sorted = vector["x"].doubles.sorted()
        let q = vector["q"].double
        guard let interval = QuantileInterval(q, ofSorted: sorted, confidence: vector["conf"].double)
        else { return .null }
        return .object([
            "quantile_type7": .optional(quantile(q, ofSorted: sorted)),
            "ci": .array([.optional(interval.bounds.lower), .optional(interval.bounds.upper)]),
            "ranks": .array([
                .optional(interval.ranks.lower.map(Double.init)), .optional(interval.ranks.upper.map(Double.init)),
            ]),
        ])
    }

    @Sendable static func ratioAndCluster(_ vector: JSON) -> JSON {
        let baseline = vector["baseline"].doubles
        let candidate = vector["candidate"].doubles
        let alpha = vector["alpha"].double
        guard let paired = RatioOfMeans.paired(baseline: baseline, candidate: candidate),
            let split = RatioOfMeans.unpaired(baseline: baseline, candidate: candidate),
            let logs = PairedMean(differences: zip(baseline, candidate).map { log($1 / $0) })
        else { return .null }
        let differences = zip(baseline, candidate).map { $1 - $0 }
        return .object([
            "log_ratio": .number(paired.mean), "se_paired": .number(paired.standardError),
            "lower_paired": .optional(paired.lower(alpha: alpha)),
            "upper_paired": .optional(paired.upper(alpha: alpha)), "se_unpaired": .number(split.standardError),
            "lower_unpaired": .optional(split.lower(alpha: alpha)),
            "upper_unpaired": .optional(split.upper(alpha: alpha)),
            "clustered_se_of_mean_difference": .optional(
                clusteredStandardError(of: differences, clusters: vector["cluster"].list.map(\.int))
            ),
            "geometric_mean_ratio": .number(exp(logs.mean)),
        ])
    }

    @Sendable static func sampleSize(_ vector: JSON) -> JSON {
        let alpha = vector["alpha"].double
        let power = vector["power"].double
        let margin = vector["margin"].double
        let base = vector["p_baseline"].double
        func number(_ value: Int?) -> JSON { .optional(value.map(Double.init)) }
        return .object([
            "paired_mean": number(
                SampleSize.pairedMean(
                    standardDeviation: vector["sd_diff"].double,
                    margin: margin,
                    alpha: alpha,
                    power: power
                )
            ),
            "paired_binary": number(
                SampleSize.pairedBinary(
                    discordant: vector["p_discordant"].double,
                    margin: margin,
                    alpha: alpha,
                    power: power
                )
            ),
            "unpaired_binary_candidate_arm": number(
                SampleSize.unpairedBinary(
                    baseline: base,
                    candidate: base,
                    ratio: vector["ratio"].double,
                    margin: margin,
                    alpha: alpha,
                    power: power
                )
            ),
        ])
    }
}
