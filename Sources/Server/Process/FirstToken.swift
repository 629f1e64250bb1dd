import DurableFiles
import Foundation
import StoredLogins
import Wording

/// Where the token of the first admin key is left for the user who started the server: with the command line; where that
/// cannot be, it is shown, or left in a file where others read what is shown.
struct FirstToken: Sendable {
    /// Where a token was left.
    enum Place: Hashable, Sendable {
        /// Among the logins of the command line.
        case logins(path: String)
        /// In a file of the data folder.
        case file(String)
        /// On the terminal.
        case shown
    }

    /// A token that was handed over, and what is said of it once it works.
    struct Delivery: Hashable, Sendable {
        let token: String
        let place: Place
        let lines: [String]
    }

    let options: ServerOptions
    /// The address of the server, as people use it.
    let address: String

    /// Leaves `token` where its user finds it.
    ///
    /// - Parameter announce: Shows a line at once: a token that is shown nowhere before it works could be lost for good.
    /// - Throws: ``ServerError`` when there is no place for it.
    func deliver(_ token: String, _ announce: (String) -> Void) throws -> Delivery {
        var lines: [String] = []
        do {
            guard let folder = options.configurationFolder else { throw CocoaError(.fileNoSuchFile) }
            let path = StoredLogins.path(inFolder: folder.path)
            try StoredLogins.update(path) { try $0.add(token, for: address) }
            return Delivery(token: token, place: .logins(path: path), lines: [])
        } catch StoredLogins.Failure.known {
            lines.append(
                "another login is stored for \(address), and was left as it is: it may be that of another folder"
            )
        } catch {
            // The other two ways are for this.
        }
        guard !options.showsSecrets else {
            announce("admin token (shown this once, keep it safe): \(token)   for \(address): \(NextStep.login)")
            return Delivery(token: token, place: .shown, lines: lines)
        }
        let path = options.folder.appending(path: "admin-token").path
        do {
            try DurableFile.replace(path, with: Data("\(token)\n".utf8), mode: 0o600)
        } catch {
            throw ServerError.noPlaceForToken(path: path, reason: error.reason)
        }
        lines.append(
            "the admin token is in \(path), which only its owner can read, for \(address): \(NextStep.login); "
                + "then remove the file"
        )
        return Delivery(token: token, place: .file(path), lines: lines)
    }

    /// Takes a token back that works nowhere.
    func takeBack(_ delivery: Delivery, _ announce: (String) -> Void) {
        switch delivery.place {
        case .logins(let path): try? StoredLogins.update(path) { $0.remove(delivery.token, for: address) }
        case .file(let path): try? FileManager.default.removeItem(atPath: path)
        case .shown: announce("the admin token above works nowhere: its key could not be written")
        }
    }
}
