import RegistryTypes
import WireFormat

/// A page of help that belongs to no verb: `serin help exit-codes`.
enum HelpTopic: String, CaseIterable, Sendable {
    case refs
    case exitCodes = "exit-codes"
    case environment
    case output
    case options

    /// How the topics are called.
    static let words = allCases.map(\.rawValue)

    /// The page.
    var text: String {
        switch self {
        case .refs: Self.refsText
        case .exitCodes: Self.exitCodesText
        case .environment: Self.environmentText
        case .output: Self.outputText
        case .options: CommonHelp.topic
        }
    }

    private static let refsText = """
        REFERENCES
          ticket-bot              the release that is in production
          ticket-bot@7            version 7; with a verb that needs a release: version 7 with the prompt and
                                  the settings of production, or of the channel that --to names
          ticket-bot@staging      the release that a channel points to
          ticket-bot@r12          release 12
          @7                      version 7 of the model in SERIN_MODEL
          triage, triage@3        a prompt, and its version 3
          c-204                   a canary
          e-51                    an evaluation
          dec-1190                a decision of a policy
          ro-7, i-12              a rollout, an incident
          d-88, b-3               a drift report, the reference it was measured against
          01KAJ5W1T8Z3V0Q9M7R2X4B6CD   a captured request

        A version is a number, a release has an r before it, and no channel can be called either.
        A name has 1 to 64 of a-z, 0-9, '.', '_', '-', and starts with a letter or digit.
        A reference that matches nothing exits 3 and shows up to three near names.

        TIMES     how long ago (90s, 15min, 24h, 7d), 2026-11-21 (in UTC), or RFC 3339 with its zone
                  (2026-11-21T10:00Z, 2026-11-21T11:00:00+01:00); what is shown is in UTC

        FILTERS   of captured requests, as flags of serin request list and --filter of serin traffic freeze
          release=r2  version=8   which one answered
          channel=production      what was asked for
          arm=live                live, holdback (stays on the release before during a probation), pinned
          outcome=answered        answered, rejected, clientGone, overloaded, ownLoad, timedOut, clientDeadline, engineFailed
          source=user             user, replay, health
          key=shop                the key it came with
          labelled=yes  correct=no  liked=no  valid=no

        """

    private static let exitCodesText: String = {
        let rows: [(Exit, String, String)] = [
            (.ok, "done; the check passed", ""),
            (.error, "anything that is not below", "read the message; -v shows more"),
            (.notFound, "no such object", "near names are shown"),
            (.notAllowed, "not logged in, or the role does not allow it", "serin login, or ask an admin"),
            (.conflict, "exists already, in use, or changed meanwhile", "read again, then repeat"),
            (.unreachable, "no server answers", "serin serve, or check SERIN_SERVER"),
            (.timedOut, "still running when --timeout ended", "serin canary watch c-204"),
            (.checkFailed, "a check ran and the answer is no", "open the report"),
            (.inconclusive, "ran, but not enough data to say", "more requests: the number is given"),
            (.waiting, "needs a person, or the verdict is marginal", "open the report"),
            (.refused, "the policy does not allow it", "serin policy explain …"),
            (.usage, "wrong flags or arguments", "--help"),
            (.badData, "a file, card, policy or artifact is invalid", "file and line are given"),
            (.interrupted, "Ctrl-C; work on the server goes on", "the command to look at it is shown"),
        ]
        var table = Table(.figure("CODE"), .text("MEANING"), .text("WHAT TO DO"), indent: 2)
        for (code, meaning, next) in rows { table.row(Cell(String(code.rawValue)), Cell(meaning), Cell(next)) }
        let lines = table.lines(TextStyle(now: .init(milliseconds: 0)))
        return "EXIT CODES\n" + lines.map { $0 + "\n" }.joined() + """

              10 to 13 are verdicts, never errors: a script can branch on them. --fail-on chooses which verdicts of a
              canary are not 0; it is fail,inconclusive,marginal unless said otherwise. A drift run exits 10 when
              somebody should look and 11 while there is too little to say; a status with --exit-code exits 10 when
              something burns, fails or pages; a watched rollout exits 10 when its release was taken back.

            """
    }()

    private static let environmentText = """
        ENVIRONMENT          a flag wins over a variable
          SERIN_SERVER       address of the server; http://127.0.0.1:7470 when not set
          SERIN_TOKEN        the token, or
          SERIN_TOKEN_FILE   a file that holds it; else the login stored by: serin login
          SERIN_MODEL        the model when none is named, so that @7 means version 7 of it
          SERIN_OUTPUT       default of -o
          SERIN_NO_INPUT     never ask
          SERIN_ASCII        1: draw with ASCII only, 0: never; else the locale decides
          SERIN_DATA         data folder of serin serve
          NO_COLOR           no colours, whatever its value
          CLICOLOR_FORCE     colours without a terminal too
          TERM, COLUMNS      dumb means no colours and no bars; width of a line
          XDG_CONFIG_HOME    serin/credentials.json below it holds the logins (else ~/.config), mode 0600
          XDG_CACHE_HOME     serin/weights below it: what compare fetched (else ~/.cache), at most 16 GiB

        """

    private static let outputText = """
        OUTPUT
          The answer goes to the standard output; progress, notices and errors go to the standard error.
          serin … -o json > file  is always clean JSON.

          -o table   text for a person (default); wide shows more columns
          -o json    the value with apiVersion and kind; lists are {"items":[…],"next":…}
          -o yaml    the same as YAML
          -o name    one reference a line, for xargs
          -o md      Markdown, of the reports whose help offers it, such as: serin incident export
          -o junit   JUnit XML, of canaries and evaluations, for what reads test reports
          -o html    the page as one file that needs nothing else: serin canary show

          A verb's help says which formats it takes; any other exits 64.

          In JSON no number is formatted: times are RFC 3339 in UTC, durations seconds, sizes bytes, shares 0 to 1.
          Fields are only ever added within serin/v1. With -o json an error is one JSON object on the standard
          error (RFC 9457: type, title, detail; and exit, next, near).

          Every state has an icon and a word: ✔ pass  ✖ fail  ▲ notice  ◷ waiting  ◌ running  • unknown
          Lists show 30 rows; --limit 0 shows all. A table is never cut but on a terminal.
          --progress none|plain|bar: a bar is drawn only on a terminal; plain writes a line per tenth.

        """
}
