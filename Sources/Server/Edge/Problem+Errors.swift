import ControlPlane
import Foundation
import Gateway
import Hummingbird
import RegistryTypes
import StrictJSON
import UserDocuments
import WireFormat
import Wording

/// The one place where an error becomes a status, an exit code and words.
extension Problem {
    /// What `error` means to who asked; nil for a fault of ours, whose details stay in the log.
    init?(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as ControlPlaneError:
            let (status, exit) = Problem.codes(of: error.kind)
            self.init(
                status: status,
                title: error.title,
                detail: error.why,
                next: error.next?.text,
                exit: exit.rawValue,
                near: error.near
            )
        case let error as GatewayError:
            let answer = ErrorAnswer(error)
            let exit: ExitCode = answer.status == 404 ? .notFound : answer.status < 429 ? .usage : .error
            self.init(status: answer.status, title: answer.message, exit: exit.rawValue)
        case let error as RegistryTypesError:
            self.init(status: 400, title: "\(error)", exit: ExitCode.usage.rawValue)
        case let error as DocumentError:
            self.init(status: 422, title: "\(error)", exit: ExitCode.badData.rawValue)
        case let error as DecodingError:
            self.init(
                status: 400,
                title: "the body is not what this address takes",
                detail: Problem.place(error),
                exit: ExitCode.badData.rawValue
            )
        case let error as JSONTextError:
            self.init(
                status: 400,
                title: "the body cannot be read as JSON",
                detail: "\(error)",
                exit: ExitCode.badData.rawValue
            )
        case let error as UnknownMember:
            self.init(
                status: 400,
                title: "the body is not what this address takes",
                detail: "\(error)",
                next: error.known.isEmpty ? nil : "known are \(error.known.joined(separator: ", "))",
                exit: ExitCode.badData.rawValue
            )
        case let error as HTTPError: self.init(status: error.status.code)
        default: return nil
        }
    }

    /// What keeps a verb from working on a data folder, or a server from starting on it.
    init(ofFolder error: any Error) {
        // To a client of a server a damaged file is a fault of ours; to who named the folder it is bad data.
        let isDamage = FolderCheck.isDamage(error)
        let known = Problem(error)
        self.init(
            status: known?.status ?? 0,
            title: known?.title ?? "\(error)",
            detail: known?.detail,
            next: known?.next,
            exit: isDamage ? ExitCode.badData.rawValue : known?.exit ?? ExitCode.error.rawValue,
            near: known?.near ?? []
        )
    }

    /// A plain problem with a status and the words that go with it.
    init(status: Int) {
        switch status {
        case 401: self = .notLoggedIn
        case 404: self.init(status: 404, title: "there is nothing at this address", exit: ExitCode.notFound.rawValue)
        case 413:
            self.init(
                status: 413,
                title: "the body is larger than this address takes",
                exit: ExitCode.badData.rawValue
            )
        case 500...:
            self.init(
                status: status,
                title: "a fault of serin",
                detail: "the server's log names it by the request",
                exit: ExitCode.error.rawValue
            )
        default:
            self.init(status: status, title: "the request makes no sense here", exit: ExitCode.usage.rawValue)
        }
    }

    /// No key, or one that is not known: both get the same answer.
    static let notLoggedIn = Problem(
        status: 401,
        title: "not logged in",
        detail: "no key was sent, or it is not known or was revoked",
        next: "\(NextStep.login)",
        exit: ExitCode.notAllowed.rawValue
    )

    /// A key whose role is too small.
    static func notAllowed(_ caller: Caller, needs permission: Permission) -> Problem {
        Problem(
            status: 403,
            title: "key \"\(caller.name)\" may not do this",
            detail: "its role is \(caller.role.rawValue); this needs \(permission.minRole?.rawValue ?? "no role")",
            next: "ask an admin for another key",
            exit: ExitCode.notAllowed.rawValue
        )
    }

    /// More than one `Host` header: nobody can say for whom the request is.
    static let severalHosts = Problem(
        status: 400,
        title: "the request names more than one host",
        next: "send one Host header",
        exit: ExitCode.usage.rawValue
    )

    /// A form that did not come from one of our pages, or from a page that is too old.
    static let forged = Problem(
        status: 403,
        title: "this form was not sent from a page of this session",
        detail: "the page may be older than the login",
        next: "go back, load the page again, and send it again",
        exit: ExitCode.notAllowed.rawValue
    )

    /// The body ended early, or was not HTTP.
    static let brokenOff = Problem(
        status: 400,
        title: "the body of the request broke off",
        next: "send it again; an upload goes on where it stopped",
        exit: ExitCode.badData.rawValue
    )

    /// All places for connections are taken, or all of one key.
    static func noPlace(open: Int) -> Problem {
        Problem(
            status: 503,
            title: "there is no place for another connection",
            detail:
                "\(open) connections are open; one key may have half of all places, and the last are kept for admins and health checks",
            next: "repeat it in a moment, over connections that are open already",
            exit: ExitCode.error.rawValue
        )
    }

    /// The same problem, naming the request, without the paths of the server.
    func naming(request: String?, hiding paths: ServerPaths) -> Problem {
        Problem(
            status: status,
            title: paths.hidden(in: title),
            detail: detail.map(paths.hidden),
            next: next.map(paths.hidden),
            exit: exit,
            near: near,
            requestID: request
        )
    }

    private static func codes(of kind: ControlPlaneError.Kind) -> (status: Int, exit: ExitCode) {
        switch kind {
        case .badRequest: (400, .usage)
        case .notAllowed: (403, .notAllowed)
        case .notFound: (404, .notFound)
        case .conflict: (409, .conflict)
        case .badData: (422, .badData)
        case .insufficientStorage: (507, .error)
        case .inconclusive: (409, .inconclusive)
        case .unavailable: (503, .error)
        case .internalFault: (500, .error)
        }
    }

    static func place(_ error: DecodingError) -> String {
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context):
            return "\((context.codingPath + [key]).map(\.stringValue).joined(separator: ".")) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            let place = path(context)
            return (place.isEmpty ? "" : "\(place): ") + context.debugDescription
        case .dataCorrupted(let context):
            let place = path(context)
            if place.isEmpty { return "it is not JSON" }
            // Of a word that is none of a list, only the name of a type in the source would be said.
            let isWord = context.debugDescription.utf8.starts(with: "Cannot initialize".utf8)
            return "\(place): " + (isWord ? "this is none of the words that it takes" : context.debugDescription)
        @unknown default: return "it cannot be read"
        }
    }
}
