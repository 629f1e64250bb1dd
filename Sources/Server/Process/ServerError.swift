import WireFormat
import Wording

/// Why a server does not start.
enum ServerError: Error, Hashable, Sendable {
    /// Others could reach the address, and nothing protects what is sent.
    case exposed(host: String)
    /// Something else listens there.
    case portInUse(host: String, port: Int)
    /// The address cannot be bound.
    case cannotBind(host: String, port: Int, reason: String)
    /// The certificate or its key cannot be used.
    case badCertificate(path: String, reason: String)
    /// The token of the first key can be left nowhere.
    case noPlaceForToken(path: String, reason: String)
}

extension ServerError: CustomStringConvertible {
    var description: String { problem.title }

    /// What, why and what to do.
    var problem: Problem {
        switch self {
        case .exposed(let host):
            Problem(
                status: 0,
                title: "refusing to listen on \(host) without TLS",
                detail: "others can reach this address, and keys would cross the network in the clear",
                next: "\(NextStep.serve(.tls)), or behind a proxy that has TLS: --insecure-bind",
                exit: ExitCode.usage.rawValue
            )
        case .portInUse(let host, let port):
            Problem(
                status: 0,
                title: "port \(port) of \(host) is in use",
                detail: "another program listens there",
                next: "\(NextStep.serve(.anyPort)) (any free port), or stop the other program",
                exit: ExitCode.error.rawValue
            )
        case .cannotBind(let host, let port, let reason):
            Problem(
                status: 0,
                title: "cannot listen on \(host):\(port)",
                detail: reason,
                next: "\(NextStep.serve(.loopback))",
                exit: ExitCode.error.rawValue
            )
        case .badCertificate(let path, let reason):
            Problem(
                status: 0,
                title: "cannot use \(path) for TLS",
                detail: reason,
                next: "name PEM files: --tls-cert FILE --tls-key FILE",
                exit: ExitCode.badData.rawValue
            )
        case .noPlaceForToken(let path, let reason):
            Problem(
                status: 0,
                title: "the token of the first key cannot be left in \(path)",
                detail: reason,
                next: "move what is in the way, or free some space, and start the server again: "
                    + "\(NextStep.serve())",
                exit: ExitCode.error.rawValue
            )
        }
    }
}
