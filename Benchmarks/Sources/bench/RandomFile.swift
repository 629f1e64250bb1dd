import Foundation

/// A file of bytes that cannot be compressed, the same on every run.
enum RandomFile {
    static func write(to url: URL, sizeBytes: Int) throws {
        _ = FileManager.default.createFile(atPath: url.path, contents: nil)
        let handle = try FileHandle(forWritingTo: url)
        var state: UInt64 = 42
        var block = [UInt64](repeating: 0, count: 1 << 17)
        for _ in 0..<(sizeBytes >> 20) {
            for index in block.indices {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                block[index] = state ^ (state >> 29)
            }
            try handle.write(contentsOf: block.withUnsafeBytes { Data($0) })
        }
        try handle.close()
    }
}
