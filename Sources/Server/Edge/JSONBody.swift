import Foundation
import HTTPTypes
import Hummingbird
import LongWork
import NIOCore
import StrictJSON
import WireFormat

/// JSON in and out of the API.
enum JSONBody {
    /// The most bytes of a JSON body.
    static let limitBytes = 1 << 20
    /// The deepest nesting of a JSON body.
    static let maxLevels = 64

    /// Reads a value; the depth is checked on the bytes before anything is parsed. A member that the value does not have is
    /// refused: a misspelt `dryRun` must not move anything.
    ///
    /// - Throws: `Problem`, `JSONTextError`, `UnknownMember`, `DecodingError`, `HTTPError` with status 413.
    static func read<Value: Decodable & Sendable>(_ type: Value.Type, from request: Request) async throws -> Value {
        guard isJSON(request.headers[.contentType]) else {
            throw Problem(
                status: 415,
                title: "this address takes JSON",
                next: "send Content-Type: application/json",
                exit: ExitCode.usage.rawValue
            )
        }
        let buffer = try await request.collected(upTo: limitBytes)
        return try await LongWork.run(bytes: buffer.readableBytes) {
            guard depth(of: buffer.readableBytesView) <= maxLevels else {
                throw Problem(
                    status: 400,
                    title: "the JSON is nested more than \(maxLevels) levels deep",
                    exit: ExitCode.badData.rawValue
                )
            }
            return try JSONText.decode(type, from: buffer.readableBytesView)
        }
    }

    /// The bytes of a value: sorted keys, so that equal values have equal bytes.
    static func write(_ value: some Encodable) throws -> ByteBuffer {
        ByteBuffer(bytes: try JSONText.encode(value))
    }

    /// An answer with a value.
    static func answer(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: try write(value))
        )
    }

    /// How deep arrays and objects are nested in what may be JSON.
    static func depth(of bytes: some Sequence<UInt8>) -> Int {
        var depth = 0, deepest = 0, inText = false, isEscaped = false
        for byte in bytes {
            if inText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inText = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return deepest
    }

    private static func isJSON(_ type: String?) -> Bool {
        guard let type = type?.utf8.split(separator: UInt8(ascii: ";")).first else { return false }
        return String(decoding: Array(type), as: UTF8.self).trimmingCharacters(in: .whitespaces).lowercased()
            == "application/json"
    }
}

extension Request {
    /// The whole body.
    ///
    /// - Throws: `HTTPError` with status 413; `Problem` when the connection breaks off.
    func collected(upTo limitBytes: Int) async throws -> ByteBuffer {
        if let announced = headers[.contentLength].flatMap({ Int($0) }), announced > limitBytes {
            throw HTTPError(.contentTooLarge)
        }
        do {
            return try await body.collect(upTo: limitBytes)
        } catch let error as HTTPError {
            throw error
        } catch is NIOTooManyBytesError {
            throw HTTPError(.contentTooLarge)
        } catch {
            throw Problem.brokenOff
        }
    }
}
