/// The type of a metadata value, with the number that stands for it in the file.
public enum GGUFValueType: UInt32, Sendable, CaseIterable {
    case uint8 = 0, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

    /// Bytes of one value, or nil where that depends on the value.
    var fixedSize: Int? {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        case .string, .array: nil
        }
    }
}

/// A metadata array, of which elements are kept as far as something may ask for them; all elements have one type. Integers of any width are widened, and so are floats.
public enum GGUFArray: Sendable, Equatable {
    case integers([Int64], GGUFValueType)
    case floats([Double], GGUFValueType)
    case bools([Bool])
    case strings([String])
    /// A long array that nothing here asks for: its elements were walked over, and take no memory.
    case unread(GGUFValueType, count: Int)

    /// Number of elements.
    public var count: Int {
        switch self {
        case .integers(let values, _): values.count
        case .floats(let values, _): values.count
        case .bools(let values): values.count
        case .strings(let values): values.count
        case .unread(_, let count): count
        }
    }

    /// Type of the elements.
    public var elementType: GGUFValueType {
        switch self {
        case .integers(_, let type), .floats(_, let type): type
        case .bools: .bool
        case .strings: .string
        case .unread(let type, _): type
        }
    }
}

/// One metadata value with its type.
public enum GGUFValue: Sendable, Equatable {
    case uint8(UInt8), int8(Int8), uint16(UInt16), int16(Int16), uint32(UInt32), int32(Int32)
    case float32(Float), bool(Bool), string(String), array(GGUFArray)
    case uint64(UInt64), int64(Int64), float64(Double)

    /// The value's type.
    public var type: GGUFValueType {
        switch self {
        case .uint8: .uint8
        case .int8: .int8
        case .uint16: .uint16
        case .int16: .int16
        case .uint32: .uint32
        case .int32: .int32
        case .float32: .float32
        case .bool: .bool
        case .string: .string
        case .array: .array
        case .uint64: .uint64
        case .int64: .int64
        case .float64: .float64
        }
    }

    /// The value of any integer type that fits.
    public var integer: Int? {
        switch self {
        case .uint8(let value): Int(value)
        case .int8(let value): Int(value)
        case .uint16(let value): Int(value)
        case .int16(let value): Int(value)
        case .uint32(let value): Int(exactly: value)
        case .int32(let value): Int(value)
        case .uint64(let value): Int(exactly: value)
        case .int64(let value): Int(exactly: value)
        case .float32, .float64, .bool, .string, .array: nil
        }
    }

    /// The value of either float type.
    public var number: Double? {
        switch self {
        case .float32(let value): Double(value)
        case .float64(let value): value
        case .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64, .bool, .string, .array: nil
        }
    }

    /// What an error message calls it: "a uint32", "an array of 3 strings".
    var kind: String {
        switch self {
        case .array(let array): "an array of \(array.count) \(array.elementType) values"
        case .uint8, .uint16, .uint32, .uint64, .bool, .string, .float32, .float64: "a \(type)"
        case .int8, .int16, .int32, .int64: "an \(type)"
        }
    }
}
