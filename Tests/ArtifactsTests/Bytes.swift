import Artifacts
import Digests
import Foundation
import TestSupport

/// `count` bytes that look random and are the same in every run.
func sampleBytes(_ count: Int, seed: UInt64 = 1) -> Data {
    var state = seed
    return Data(
        (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    )
}

extension ScratchFolder {
    /// The data folder in it.
    var data: String { file("data") }
}

extension BlobStore {
    /// Uploads `data` in pieces of `pieceBytes`, beginning where the store says.
    @discardableResult
    func upload(_ data: Data, as digest: Digest? = nil, pieceBytes: Int = 7) throws -> StoredBlob {
        var upload = try open(digest: digest ?? Digest(of: data), sizeBytes: Int64(data.count))
        try upload.append(data, from: Int(upload.offset), pieceBytes: pieceBytes)
        return try upload.finish()
    }
}

extension Upload {
    /// Appends `data[from..<to]` in pieces.
    mutating func append(_ data: Data, from: Int, to end: Int? = nil, pieceBytes: Int = 7) throws {
        let end = end ?? data.count
        var position = from
        while position < end {
            let piece = Array(data[position..<min(end, position + pieceBytes)])
            try piece.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in try append(bytes) }
            position += piece.count
        }
    }
}
