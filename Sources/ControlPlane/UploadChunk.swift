/// Some bytes of an upload, without a copy of them.
public struct UploadChunk: Sendable {
    private let body: @Sendable ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

    /// A chunk whose bytes `body` lends for the time of a call.
    public init(_ body: @escaping @Sendable ((UnsafeRawBufferPointer) throws -> Void) throws -> Void) {
        self.body = body
    }

    func withBytes(_ use: (UnsafeRawBufferPointer) throws -> Void) throws { try body(use) }
}
