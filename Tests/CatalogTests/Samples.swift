import Digests
import Foundation
import RegistryTypes

/// Events for tests.
enum Samples {
    static func digest(_ text: String) -> Digest { Digest(of: Data(text.utf8)) }

    static func keyCreated(_ name: String, role: Role = .reader) throws -> RegistryEvent {
        .keyCreated(KeyCreated(name: try Name(name), role: role, tokenHash: digest("token of " + name)))
    }
}
