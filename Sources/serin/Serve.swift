import ArgumentParser
import Commands
import Foundation
import Server

/// `serin serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration.verb(
        "serve",
        "Run the registry, its API and its pages in one process.",
        discussion: """
            Prints the address and, on a terminal, a link that logs a browser in once. The first start makes the key
            "admin" and stores its token where the command line finds it. A certificate is read again when its files
            change, and on SIGHUP.
            """,
        examples: "serve",
        "serve --data /srv/serin --port 0",
        "serve --host 0.0.0.0 --tls-cert chain.pem --tls-key key.pem --host-name models.example.com"
    )

    @OptionGroup var folder: DataFolderOption
    @Option(help: ArgumentHelp("The address to listen on.", valueName: "address")) var host = "127.0.0.1"
    @Option(help: ArgumentHelp("The port; 0 for any that is free.", valueName: "port")) var port = 7470
    @Option(help: ArgumentHelp("The certificate chain for TLS, PEM.", valueName: "file")) var tlsCert: String?
    @Option(help: ArgumentHelp("The key of the certificate, PEM.", valueName: "file")) var tlsKey: String?
    @Flag(help: "Listen where others can reach it without TLS.") var insecureBind = false
    @Option(help: ArgumentHelp("Another name browsers may ask under; repeatable.", valueName: "name"))
    var hostName: [String] = []
    @Option(help: ArgumentHelp("The most seconds that a request to a model may ask for.", valueName: "seconds"))
    var maxDeadline = 3600
    @Flag(name: .shortAndLong, help: "Log more than troubles.") var verbose = false

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port must be between 0 and 65535.") }
        guard (1...86_400).contains(maxDeadline) else {
            throw ValidationError("--max-deadline must be 1 to 86400 seconds.")
        }
        guard (tlsCert == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-cert and --tls-key come together.")
        }
    }

    func run() async throws {
        ProcessPrivacy.keepFiles()
        var options = ServerOptions(folder: folder.url, host: host, port: port, build: Serin.build)
        if let tlsCert, let tlsKey { options.tls = ServerOptions.TLSFiles(certificate: tlsCert, key: tlsKey) }
        options.allowsInsecureBind = insecureBind
        options.hostNames = hostName
        options.configurationFolder = CommandLineInterface.configurationFolder().map { URL(filePath: $0) }
        options.isVerbose = verbose
        options.maxDeadlineSeconds = Double(maxDeadline)
        try await ServerProcess(options).run { line in
            print(line)
            fflush(nil)
        }
    }
}
