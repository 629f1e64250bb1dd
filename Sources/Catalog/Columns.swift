import Digests
import Foundation
import GRDB
import RegistryRecords
import RegistryTypes
import StrictJSON

/// Reads our values from columns by position; what does not parse was not written by us.
extension Row {
    func text(_ index: Int) throws -> String { try decode(String.self, atIndex: index) }
    func optionalText(_ index: Int) throws -> String? { try decode(String?.self, atIndex: index) }
    func int(_ index: Int) throws -> Int { try decode(Int.self, atIndex: index) }
    func optionalInt(_ index: Int) throws -> Int? { try decode(Int?.self, atIndex: index) }
    func flag(_ index: Int) throws -> Bool { try int(index) != 0 }
    func time(_ index: Int) throws -> Timestamp { Timestamp(milliseconds: Int64(try int(index))) }
    func optionalTime(_ index: Int) throws -> Timestamp? {
        try optionalInt(index).map { Timestamp(milliseconds: Int64($0)) }
    }
    func name(_ index: Int) throws -> Name { try Name(text(index)) }
    func digest(_ index: Int) throws -> Digest { try Digest(bytes: Array(decode(Data.self, atIndex: index))) }
    func json<Value: Decodable>(_ type: Value.Type, _ index: Int) throws -> Value {
        try CanonicalJSON.decode(type, from: Data(text(index).utf8))
    }
    /// A record from the columns of its event, of who caused it and of when, which follow each other from `start` on.
    func recorded<Body: EventBody>(from start: Int = 0) throws -> Recorded<Body> {
        Recorded(try json(Body.self, start), by: try text(start + 1), at: try time(start + 2))
    }
    /// An enumeration stored by its raw value.
    func word<Value: RawRepresentable<String>>(_ type: Value.Type, _ index: Int) throws -> Value {
        let raw = try text(index)
        guard let value = Value(rawValue: raw) else {
            throw CatalogError.refused("\"\(raw)\" is stored where a \(type) should be")
        }
        return value
    }
}

extension Digest {
    /// The 32 bytes as a column stores them.
    var column: Data { Data(bytes) }
}

/// The canonical JSON of a value as a column stores it.
func jsonColumn(_ value: some Encodable) throws -> String {
    String(decoding: try CanonicalJSON.encode(value), as: UTF8.self)
}
