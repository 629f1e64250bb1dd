import Foundation
import Statistics
import TestSupport
import Testing

@Suite(.needsVectors(.drift))
struct DriftVectorTests {
    @Test(arguments: DriftAnswers.byKind.keys.sorted())
    func kind(_ name: String) throws {
        let cases = try #require(try DriftVectors.cases(name), "the file has no cases of \(name)")
        let answer = try #require(DriftAnswers.byKind[name])
        for vector in cases {
            let found = answer(vector)
            for (author, names) in DriftAnswers.compared[name] ?? [:] {
                let expected = vector["expected"][author]
                guard case .object(let wanted) = expected else { continue }
                // Without spread there is no statistic; libraries fill in what they like.
                let hasSpread = found["welch_t"] != .null
                for key in names where wanted[key] != nil && (hasSpread || !key.hasPrefix("welch")) {
                    let differences = Self.differences(wanted[key] ?? .null, found[key], at: key)
                    #expect(differences.isEmpty, "\(vector["id"].string) \(differences.joined(separator: "; "))")
                }
            }
        }
    }

    /// Relative 1e-9 or absolute 1e-12; exact Kolmogorov-Smirnov p-values relative 1e-7; tiny p-values by their size.
    private static func differences(_ expected: JSON, _ actual: JSON, at path: String) -> [String] {
        switch (expected, actual) {
        case (.object(let wanted), .object(let found)):
            return wanted.keys.sorted().flatMap {
                differences(wanted[$0] ?? .null, found[$0] ?? .absent, at: "\(path).\($0)")
            }
        case (.array(let wanted), .array(let found)) where wanted.count == found.count:
            return zip(wanted, found).enumerated().flatMap {
                differences($1.0, $1.1, at: "\(path)[\($0)]")
            }
        case (.number(let wanted), .number(let found)):
            let relative = path == "ks_p_exact" ? 1e-7 : 1e-9
            let isTiny = path.contains("p") && wanted >= 0 && wanted < 1e-12 && found >= 0 && found < 1e-11
            if isTiny || abs(wanted - found) <= max(1e-12, relative * abs(wanted)) { return [] }
        case (.string(let text), .null) where text == "nan": return []
        case _ where expected == actual: return []
        default: break
        }
        return ["\(path): expected \(expected), got \(actual)"]
    }
}

/// What `Statistics` says about each kind's inputs, in the words of the file.
enum DriftAnswers {
    static let byKind: [String: @Sendable (JSON) -> JSON] = [
        "numeric": numeric, "categorical": categorical, "perplexity": perplexity, "mmd": mmd, "rff": rff, "auc": auc,
        "multiple": multiple, "floor": floor, "cusum": cusum,
    ]

    /// What is compared; measures that section 6 of the design does not use are left out.
    static let compared: [String: [String: [String]]] = [
        "numeric": [
            "scipy": [
                "ks_statistic", "ks_p_limit", "ks_p_exact", "wasserstein", "energy", "mannwhitney_u_current",
                "mannwhitney_p_two_sided", "auc_current_above_reference", "cvm_statistic", "cvm_p_asymptotic",
                "welch_t",
                "welch_df", "welch_p",
            ],
            "own": [
                "psi_quantile", "psi_edges", "psi_ref_counts", "psi_cur_counts", "quantiles_ref_type7",
                "quantiles_cur_type7", "wasserstein_per_iqr",
            ],
        ],
        "categorical": [
            "scipy": [
                "chi2_homogeneity", "g_homogeneity", "cramers_v_bias_corrected", "chi2_yates", "fisher_exact_p",
                "js_distance_base2", "tvd",
            ],
            "own": ["psi_jeffreys"],
        ],
        "perplexity": [
            "scipy": [
                "mean_ln_ref", "mean_ln_cur", "ratio_of_geometric_means", "median_ratio", "p90_ratio", "welch_t",
                "welch_df", "welch_p", "ratio_ci95", "share_above_ref_p95",
            ]
        ],
        "mmd": [
            "own": [
                "median_sq_distance_pooled", "gamma", "mmd2_unbiased", "permuted", "count_ge", "p",
                "mmd2_unbiased_at_alibi_sigma",
            ]
        ],
        "rff": ["own": ["mean_ref", "mean_cur", "T", "tr", "tr2", "tr3", "p"]],
        "auc": ["sklearn": ["auc"], "scipy": ["p_greater_no_continuity"]],
        "multiple": ["scipy": ["bh", "by"], "own": ["bonferroni", "holm"]],
        "floor": [
            "scipy": [
                "chi2_quantile", "psi_threshold", "psi_mean", "js_divergence_nats_threshold", "js_distance_threshold",
                "ks_threshold", "z_two_sided",
            ]
        ],
        "cusum": ["own": ["upper", "lower", "first_alarm", "arl0_one_sided_siegmund", "arl0_two_sided"]],
    ]

    @Sendable static func numeric(_ vector: JSON) -> JSON {
        let x = DriftSeries.numbers(vector["reference"]).compactMap { $0 }
        let y = DriftSeries.numbers(vector["current"]).compactMap { $0 }
        guard let ks = KolmogorovSmirnov(x, y), let ranks = MannWhitney(y, x) else { return .null }
        let sorted = (x.sorted(), y.sorted())
        func quantiles(_ sorted: [Double]) -> JSON {
            .array([0.05, 0.25, 0.5, 0.75, 0.95].map { .optional(quantile($0, ofSorted: sorted)) })
        }
        let edges = DistributionShift.decileEdges(x) ?? []
        let counts = (
            PopulationStability.histogram(x, edges: edges), PopulationStability.histogram(y, edges: edges)
        )
        let area = wasserstein(x, y)
        var perRange: Double?
        if let area, let low = quantile(0.25, ofSorted: sorted.0), let high = quantile(0.75, ofSorted: sorted.0),
            high > low
        {
            perRange = area / (high - low)
        }
        let cvm = CramerVonMises(x, y)
        let welch = Welch(y, x)
        return .object([
            "ks_statistic": .number(ks.distance), "ks_p_limit": .number(ks.pLimit),
            "ks_p_exact": x.count <= 10_000 ? .number(ks.pExact) : .absent, "wasserstein": .optional(area),
            "energy": .optional(energyDistance(x, y)), "mannwhitney_u_current": .number(ranks.u),
            "mannwhitney_p_two_sided": .number(ranks.pNormal(.twoSided, continuity: true)),
            "auc_current_above_reference": .number(ranks.probabilityGreater),
            "cvm_statistic": .optional(cvm?.statistic), "cvm_p_asymptotic": .optional(cvm?.pAsymptotic),
            "welch_t": .optional(welch?.statistic()), "welch_df": .optional(welch?.degreesOfFreedom),
            "welch_p": .optional(welch?.pTwoSided),
            "psi_quantile": .optional(PopulationStability.smoothed(reference: counts.0, current: counts.1)),
            "psi_edges": .list(edges), "psi_ref_counts": .list(counts.0), "psi_cur_counts": .list(counts.1),
            "quantiles_ref_type7": quantiles(sorted.0), "quantiles_cur_type7": quantiles(sorted.1),
            "wasserstein_per_iqr": .optional(perRange),
        ])
    }

    @Sendable static func categorical(_ vector: JSON) -> JSON {
        let reference = DriftSeries.words(vector["reference"]).compactMap { $0 }
        let current = DriftSeries.words(vector["current"]).compactMap { $0 }
        let keys = Set(reference + current).sorted()
        func counts(_ words: [String]) -> [Double] {
            keys.map { key in Double(words.reduce(0) { $0 + ($1 == key ? 1 : 0) }) }
        }
        let cells = (counts(reference), counts(current))
        guard let table = Homogeneity(cells.0, cells.1) else { return .null }
        func test(_ statistic: Double) -> JSON {
            .object([
                "statistic": .number(statistic), "dof": .number(Double(table.degreesOfFreedom)),
                "p": .number(table.pValue(of: statistic)),
            ])
        }
        let yates = table.chiSquaredYates
        let fisher =
            keys.count == 2
            ? fisherExact((Int(cells.0[0]), Int(cells.0[1])), (Int(cells.1[0]), Int(cells.1[1]))) : nil
        return .object([
            "chi2_homogeneity": test(table.chiSquared), "g_homogeneity": test(table.likelihoodRatio),
            "cramers_v_bias_corrected": .optional(table.cramersV),
            "chi2_yates": .object(["statistic": .number(yates), "p": .number(table.pValue(of: yates))]),
            "fisher_exact_p": .optional(fisher),
            "js_distance_base2": .optional(DistributionShift.jensenShannon(cells.0, cells.1)?.squareRoot()),
            "tvd": .number(table.totalVariation),
            "psi_jeffreys": .optional(PopulationStability.smoothed(reference: cells.0, current: cells.1)),
        ])
    }

    @Sendable static func perplexity(_ vector: JSON) -> JSON {
        let x = DriftSeries.numbers(vector["reference"]).compactMap { $0 }
        let y = DriftSeries.numbers(vector["current"]).compactMap { $0 }
        let logs = (x.map { log($0) }, y.map { log($0) })
        guard let welch = Welch(logs.1, logs.0), let before = Moments(logs.0), let now = Moments(logs.1),
            let limit = quantile(0.95, ofSorted: logs.0.sorted())
        else { return .null }
        func ratio(_ q: Double) -> JSON {
            guard let a = quantile(q, ofSorted: logs.0.sorted()), let b = quantile(q, ofSorted: logs.1.sorted())
            else { return .null }
            return .number(exp(b - a))
        }
        let above = (logs.0.filter { $0 > limit }.count, logs.1.filter { $0 > limit }.count)
        return .object([
            "mean_ln_ref": .number(before.mean), "mean_ln_cur": .number(now.mean),
            "ratio_of_geometric_means": .number(exp(welch.difference)), "median_ratio": ratio(0.5),
            "p90_ratio": ratio(0.9),
            "welch_t": .optional(welch.statistic()), "welch_df": .number(welch.degreesOfFreedom),
            "welch_p": .number(welch.pTwoSided),
            "ratio_ci95": .array([
                .optional(welch.lower(alpha: 0.025).map(exp)), .optional(welch.upper(alpha: 0.025).map(exp)),
            ]),
            "share_above_ref_p95": .object([
                "threshold_ln": .number(limit), "ref": .number(Double(above.0)), "cur": .number(Double(above.1)),
                "fisher_two_sided_p": .optional(
                    fisherExact((above.0, x.count - above.0), (above.1, y.count - above.1))
                ),
            ]),
        ])
    }

    @Sendable static func mmd(_ vector: JSON) -> JSON {
        let x = vector["reference"].list.map(\.doubles)
        let y = vector["current"].list.map(\.doubles)
        guard let median = KernelTwoSample.medianSquaredDistance(x + y),
            let test = KernelTwoSample(x, y, gamma: median > 0 ? 1 / median : 1)
        else { return .null }
        let orders = vector["permutations"].list.map { $0.list.map(\.int) }
        let permuted = orders.map { test.statistic(order: $0) ?? .nan }
        let sigma = vector["expected"]["alibi_detect"]["sigma_f32"].double
        let other = KernelTwoSample(x, y, gamma: 1 / (2 * sigma * sigma))
        return .object([
            "median_sq_distance_pooled": .number(median), "gamma": .number(median > 0 ? 1 / median : 1),
            "mmd2_unbiased": .number(test.statistic), "permuted": .list(permuted),
            "count_ge": .number(Double(permuted.filter { $0 >= test.statistic - 1e-15 }.count)),
            "p": .optional(test.pValue(orders: orders)),
            "mmd2_unbiased_at_alibi_sigma": .optional(other?.statistic),
        ])
    }

    @Sendable static func rff(_ vector: JSON) -> JSON {
        let x = vector["reference"].list.map(\.doubles)
        let y = vector["current"].list.map(\.doubles)
        guard let random = RandomFeatures(projection: vector["projection"].list.map(\.doubles)) else { return .null }
        let features = (x.compactMap(random.features), y.compactMap(random.features))
        func mean(_ rows: [[Double]]) -> [Double] {
            (rows.first ?? []).indices.map { column in rows.reduce(0) { $0 + $1[column] } / Double(rows.count) }
        }
        let means = (mean(features.0), mean(features.1))
        guard let null = DiscrepancyNull(features: features.0),
            let statistic = meanDiscrepancy(means.0, means.1, n: Double(x.count), m: Double(y.count))
        else { return .null }
        return .object([
            "mean_ref": .list(means.0), "mean_cur": .list(means.1), "T": .number(statistic), "tr": .number(null.trace),
            "tr2": .number(null.trace2), "tr3": .number(null.trace3), "p": .number(null.pValue(of: statistic)),
        ])
    }

    @Sendable static func auc(_ vector: JSON) -> JSON {
        guard let ranks = MannWhitney(vector["current_scores"].doubles, vector["reference_scores"].doubles)
        else { return .null }
        return .object([
            "auc": .number(ranks.probabilityGreater),
            "p_greater_no_continuity": .number(ranks.pNormal(.greater, continuity: false)),
        ])
    }

    @Sendable static func multiple(_ vector: JSON) -> JSON {
        let p = vector["p"].doubles
        return .object([
            "bh": .list(Multiplicity.benjaminiHochberg(p)), "by": .list(Multiplicity.benjaminiYekutieli(p)),
            "bonferroni": .list(Multiplicity.bonferroni(p)), "holm": .list(Multiplicity.holm(p)),
        ])
    }

    @Sendable static func floor(_ vector: JSON) -> JSON {
        let bins = vector["bins"].int
        let n = vector["n_ref"].double
        let m = vector["n_cur"].double
        let alpha = vector["alpha"].double
        let divergence = DistanceNoise.jensenShannonNats(bins: bins, n: n, m: m, alpha: alpha)
        return .object([
            "chi2_quantile": .optional(ChiSquared.quantile(1 - alpha, df: Double(bins - 1))),
            "psi_threshold": .optional(PopulationStability.noiseLine(bins: bins, n: n, m: m, alpha: alpha)),
            "psi_mean": .number(PopulationStability.noiseMean(bins: bins, n: n, m: m)),
            "js_divergence_nats_threshold": .optional(divergence),
            "js_distance_threshold": .optional(divergence?.squareRoot()),
            "ks_threshold": .optional(DistanceNoise.kolmogorovSmirnov(n: n, m: m, alpha: alpha)),
            "z_two_sided": .optional(StandardNormal.quantile(1 - alpha / 2)),
        ])
    }

    @Sendable static func cusum(_ vector: JSON) -> JSON {
        guard var chart = CumulativeSum(allowance: vector["k"].double, limit: vector["h"].double) else { return .null }
        var sums: (upper: [Double], lower: [Double]) = ([], [])
        var first: Int?
        for (place, z) in vector["z"].doubles.enumerated() {
            if chart.add(z), first == nil { first = place }
            sums.upper.append(chart.upper)
            sums.lower.append(chart.lower)
        }
        return .object([
            "upper": .list(sums.upper), "lower": .list(sums.lower), "first_alarm": .optional(first.map(Double.init)),
            "arl0_one_sided_siegmund": .optional(chart.runLength),
            "arl0_two_sided": .optional(chart.runLength.map { $0 / 2 }),
        ])
    }
}
