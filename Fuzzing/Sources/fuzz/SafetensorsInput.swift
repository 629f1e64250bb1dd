@testable import Safetensors

/// The header of a safetensors file. The first two bytes are the bytes of data that follow it.
enum SafetensorsInput {
    static func read(_ bytes: [UInt8]) -> Int32 {
        guard bytes.count >= 2 else { return -1 }
        let available = Int(bytes[0]) | Int(bytes[1]) << 8
        do {
            let header = try SafetensorsHeader(header: Array(bytes.dropFirst(2)), dataBytes: available)
            var end = 0
            for tensor in header.tensors.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
                promise(tensor.range.lowerBound >= end || tensor.range.isEmpty, "\(tensor.name) overlaps another")
                promise(tensor.range.upperBound <= available, "\(tensor.name) ends outside of the data")
                let bits = tensor.shape.reduce(tensor.type.bits, *)
                promise(
                    tensor.range.count * 8 == bits,
                    "\(tensor.name) has \(tensor.range.count) bytes for \(bits) bits"
                )
                end = max(end, tensor.range.upperBound)
            }
        } catch {
            promiseReadable("\(error)")
        }
        return 0
    }

    static var seeds: [[UInt8]] {
        let tensors =
            #""b":{"dtype":"BF16","shape":[2,3],"data_offsets":[8,20]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#
        return [
            [20, 0] + Array("{\"__metadata__\":{\"format\":\"pt\"},\(tensors)}  ".utf8),
            [0, 0] + Array("{}".utf8),
            [8, 0] + Array(#"{"é\u0041":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}"#.utf8),
        ]
    }
}
