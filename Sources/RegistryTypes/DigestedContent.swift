public import Digests
import Foundation
public import StrictJSON

/// Content that is named by the SHA-256 of its canonical JSON: equal content has an equal digest.
public protocol DigestedContent: Encodable {}

extension DigestedContent {
    /// The SHA-256 of the canonical JSON in `form`, by default the one of new entries of the log.
    ///
    /// - Throws: `EncodingError`.
    public func digest(_ form: CanonicalJSON.Form = .rfc8785) throws -> Digest {
        try Digest(of: CanonicalJSON.encode(self, as: form))
    }

    /// Every digest under which equal content may be known, that of new entries first.
    ///
    /// - Throws: `EncodingError`.
    public func digests() throws -> [Digest] {
        try CanonicalJSON.encodings(of: self).map { Digest(of: $0) }
    }
}
