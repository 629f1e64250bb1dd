import Foundation

/// The two streams of the process, written without a buffer of our own.
///
/// A reader that goes away (`serin model list | head -1`) is no error: what it no longer wants is dropped, and the
/// exit code stays the one of the work.
enum Streams {
    /// Writes data to the standard output.
    static func out(_ text: String) { write(text, to: 1) }

    /// Writes talk to the standard error.
    static func talk(_ text: String) { write(text, to: 2) }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                #if canImport(Darwin)
                    let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
                #else
                    let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                #endif
                if count < 0, errno == EINTR || errno == EAGAIN { continue }
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
        }
    }
}
