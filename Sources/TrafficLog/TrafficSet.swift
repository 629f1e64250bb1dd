public import Foundation
public import RegistryTypes
import StrictJSON

/// A frozen set of requests, held in memory, with the digest of its canonical form.
public struct TrafficSet: Sendable {
    /// The requests, in the order of the file.
    public let requests: [TrafficRequest]

    /// The most requests a set may have.
    public static let limit = 1_000_000

    /// A set of requests.
    ///
    /// - Throws: ``TrafficLogError/emptySet``, ``TrafficLogError/duplicateID(_:line:firstLine:)``.
    public init(_ requests: [TrafficRequest]) throws(TrafficLogError) {
        guard !requests.isEmpty else { throw .emptySet }
        var lines: [String: Int] = [:]
        for (index, request) in requests.enumerated() {
            if let first = lines.updateValue(index + 1, forKey: request.id) {
                throw .duplicateID(request.id, line: index + 1, firstLine: first)
            }
        }
        self.requests = requests
    }

    /// Reads JSONL bytes, whoever wrote them.
    ///
    /// - Throws: ``TrafficLogError`` with the number of the line.
    public init(data: Data) throws(TrafficLogError) {
        var requests: [TrafficRequest] = []
        var reader = TrafficSetReader()
        var failure: TrafficLogError?
        data.withUnsafeBytes { bytes in
            do throws(TrafficLogError) {
                try reader.take(bytes) { requests.append($0) }
                try reader.finish { requests.append($0) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        self.requests = requests
    }

    /// The canonical form: one line of canonical JSON per request. Its SHA-256 names the set.
    ///
    /// - Throws: `EncodingError`.
    public func canonicalData() throws -> Data {
        var data = Data()
        for request in requests {
            data.append(try CanonicalJSON.encode(request))
            data.append(0x0a)
        }
        return data
    }
}
