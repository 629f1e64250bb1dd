public import Digests
public import Foundation
public import RegistryTypes
public import StrictJSON
import TrafficFormats

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
    public func canonicalData(_ form: CanonicalJSON.Form = .rfc8785) throws -> Data {
        var data = Data()
        for request in requests {
            data.append(try CanonicalJSON.encode(request, as: form))
            data.append(0x0a)
        }
        return data
    }

    /// The SHA-256 of the canonical form: equal requests in equal order, whatever the spacing and the order of keys.
    ///
    /// - Throws: `EncodingError`.
    public func digest(_ form: CanonicalJSON.Form = .rfc8785) throws -> Digest {
        try Digest(of: canonicalData(form))
    }
}

/// Reads a traffic set piece by piece: one JSON object per line, nothing but ``TrafficRequest``'s keys, each id once; blank
/// lines between them hold nothing.
/// Memory is one line and the ids.
public struct TrafficSetReader: ~Copyable {
    /// The longest line, in bytes.
    public static let lineLimitBytes = TrafficLineParser.limitBytes

    private var rest: [UInt8] = []
    private var lineNumber = 0
    private var lineOfID: [String: Int] = [:]

    /// A reader at the start of a set.
    public init() {}

    /// Takes the next bytes and hands over the requests whose lines they complete.
    ///
    /// - Throws: ``TrafficLogError`` for the first bad line; the reader is of no use then.
    public mutating func take(
        _ bytes: UnsafeRawBufferPointer,
        _ body: (TrafficRequest) -> Void
    ) throws(TrafficLogError) {
        var remaining = bytes[...]
        while let end = remaining.firstIndex(of: 0x0a) {
            let piece = UnsafeRawBufferPointer(rebasing: remaining[..<end])
            if rest.isEmpty {
                if let request = try request(piece) { body(request) }
            } else {
                try hold(piece)
                let line = rest
                rest.removeAll(keepingCapacity: true)
                if let request = try request(line) { body(request) }
            }
            remaining = remaining[(end + 1)...]
        }
        try hold(UnsafeRawBufferPointer(rebasing: remaining))
    }

    /// Hands over the request of a last line that has no line feed.
    ///
    /// - Throws: ``TrafficLogError``, also ``TrafficLogError/emptySet``.
    public mutating func finish(_ body: (TrafficRequest) -> Void) throws(TrafficLogError) {
        if !rest.isEmpty {
            let line = rest
            rest = []
            if let request = try request(line) { body(request) }
        }
        guard !lineOfID.isEmpty else { throw .emptySet }
    }

    private mutating func hold(_ piece: UnsafeRawBufferPointer) throws(TrafficLogError) {
        guard rest.count + piece.count <= TrafficSetReader.lineLimitBytes else {
            throw .badLine(number: lineNumber + 1, .tooLong(limitBytes: TrafficSetReader.lineLimitBytes))
        }
        rest.append(contentsOf: piece)
    }

    /// The request of a line; nil of a blank one, which holds nothing.
    private mutating func request(_ line: some Collection<UInt8>) throws(TrafficLogError) -> TrafficRequest? {
        lineNumber += 1
        // Editors and spreadsheets put a byte-order mark before the first line; it says nothing that UTF-8 does not.
        let isMarked = lineNumber == 1 && line.starts(with: [0xef, 0xbb, 0xbf])
        let line = line.dropFirst(isMarked ? 3 : 0)
        if line.allSatisfy({ [0x20, 0x09, 0x0d].contains($0) }) { return nil }
        guard lineOfID.count < TrafficSet.limit else { throw .tooManyRequests(limit: TrafficSet.limit) }
        let request: TrafficRequest
        do throws(TrafficLineError) {
            guard line.count <= TrafficSetReader.lineLimitBytes else {
                throw .tooLong(limitBytes: TrafficSetReader.lineLimitBytes)
            }
            var parser = TrafficLineParser(Array(line))
            request = try parser.parse()
        } catch {
            throw .badLine(number: lineNumber, error)
        }
        if let first = lineOfID.updateValue(lineNumber, forKey: request.id) {
            throw .duplicateID(request.id, line: lineNumber, firstLine: first)
        }
        return request
    }
}
