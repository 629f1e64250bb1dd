import StrictJSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The header of a safetensors file: which tensors it holds, of which type and shape. The data is not looked at.
///
/// Everything is checked before it is believed: the length of the header against the file and a limit, the JSON, each
/// type, shape and range, and that the ranges fill the data without a gap and without an overlap. Linear in the header.
public struct SafetensorsHeader: Sendable, Equatable {
    /// One tensor.
    public struct Tensor: Sendable, Equatable {
        /// The name, as in `model.layers.0.self_attn.q_proj.weight`.
        public let name: String
        /// How its elements are stored.
        public let type: SafetensorsType
        /// The sizes, slowest-varying first; none for a single number.
        public let shape: [Int]
        /// Elements: the product of the sizes.
        public let elementCount: Int
        /// Where its bytes are, counted from the end of the header.
        public let range: Range<Int>
    }

    /// What a header may ask for. Those of real files stay far below.
    enum Limits {
        static let headerBytes = 32 << 20
        static let tensorCount = 1 << 18
        static let dimensionCount = 8
        static let nameBytes = 1024
    }

    /// The tensors in the order of their data.
    public let tensors: [Tensor]
    /// What the writer says besides, such as `format`: texts by name.
    public let metadata: [String: String]

    /// Reads the header of the file at `path`.
    ///
    /// - Throws: ``SafetensorsError``.
    public init(path: String) throws(SafetensorsError) {
        let (header, dataBytes) = try Self.read(path)
        try self.init(header: header, dataBytes: dataBytes)
    }

    /// Reads a header, which is JSON, with how many bytes come after it.
    ///
    /// - Throws: ``SafetensorsError``.
    init(header: [UInt8], dataBytes: Int) throws(SafetensorsError) {
        let members = try Self.members(header)
        var metadata: [String: String] = [:]
        var tensors: [Tensor] = []
        guard members.count <= Limits.tensorCount else {
            throw .tooMany(what: "number of tensors", count: members.count, limit: Limits.tensorCount)
        }
        for (name, value) in members {
            guard name.utf8.count <= Limits.nameBytes, !name.isEmpty else { throw .badName(bytes: name.utf8.count) }
            if name == "__metadata__" {
                metadata = try Self.texts(value)
            } else {
                tensors.append(try Self.tensor(name, value))
            }
        }
        tensors.sort {
            ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
        }
        var end = 0
        for (index, tensor) in tensors.enumerated() {
            guard tensor.range.lowerBound == end else {
                throw tensor.range.lowerBound < end
                    ? .overlap(tensors[max(0, index - 1)].name, tensor.name)
                    : .gap(before: tensor.name, bytes: tensor.range.lowerBound - end)
            }
            end = tensor.range.upperBound
        }
        guard end == dataBytes else { throw .wrongLength(tensorBytes: end, dataBytes: dataBytes) }
        self.tensors = tensors
        self.metadata = metadata
    }

    private static func members(_ header: [UInt8]) throws(SafetensorsError) -> [String: JSONValue] {
        guard header.first == UInt8(ascii: "{") else { throw .badHeader("it does not begin with {") }
        // An entry of a tensor has about one comma in ten bytes; lists of nothing but commas are no header.
        guard header.count(where: { $0 == UInt8(ascii: ",") }) <= header.count / 6 + 64 else {
            throw .badHeader("it is mostly commas")
        }
        guard let text = String(validating: header, as: UTF8.self) else { throw .badHeader("it is not UTF-8") }
        do throws(JSONTextError) {
            guard case .object(let members) = try JSONText.parse(text) else {
                throw JSONTextError.unexpected(offset: 0)
            }
            return members
        } catch {
            throw .badHeader("\(error)")
        }
    }

    private static func texts(_ value: JSONValue) throws(SafetensorsError) -> [String: String] {
        guard case .object(let members) = value else { throw .badHeader("__metadata__ is no object") }
        var texts: [String: String] = [:]
        for (name, value) in members {
            guard case .string(let text) = value else { throw .badHeader("__metadata__ has a value that is no text") }
            texts[name] = text
        }
        return texts
    }

    private static func tensor(_ name: String, _ value: JSONValue) throws(SafetensorsError) -> Tensor {
        guard case .object(let entry) = value, case .string(let typeName)? = entry["dtype"],
            case .array(let sizes)? = entry["shape"], case .array(let offsets)? = entry["data_offsets"],
            entry.count == 3
        else { throw .badTensor(name, "it must have dtype, shape and data_offsets, and nothing else") }
        guard let type = SafetensorsType(rawValue: typeName) else { throw .unknownType(tensor: name, type: typeName) }
        guard sizes.count <= Limits.dimensionCount else { throw .badTensor(name, "it has \(sizes.count) dimensions") }
        let shape = sizes.compactMap(whole), ends = offsets.compactMap(whole)
        guard shape.count == sizes.count else { throw .badTensor(name, "a size is no whole number") }
        guard ends.count == 2, offsets.count == 2, ends[0] <= ends[1] else {
            throw .badTensor(name, "data_offsets must be two whole numbers, the smaller first")
        }
        var elements = 1
        for size in shape {
            let (product, overflow) = elements.multipliedReportingOverflow(by: size)
            guard !overflow else { throw .badTensor(name, "the product of its sizes overflows") }
            elements = product
        }
        let (bits, overflow) = elements.multipliedReportingOverflow(by: type.bits)
        guard !overflow, bits.isMultiple(of: 8), bits / 8 == ends[1] - ends[0] else {
            throw .badTensor(name, "\(ends[1] - ends[0]) bytes do not hold \(elements) elements of \(type.rawValue)")
        }
        return Tensor(name: name, type: type, shape: shape, elementCount: elements, range: ends[0]..<ends[1])
    }

    /// A whole number from 0 on that a double holds exactly.
    private static func whole(_ value: JSONValue) -> Int? {
        guard case .number(let number) = value, number >= 0, number <= 9_007_199_254_740_992 else { return nil }
        return Int(exactly: number)
    }

    private static func read(_ path: String) throws(SafetensorsError) -> (header: [UInt8], dataBytes: Int) {
        func reason() -> String { String(cString: strerror(errno)) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: reason()) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(path: path, reason: reason()) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .cannotOpen(path: path, reason: "not a regular file") }
        let fileBytes = Int(status.st_size)
        guard fileBytes >= 8 else { throw .truncated(needed: 8, available: fileBytes) }
        let prefix = try bytes(8, at: 0, descriptor, path)
        let stated = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard stated <= UInt64(Limits.headerBytes) else {
            throw .headerTooLong(bytes: stated, limit: Limits.headerBytes)
        }
        let length = Int(stated)
        guard length <= fileBytes - 8 else { throw .truncated(needed: length + 8, available: fileBytes) }
        return (try bytes(length, at: 8, descriptor, path), fileBytes - 8 - length)
    }

    private static func bytes(
        _ count: Int,
        at offset: Int,
        _ descriptor: Int32,
        _ path: String
    ) throws(SafetensorsError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count), done = 0
        while done < count {
            let taken = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
            }
            if taken < 0, errno == EINTR { continue }
            guard taken >= 0 else { throw .cannotOpen(path: path, reason: String(cString: strerror(errno))) }
            guard taken > 0 else { throw .truncated(needed: offset + count, available: offset + done) }
            done += taken
        }
        return bytes
    }
}

/// How the elements of a tensor are stored, by the name that the format gives it.
public enum SafetensorsType: String, Sendable, CaseIterable {
    case bool = "BOOL"
    case u8 = "U8"
    case i8 = "I8"
    case f8e5m2 = "F8_E5M2"
    case f8e4m3 = "F8_E4M3"
    case f8e8m0 = "F8_E8M0"
    case f6e2m3 = "F6_E2M3"
    case f6e3m2 = "F6_E3M2"
    case f4 = "F4"
    case i16 = "I16"
    case u16 = "U16"
    case f16 = "F16"
    case bf16 = "BF16"
    case i32 = "I32"
    case u32 = "U32"
    case f32 = "F32"
    case c64 = "C64"
    case i64 = "I64"
    case u64 = "U64"
    case f64 = "F64"

    /// Bits of an element.
    var bits: Int {
        switch self {
        case .f4: 4
        case .f6e2m3, .f6e3m2: 6
        case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .f8e8m0: 8
        case .i16, .u16, .f16, .bf16: 16
        case .i32, .u32, .f32: 32
        case .c64, .i64, .u64, .f64: 64
        }
    }
}

/// Why a file is not a safetensors file that can be believed.
public enum SafetensorsError: Error, Equatable, Sendable {
    case cannotOpen(path: String, reason: String)
    case truncated(needed: Int, available: Int)
    case headerTooLong(bytes: UInt64, limit: Int)
    case badHeader(String)
    case tooMany(what: String, count: Int, limit: Int)
    case badName(bytes: Int)
    case badTensor(String, String)
    case unknownType(tensor: String, type: String)
    case overlap(String, String)
    case gap(before: String, bytes: Int)
    case wrongLength(tensorBytes: Int, dataBytes: Int)
    case twice(String)
}

extension SafetensorsError: CustomStringConvertible {
    /// One lower-case line: which thing, what is wrong with it.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason): "cannot open \(path): \(reason)"
        case .truncated(let needed, let available): "the file ends early: \(needed) bytes needed, \(available) there"
        case .headerTooLong(let bytes, let limit):
            "the header says it has \(bytes) bytes, more than the limit of \(limit)"
        case .badHeader(let why): "the header is no JSON object of tensors: \(why)"
        case .tooMany(let what, let count, let limit): "\(what) is \(count), more than the limit of \(limit)"
        case .badName(let bytes): "a tensor has a name of \(bytes) bytes; 1 to 1024 are allowed"
        case .badTensor(let name, let why): "tensor \(name.printable): \(why)"
        case .unknownType(let tensor, let type): "tensor \(tensor.printable) has the unknown type \"\(type.printable)\""
        case .overlap(let first, let second): "tensors \(first.printable) and \(second.printable) overlap"
        case .gap(let name, let bytes): "\(bytes) bytes before tensor \(name.printable) belong to no tensor"
        case .wrongLength(let tensors, let data):
            "the tensors take \(tensors) bytes and the file has \(data) after its header"
        case .twice(let name): "tensor \(name.printable) is in two files"
        }
    }
}
