import Foundation
import PolicyFiles

/// The policies that come with the binary.
enum ShippedPolicies {
    /// A file and its text.
    struct File: Sendable {
        let name: String
        let text: String
    }

    /// The files in the order of their names.
    static var files: [File] {
        (0..<policy_file_count()).compactMap { index in
            let file = policy_file_at(index)
            guard let name = file.name, let bytes = file.bytes else { return nil }
            return File(
                name: String(cString: name),
                text: String(decoding: UnsafeBufferPointer(start: bytes, count: file.size), as: UTF8.self)
            )
        }
    }
}
