import Digests
import Foundation
import RegistryFiles

/// The SQL that is inside the binary.
struct RegistrySQL {
    let name: String
    let text: String

    /// The files whose name begins with `folder`, in the order of their names.
    static func files(in folder: String) -> [RegistrySQL] {
        (0..<registry_file_count()).compactMap { index in
            guard let name = registry_file_name(index), let bytes = registry_file_bytes(index) else { return nil }
            let file = RegistrySQL(
                name: String(cString: name),
                text: String(
                    decoding: UnsafeBufferPointer(start: bytes, count: registry_file_size(index)),
                    as: UTF8.self
                )
            )
            return file.name.hasPrefix(folder) ? file : nil
        }
        .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    static let migrations = files(in: "migrations/")
    static let projections = files(in: "projections/")
    /// Changes with every byte of the projections' SQL.
    static let projectionsDigest = Digest(of: Data(projections.map { $0.name + "\n" + $0.text }.joined().utf8))
}
