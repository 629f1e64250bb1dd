import Digests
import Foundation

/// The secret of a key: `srn_` and 43 letters that hold 256 random bits. Only its SHA-256 is ever stored.
enum KeyToken {
    /// A new token.
    ///
    /// - Throws: `DigestsError.noRandomBytes`.
    static func draw() throws -> String {
        let text = Data(try RandomBytes.make(count: 32)).base64EncodedString()
        let bytes = text.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case 0x2b: 0x2d
            case 0x2f: 0x5f
            case 0x3d: nil
            default: byte
            }
        }
        return "srn_" + String(decoding: bytes, as: UTF8.self)
    }

    /// What is stored of a token. A token has 256 random bits, so one round of SHA-256 is enough.
    static func hash(of token: String) -> Digest { Digest(of: Data(token.utf8)) }
}
