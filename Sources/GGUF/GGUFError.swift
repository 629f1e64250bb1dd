/// Why a file is not a GGUF file that can be believed. Each case names the key, tensor or byte offset at fault.
public enum GGUFError: Error, Equatable, Sendable {
    case cannotOpen(path: String, reason: String)
    case notGGUF
    case unsupportedVersion(UInt32)
    case bigEndian
    case truncated(what: String, offset: Int, needed: UInt64, available: Int)
    case tooMany(what: String, count: UInt64, limit: Int)
    case invalidUTF8(what: String, offset: Int)
    case invalidName(what: String, offset: Int)
    case emptyKey(offset: Int)
    case duplicateKey(String)
    case unknownValueType(key: String, rawValue: UInt32)
    case nestedArray(key: String)
    case invalidBoolean(key: String, byte: UInt8)
    case invalidAlignment(String)
    case emptyTensorName(offset: Int)
    case duplicateTensor(String)
    case unknownTensorType(tensor: String, rawValue: UInt32)
    case unsupportedTensorType(tensor: String, type: TensorType)
    case invalidDimensions(tensor: String, dimensions: [UInt64], reason: String)
    case misalignedTensor(tensor: String, offset: UInt64, alignment: Int)
    case tensorOutsideFile(tensor: String, offset: UInt64, byteCount: Int, available: Int)
    case overlappingTensors(String, String)
    case missingKey(String)
    case wrongType(key: String, expected: String, found: String)
    case invalidValue(key: String, value: String, reason: String)
    case missingTensor(String)
    case incompleteSet(shard: Int, of: Int, given: Int)
    case wrongShard(found: Int?, ofFound: Int?, expected: Int, of: Int)
    case shardsDiffer(key: String, shard: Int)
    case wrongTensorCount(stated: Int, found: Int)
    case filledPadding(offset: Int, tensorCount: Int)
}

extension GGUFError {
    /// True where the file may be sound and only this build cannot read it: a newer or rarer form of the format.
    public var isOfAnotherForm: Bool {
        switch self {
        case .unsupportedVersion, .bigEndian, .unknownTensorType, .unknownValueType, .nestedArray: true
        default: false
        }
    }
}

extension GGUFError: CustomStringConvertible {
    /// One lower-case line: which thing, what is wrong with it. Names are the file's own words, so they are escaped and cut.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "cannot open \(path): \(reason)"
        case .notGGUF:
            "not a GGUF file: it does not start with the bytes \"GGUF\""
        case .unsupportedVersion(let version):
            "GGUF version \(version) is not supported; supported: 2, 3"
        case .bigEndian:
            "big-endian GGUF files are not supported; convert the file to little-endian"
        case .truncated(let what, let offset, let needed, let available):
            "file ends inside \(what.shown(upTo: 160)) at byte \(offset): \(needed) bytes needed, \(available) left"
        case .tooMany(let what, let count, let limit):
            "\(what.shown(upTo: 160)) is \(count), more than the limit of \(limit)"
        case .invalidUTF8(let what, let offset):
            "\(what.shown(upTo: 160)) at byte \(offset) is not valid UTF-8"
        case .invalidName(let what, let offset):
            "\(what) at byte \(offset) has characters other than printable ASCII"
        case .emptyKey(let offset):
            "metadata key at byte \(offset) is empty"
        case .duplicateKey(let key):
            "metadata key \(key.shown(upTo: 100)) appears twice"
        case .unknownValueType(let key, let rawValue):
            "metadata key \(key.shown(upTo: 100)) has unknown value type \(rawValue)"
        case .nestedArray(let key):
            "metadata key \(key.shown(upTo: 100)) is an array of arrays, which is not supported"
        case .invalidBoolean(let key, let byte):
            "metadata key \(key.shown(upTo: 100)) is a boolean with the value \(byte); it must be 0 or 1"
        case .invalidAlignment(let found):
            "general.alignment is \(found); it must be a uint32 that is a power of two from 8 to 65536"
        case .emptyTensorName(let offset):
            "tensor name at byte \(offset) is empty"
        case .duplicateTensor(let name):
            "tensor \(name) appears twice"
        case .unknownTensorType(let tensor, let rawValue):
            "tensor \(tensor) has unknown type \(rawValue)"
        case .unsupportedTensorType(let tensor, let type):
            "tensor type \(type) of \(tensor) is not supported; supported: \(WeightType.names)"
        case .invalidDimensions(let tensor, let dimensions, let reason):
            "tensor \(tensor) has dimensions \(dimensions): \(reason)"
        case .misalignedTensor(let tensor, let offset, let alignment):
            "tensor \(tensor) starts at offset \(offset), which is not a multiple of \(alignment)"
        case .tensorOutsideFile(let tensor, let offset, let byteCount, let available):
            "tensor \(tensor) needs \(byteCount) bytes at offset \(offset) of the data, which has \(available)"
        case .overlappingTensors(let first, let second):
            "tensors \(first) and \(second) overlap"
        case .missingKey(let key):
            "metadata key \(key.shown(upTo: 100)) is missing"
        case .wrongType(let key, let expected, let found):
            "metadata key \(key.shown(upTo: 100)) is \(found); expected \(expected)"
        case .invalidValue(let key, let value, let reason):
            "metadata key \(key.shown(upTo: 100)) is \(value.shown): \(reason)"
        case .missingTensor(let name):
            "tensor \(name) is missing"
        case .incompleteSet(let shard, let count, let given):
            "this is file \(shard) of a model in \(count) files, and \(given == 1 ? "it is alone" : "\(given) are given")"
        case .wrongShard(let found, let countFound, let expected, let count):
            "file \(expected) of \(count) says that it is "
                + (found.map { "file \($0) of \(countFound.map(String.init) ?? "an unknown number")" }
                    ?? "no part of a set")
        case .shardsDiffer(let key, let shard):
            "metadata key \(key.shown(upTo: 100)) of file \(shard) is not what file 1 says: they belong to different models"
        case .wrongTensorCount(let stated, let found):
            "the files have \(found) tensors together; split.tensors.count says \(stated)"
        case .filledPadding(let offset, let tensorCount):
            "the padding between the directory of \(tensorCount) tensors and their data has something at byte \(offset): "
                + "the number of tensors is wrong, or the file is damaged"
        }
    }
}

extension String {
    /// The text as a message may show it: control characters escaped, cut after 64 characters.
    package var shown: String { shown(upTo: 64) }

    /// The same, cut after `limit` characters.
    func shown(upTo limit: Int) -> String {
        let scalars = unicodeScalars
        let start = scalars.prefix(limit).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                scalar.escaped(asASCII: true)
            default:
                String(Character(scalar))
            }
        }
        return start.joined() + (scalars.dropFirst(limit).isEmpty ? "" : "…")
    }
}
