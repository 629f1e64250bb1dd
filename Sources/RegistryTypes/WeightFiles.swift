public import Digests
import Foundation

/// The weights of a version: one file, or the files of a split one in the order of their numbers; with an adapter over
/// them, or without.
public struct WeightFiles: Hashable, Sendable {
    /// The files of a model, at least one: those of the base where there is an adapter.
    public let files: [ArtifactFile]
    /// The adapter, with the version that it is laid over.
    public let adapter: Adapter?

    /// An adapter over weights.
    public struct Adapter: Hashable, Sendable {
        /// The adapter itself.
        public let file: ArtifactFile
        /// The version that the weights under it are of.
        public let base: VersionID
    }

    /// Nil without a file.
    init?(_ files: [ArtifactFile], over base: AdapterBase? = nil) {
        guard let first = files.first else { return nil }
        // The names of shards have equally many digits, so that their order is that of their numbers.
        self.files = (base?.files ?? files).sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        adapter = base.map { Adapter(file: first, base: $0.version) }
    }

    private init(model files: [ArtifactFile]) {
        self.files = files
        adapter = nil
    }

    /// The weights without an adapter over them.
    public var base: WeightFiles { WeightFiles(model: files) }

    /// What tells these weights from others: the digest of the file; of several, the digest of their digests; of an
    /// adapter, that of its own and its base's.
    public var digest: Digest {
        if let adapter {
            return Digest(of: Data("adapter \(adapter.file.digest)\nbase \(base.digest)\n".utf8))
        }
        guard files.count > 1 else { return files[0].digest }
        return Digest(of: Data(files.map { "\($0.digest)\n" }.joined().utf8))
    }

    /// The digests of all weights that are in memory with these: their own, and an adapter's base's.
    public var digests: [Digest] { adapter == nil ? [digest] : [digest, base.digest] }

    /// The name of the file, or of the first one; of an adapter, its own.
    public var path: String { adapter?.file.path ?? files[0].path }
    /// Bytes of all files together.
    public var sizeBytes: Int64 { files.reduce(adapter?.file.sizeBytes ?? 0) { $0 + $1.sizeBytes } }
}

/// The name of one file of a split model: `model-00002-of-00003.gguf`.
public struct ShardName: Hashable, Sendable {
    /// What stands before the number, with folders.
    public let prefix: String
    /// From 1 to ``count``.
    public let number: Int
    /// How many files there are.
    public let count: Int
    /// `gguf` or `safetensors`, as it is written.
    public let ending: String

    /// Reads a name; nil when it is not that of a shard of a model.
    public init?(_ path: String) {
        let bytes = Array(path.utf8)
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot >= 15 else { return nil }
        let ending = String(decoding: bytes[(dot + 1)...], as: UTF8.self)
        guard ["gguf", "safetensors"].contains(ending.lowercased()) else { return nil }
        let mark = Array("-00000-of-00000".utf8)
        let part = bytes[(dot - mark.count)..<dot]
        guard
            zip(part, mark).allSatisfy({ byte, form in
                form == 0x30 ? (0x30...0x39).contains(byte) : byte == form
            }), let number = Int(String(decoding: part.dropFirst().prefix(5), as: UTF8.self)),
            let count = Int(String(decoding: part.suffix(5), as: UTF8.self)), number >= 1, count >= 1, number <= count
        else { return nil }
        prefix = String(decoding: bytes[..<(dot - mark.count)], as: UTF8.self)
        self.number = number
        self.count = count
        self.ending = ending
    }

    /// The name of another file of the same model.
    public func name(of number: Int) -> String {
        func five(_ number: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        }
        return "\(prefix)-\(five(number))-of-\(five(count)).\(ending)"
    }

    /// The names of all files of the model, in order.
    public var names: [String] { (1...count).map(name) }

    /// The first file that a split model lacks, of those that `paths` name in part; nil when none does.
    public static func missing(in paths: [String]) -> String? {
        let known = Set(paths)
        for path in paths {
            guard let shard = ShardName(path), shard.count <= 1000 else { continue }
            // One that is there for each number: at most as many steps as there are files, for each of them once.
            if shard.number > 1, known.contains(shard.name(of: 1)) { continue }
            if let lacking = (1...shard.count).first(where: { !known.contains(shard.name(of: $0)) }) {
                return shard.name(of: lacking)
            }
        }
        return nil
    }
}
