import GGUF
import Inference
import LongWork
public import RegistryRecords
import Safetensors

/// What the headers of weights say, and whether the engine can run them. Nothing of the weights is read.
///
/// An actor on a thread of its own: a header may be large, so they are read one at a time and not where requests are
/// answered.
public actor WeightsInspection {
    private let thread = DedicatedThread()

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// An inspection with a thread of its own.
    public init() {}

    /// What was found in a header.
    public struct Found: Hashable, Sendable {
        /// The facts that every model has which the engine knows; nil where some are missing.
        public let facts: ModelFacts?
        /// Why the engine cannot run it; nil where it can.
        public let cannotRun: CannotRun?
    }

    /// Reads the header of a GGUF file, or of the files of a split model in their order.
    ///
    /// - Throws: `GGUFError` for files that are damaged, and for those that do not belong together.
    public func gguf(paths: [String]) throws -> Found {
        let file: GGUFFile
        do {
            file = try GGUFFile(paths: paths)
        } catch {
            guard error.isOfAnotherForm else { throw error }
            return Found(facts: nil, cannotRun: CannotRun(reasons: ["\(error)"]))
        }
        let facts = try? ModelFacts(GGUFSummary(file))
        let reasons = HeaderCheck.reasons(against: file)
        guard !reasons.isEmpty else { return Found(facts: facts, cannotRun: nil) }
        let tensors = file.tensors.map { tensor in
            // As others write shapes: the slowest-varying size first.
            WeightsHeader.Entry(type: "\(tensor.type)", shape: tensor.dimensions.reversed(), count: tensor.elementCount)
        }
        let header = WeightsHeader(
            .gguf,
            architecture: (try? file.string("general.architecture")).flatMap(\.self)?.shown,
            tensors
        )
        return Found(facts: facts, cannotRun: CannotRun(reasons: Self.bounded(reasons), header: header))
    }

    /// Reads the headers of safetensors files, which hold one model.
    ///
    /// - Throws: `SafetensorsError`.
    public func safetensors(paths: [String]) throws -> Found {
        var names: Set<String> = []
        var tensors: [WeightsHeader.Entry] = []
        for path in paths {
            for tensor in try SafetensorsHeader(path: path).tensors {
                guard names.insert(tensor.name).inserted else { throw SafetensorsError.twice(tensor.name) }
                tensors.append(
                    WeightsHeader.Entry(type: tensor.type.rawValue, shape: tensor.shape, count: tensor.elementCount)
                )
            }
        }
        let header = WeightsHeader(.safetensors, architecture: nil, tensors)
        return Found(facts: nil, cannotRun: CannotRun(reasons: [CannotRun.safetensors], header: header))
    }

    /// A record in the log has a limit: a file with thousands of faults keeps the first of them and says how many more.
    private static func bounded(_ reasons: [String]) -> [String] {
        let limit = 40
        guard reasons.count > limit else { return reasons }
        return reasons.prefix(limit) + ["and \(reasons.count - limit) more"]
    }
}

extension WeightsHeader {
    /// A tensor as far as facts go.
    struct Entry {
        let type: String
        /// The slowest-varying size first.
        let shape: [Int]
        /// Elements.
        let count: Int
    }

    /// Sums up tensors.
    init(_ format: Format, architecture: String?, _ tensors: [Entry]) {
        var types: [String: Int] = [:], elements: [String: Int] = [:]
        var shapes: [String: (tensors: Int, elements: Int)] = [:]
        var total = 0
        for tensor in tensors {
            types[tensor.type, default: 0] += 1
            elements[tensor.type, default: 0] += tensor.count
            let shape = tensor.shape.isEmpty ? "1" : tensor.shape.map(String.init).joined(separator: " × ")
            shapes[shape, default: (0, 0)].tensors += 1
            shapes[shape, default: (0, 0)].elements += tensor.count
            total += tensor.count
        }
        let largest = shapes.sorted { ($1.value.elements, $0.key) < ($0.value.elements, $1.key) }
            .prefix(Self.shapeLimit)
        self.init(
            format: format,
            architecture: architecture,
            tensorCount: tensors.count,
            parameterCount: total,
            precision: elements.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? "",
            tensorTypes: types,
            shapes: Dictionary(uniqueKeysWithValues: largest.map { ($0.key, $0.value.tensors) })
        )
    }
}
