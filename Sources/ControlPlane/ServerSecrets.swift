import Digests
import DurableFiles
import Foundation
import Wording

/// Secrets that a server makes for itself at its first start, in `keys/`, and uses for as long as the folder lives.
struct ServerSecrets: Sendable {
    /// What names of users and conversations are hashed with, so that a sticky share stays the same over restarts.
    let units: [UInt8]
    /// What the marks of redacted values are hashed with.
    let redaction: [UInt8]

    private static let bytes = 32
    /// The files.
    static let names = ["units", "redaction"]

    /// What no longer goes together with what was stored before, when a secret is made anew.
    static func loss(of name: String) -> String {
        name == "units"
            ? "users of before have other hashes now, and are drawn anew for shares of traffic"
            : "what was redacted before has other marks now"
    }

    /// Reads the secrets of a folder, and makes those that are not there.
    ///
    /// - Throws: ``ControlPlaneError`` when a file cannot be read or written, or is not a secret.
    init(folder: String, note: (String) -> Void = { _ in }) throws {
        units = try Self.secret(Self.names[0], in: folder, note)
        redaction = try Self.secret(Self.names[1], in: folder, note)
    }

    /// Reads a secret, or makes one. One that has other bytes than a secret, such as none after a power cut, is put aside.
    private static func secret(_ name: String, in folder: String, _ note: (String) -> Void) throws -> [UInt8] {
        let path = "\(folder)/\(name)"
        if let data = FileManager.default.contents(atPath: path) {
            if data.count == bytes { return Array(data) }
            guard rename(path, path + ".damaged") == 0 else {
                throw ControlPlaneError(
                    .internalFault,
                    "\(path) is not a secret of \(bytes) bytes, and cannot be moved",
                    why: String(cString: strerror(errno)),
                    next: "check the rights of the folder"
                )
            }
            note(
                "keys/\(name) had \(data.count) bytes instead of \(bytes): a new secret was made, and \(loss(of: name))"
            )
        }
        let secret = try RandomBytes.make(count: bytes)
        do {
            try DurableFile.replace(path, with: Data(secret))
        } catch {
            throw ControlPlaneError(
                error.isFull ? .insufficientStorage : .internalFault,
                "\(path) cannot be written",
                why: error.reason,
                next: "check the disk and its rights"
            )
        }
        return secret
    }
}
