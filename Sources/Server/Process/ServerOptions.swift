import DurableFiles
public import Foundation

/// What a server is told when it starts.
public struct ServerOptions: Sendable {
    /// The data folder.
    public var folder: URL
    /// The address to bind.
    public var host: String
    /// The port; 0 for any that is free.
    public var port: Int
    /// The certificate chain and its key, as PEM files; both or none.
    public var tls: TLSFiles?
    /// Whether an address that others can reach may be bound without TLS.
    public var allowsInsecureBind: Bool
    /// Further host names under which browsers may ask.
    public var hostNames: [String]
    /// The folder for what serin keeps per user; nil when there is none.
    public var configurationFolder: URL?
    /// The build of serin.
    public var build: String
    /// Whether to log more than troubles.
    public var isVerbose: Bool
    /// The most seconds that a request to a model may ask for.
    public var maxDeadlineSeconds = 3600.0

    /// Whether a secret may be printed: only its user sees the standard output.
    public var showsSecrets = PrivateOutput.isPrivate(1)

    /// A certificate chain and its key.
    public struct TLSFiles: Hashable, Sendable {
        /// The PEM file of the chain.
        public let certificate: String
        /// The PEM file of the key.
        public let key: String

        /// A certificate chain and its key.
        public init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// Options with the defaults of `serin serve`.
    public init(
        folder: URL,
        host: String = "127.0.0.1",
        port: Int = 7470,
        tls: TLSFiles? = nil,
        allowsInsecureBind: Bool = false,
        hostNames: [String] = [],
        configurationFolder: URL? = nil,
        build: String,
        isVerbose: Bool = false
    ) {
        self.folder = folder
        self.host = host
        self.port = port
        self.tls = tls
        self.allowsInsecureBind = allowsInsecureBind
        self.hostNames = hostNames
        self.configurationFolder = configurationFolder
        self.build = build
        self.isVerbose = isVerbose
    }

    /// Whether only this machine can reach the address.
    var isLoopback: Bool {
        host == "localhost" || host == "::1"
            || (host.utf8.starts(with: "127.".utf8)
                && host.utf8.allSatisfy { $0 == 0x2e || (0x30...0x39).contains($0) })
    }

    /// `http` or `https`.
    var scheme: String { tls == nil ? "http" : "https" }

    /// The host as it stands in an address.
    var hostInAddress: String {
        switch host {
        case "0.0.0.0", "::": hostNames.first ?? "localhost"
        case let host where host.utf8.contains(UInt8(ascii: ":")): "[\(host)]"
        default: host
        }
    }
}

/// Where what a server prints ends up: a secret is printed only where nobody else reads it.
enum PrivateOutput {
    /// Whether only the user of this process sees what is written to a descriptor: a terminal, or a file that others may
    /// not open. Of a pipe nobody knows who reads it, and whether it is kept.
    static func isPrivate(_ descriptor: Int32) -> Bool {
        if isatty(descriptor) == 1 { return true }
        guard let facts = FileStatus(descriptor: descriptor), facts.isRegularFile else { return false }
        return !facts.isOpenToOthers
    }

    /// What is to be said of a folder whose files others may reach; nil when only its owner may.
    static func note(onFolder path: String) -> String? {
        guard let facts = FileStatus(path: path), facts.isOpenToOthers else { return nil }
        let mode = String(facts.permissions & 0o777, radix: 8)
        return
            "others can open the data folder \(path) (mode 0\(mode)), which holds texts of people and the hashes of keys: "
            + "give it the mode 0700"
    }
}
