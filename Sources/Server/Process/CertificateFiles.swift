import DurableFiles
import Foundation
import HummingbirdCore
import HummingbirdTLS

/// The certificate chain of the server and its key, as PEM files.
struct CertificateFiles: Sendable {
    let files: ServerOptions.TLSFiles

    /// What TLS 1.2 may use: keys that are forgotten after the connection, and ciphers that authenticate what they
    /// encrypt. TLS 1.3 has nothing else.
    static let ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20"

    /// What is served with these files.
    ///
    /// - Throws: ``ServerError/badCertificate(path:reason:)`` for files that cannot be read or do not belong together.
    func read() throws(ServerError) -> TLSConfiguration {
        for path in [files.certificate, files.key] where !FileManager.default.isReadableFile(atPath: path) {
            throw .badCertificate(path: path, reason: "no such file, or it may not be read")
        }
        let chain: [NIOSSLCertificate], key: NIOSSLPrivateKey
        do { chain = try NIOSSLCertificate.fromPEMFile(files.certificate) } catch {
            throw .badCertificate(path: files.certificate, reason: "no usable PEM: \(error)")
        }
        do { key = try NIOSSLPrivateKey(file: files.key, format: .pem) } catch {
            throw .badCertificate(path: files.key, reason: "no usable PEM: \(error)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuites = Self.ciphers
        // Only a context finds out that a key is not the one of the certificate.
        do {
            _ = try TLSChannel(HTTP1Channel(responder: { _, _, _ in }), tlsConfiguration: configuration)
        } catch {
            throw .badCertificate(path: files.key, reason: "it is not the key of \(files.certificate): \(error)")
        }
        return configuration
    }

    /// What tells one state of the files from another: a file that is replaced, and one that is written over.
    var state: [FileStatus?] { [files.certificate, files.key].map(FileStatus.init(path:)) }
}

/// Whether files that are looked at now and then should be read again: once they are others than when they were read
/// last, and stay so from one look to the next. Two files are never written at the same moment.
struct CertificateWatch<State: Equatable & Sendable>: Sendable {
    private var read: State
    private var seen: State

    /// The files were read in this state.
    init(_ state: State) {
        read = state
        seen = state
    }

    /// Whether to read them, now that they are in this state; asked again, only after another change.
    mutating func shouldRead(_ state: State) -> Bool {
        defer { seen = state }
        guard state != read, state == seen else { return false }
        read = state
        return true
    }
}
