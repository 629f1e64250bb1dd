import ArgumentParser
import Foundation
import RegistryTypes
import StoredLogins
import WireFormat
import Wording

/// `serin login`
struct Login: Verb {
    static let configuration = CommandConfiguration.verb(
        "login",
        "Check a token and keep it for this server.",
        discussion: """
            The token is never a flag: it is asked for, read from the standard input, or from --token-file.
            """,
        examples: "login",
        "login --server https://models.example.com --token-file token.txt",
        "login < token.txt"
    )

    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        guard let path = StoredLogins.path(session.environment) else {
            throw CommandsError.unwritable(path: "credentials.json", problem: "there is no home folder to keep it in")
        }
        let token = try read(session)
        let client = session.client.with(token: token)
        let who: WhoAmI = try await client.get(APIPath.whoAmI)
        guard let name = who.name, let role = who.role else {
            throw Problem(
                status: 401,
                title: "\(session.server) does not know this token",
                next: "ask an admin: \(NextStep.keyCreate())",
                exit: Exit.notAllowed.rawValue
            )
        }
        let before = try StoredLogins.change(path) { logins in
            logins.servers.updateValue(.init(token: token.text), forKey: session.server.description)
        }
        if let before, before.token != token.text {
            session.printer.talk("the login that was kept for \(session.server) before is replaced")
        }
        try session.show(
            who,
            kind: "WhoAmI",
            names: [name.text],
            Report {
                $0.line(StatusCell.pass("logged in as \(name)"), Cell("   role \(role.rawValue), \(session.server)"))
            }
        )
        session.printer.detail("kept in \(path), mode 0600")
        return .ok
    }

    private func read(_ session: Session) throws(CommandsError) -> Token {
        if global.tokenFile != nil, let token = session.client.token { return token }
        if session.settings.mayAsk {
            Streams.talk("token for \(session.server): ")
            let text = session.work.reading { HiddenInput.readLine() } ?? ""
            Streams.talk("\n")
            return try Token(text, origin: "the keyboard")
        }
        guard !session.environment.inputIsTerminal,
            let text = session.work.reading({ readLine(strippingNewline: true) }), !text.isEmpty
        else {
            throw .wouldAsk(question: "a token is needed", flag: "--token-file FILE, or pipe it in")
        }
        return try Token(text, origin: "the standard input")
    }
}

/// `serin logout`
struct Logout: Verb {
    static let configuration = CommandConfiguration.verb(
        "logout",
        "Forget the token that is kept for this server.",
        examples: "logout"
    )

    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let address = session.server.description
        guard let path = StoredLogins.path(session.environment) else { return .ok }
        // Nothing is made where nothing is kept.
        let isKnown = try StoredLogins.read(path).servers[address] != nil
        let wasKnown =
            isKnown ? try StoredLogins.change(path) { $0.servers.removeValue(forKey: address) != nil } : false
        try session.show(
            ["server": address],
            kind: "Logout",
            names: [address],
            Report {
                $0.line(StatusCell.pass(wasKnown ? "logged out of \(address)" : "was not logged in to \(address)"))
            }
        )
        return .ok
    }
}

/// `serin whoami`
struct WhoAmIVerb: Verb {
    static let configuration = CommandConfiguration.verb(
        "whoami",
        "Say who the server thinks you are.",
        discussion: """
            Exits 4 without a key that works.
            """,
        examples: "whoami",
        "whoami -o json"
    )

    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let (name, role, who) = try await session.requireLogin()
        try session.show(
            who,
            kind: "WhoAmI",
            names: [name.text],
            Report {
                $0.line(
                    Cell(name.text, .strong),
                    Cell("   role \(role.rawValue), \(session.server), build \(who.build)")
                )
            }
        )
        return .ok
    }
}
