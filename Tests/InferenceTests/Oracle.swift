import Foundation
import GGUF
import TestSupport
import Testing

@testable import Inference

/// The programs of others that engine and models are compared with: llama.cpp, and a Python with numpy and gguf for the
/// float64 reference. `SERIN_ORACLES` names the folder that `bin/setup --oracles` fills with them.
struct Oracle {
    static let folder = ProcessInfo.processInfo.environment["SERIN_ORACLES"]
    /// Why a suite that needs the folder is skipped.
    static let missing: Comment = "SERIN_ORACLES is not set"

    static let llama = "\(folder ?? "")/probe"
    private static let python =
        ProcessInfo.processInfo.environment["SERIN_ORACLE_PYTHON"] ?? "\(folder ?? "")/venv/bin/python"
    private static let tests = Checkout.root.appending(path: "Tests")

    let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// Runs a program to its end.
    ///
    /// - Returns: what it wrote to standard output.
    @discardableResult
    func run(_ words: [String], input: String = "") throws -> String {
        let source = try scratch.write("in", input)
        let (out, errors) = (scratch.url.appending(path: "out"), scratch.url.appending(path: "errors"))
        let line = words.map { "\"\($0)\"" }.joined(separator: " ")
        let process = try ChildProcess(
            "/bin/sh",
            ["-c", "exec \(line) < \"\(source)\""],
            environment: ["OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"],
            output: out,
            errors: errors
        )
        let end = try process.waitForEnd(within: .seconds(1800))
        try #require(
            end == .exit(0),
            "\(words): \(end), \((try? String(contentsOf: errors, encoding: .utf8))?.suffix(2000) ?? "")"
        )
        return try String(contentsOf: out, encoding: .utf8)
    }

    /// A model that `Tests/Oracles/models.py` makes, in a file of this name.
    func model(_ name: String, _ verb: String, from source: String? = nil, _ words: [String] = []) throws -> String {
        let path = scratch.file(name)
        let script = Self.tests.appending(path: "Oracles/models.py").path
        try run([Self.python, script, verb] + [source].compactMap(\.self) + [path] + words)
        return path
    }

    /// A model whose matrices llama.cpp stores in another type.
    ///
    /// - Parameter fileType: the type by llama.cpp's number for whole files.
    func quantized(_ source: String, fileType: Int) throws -> String {
        let path = scratch.file("quantized.gguf")
        try run([Self.llama, source, "quantize", path, "\(fileType)"])
        return path
    }

    // MARK: - Logits in files

    /// Logits of the float64 reference after each token; in a file.
    func reference(_ path: String, _ tokens: [Int]) throws -> String {
        let out = scratch.file("reference")
        let script = Self.tests.appending(path: "InferenceTests/reference/evaluate.py").path
        try run([Self.python, script, path, out], input: Self.line(tokens))
        return out
    }

    /// How far our logits and llama.cpp's for one file are from those of a reference.
    func comparison(_ path: String, _ tokens: [Int], reference: String) throws -> OracleComparison {
        let (ours, theirs) = (scratch.url.appending(path: "ours"), scratch.file("theirs"))
        try Self.write(allLogits(LanguageModel(GGUFFile(path: path)), tokens), to: ours)
        try run([Self.llama, path, "logits", theirs], input: Self.line(tokens))
        let script = Self.tests.appending(path: "Oracles/models.py").path
        let pairs = try run([Self.python, script, "divergence", reference, ours.path, theirs])
            .split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
        try #require(pairs.count == tokens.count && pairs.allSatisfy { $0.count == 2 })
        return OracleComparison(ours: pairs.map { $0[0] }, theirs: pairs.map { $0[1] })
    }

    /// llama.cpp's logits after each token, with an adapter over the model.
    func logits(_ path: String, adapter: String, _ tokens: [Int]) throws -> [[Float]] {
        let out = scratch.file("adapted")
        try run([Self.llama, path, "logits", out, adapter], input: Self.line(tokens))
        let bytes = try Data(contentsOf: URL(filePath: out))
        let shape = bytes.prefix(8).withUnsafeBytes { $0.bindMemory(to: Int32.self).map(Int.init) }
        try #require(shape.count == 2 && shape[0] == tokens.count && bytes.count == 8 + 4 * shape[0] * shape[1])
        let all = Data(bytes.dropFirst(8)).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        return (0..<shape[0]).map { Array(all[$0 * shape[1]..<($0 + 1) * shape[1]]) }
    }

    private static func write(_ rows: [[Float]], to url: URL) throws {
        var bytes = Data()
        for number in [rows.count, rows.first?.count ?? 0] {
            withUnsafeBytes(of: Int32(number).littleEndian) { bytes.append(contentsOf: $0) }
        }
        for row in rows { row.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        try bytes.write(to: url)
    }

    private static func line(_ tokens: [Int]) -> String { tokens.map(String.init).joined(separator: " ") + "\n" }
}

/// Divergences (KL, in nats) from a reference after each token of a text.
struct OracleComparison {
    let ours: [Double]
    let theirs: [Double]

    var ourMean: Double { Self.mean(ours) }
    var theirMean: Double { Self.mean(theirs) }
    /// Twice the standard error of the mean of llama.cpp's.
    var margin: Double { Self.twoErrors(theirs) }
    /// Mean of the differences from token to token, ours less theirs.
    var difference: Double { ourMean - theirMean }
    /// Twice the standard error of that.
    var differenceMargin: Double { Self.twoErrors(zip(ours, theirs).map { $0 - $1 }) }

    /// The numbers of a line in a table.
    var summary: String {
        func short(_ value: Double) -> String { String(format: "%.3g", value) }
        return "\(short(ourMean)), llama.cpp \(short(theirMean)) ± \(short(margin)); "
            + "differences \(short(difference)) ± \(short(differenceMargin))"
    }

    /// True when ours is no further away than llama.cpp's by what the texts can tell.
    var isNoLarger: Bool { ourMean <= theirMean + margin }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    private static func twoErrors(_ values: [Double]) -> Double {
        let (mean, count) = (mean(values), Double(values.count))
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return 2 * (squares / (count - 1) / count).squareRoot()
    }
}
