import Testing

@testable import Commands

/// What flags, variables and terminals decide together.
struct EnvironmentTests {
    struct ColourCase: CustomTestStringConvertible, Sendable {
        let variables: [String: String]
        let choice: ColourChoice?
        let isTerminal: Bool
        let isColoured: Bool
        var testDescription: String { "\(variables) \(String(describing: choice)) \(isTerminal)" }
    }

    @Test(arguments: [
        ColourCase(variables: [:], choice: nil, isTerminal: true, isColoured: true),
        ColourCase(variables: [:], choice: nil, isTerminal: false, isColoured: false),
        ColourCase(variables: ["NO_COLOR": "1"], choice: nil, isTerminal: true, isColoured: false),
        ColourCase(variables: ["NO_COLOR": ""], choice: nil, isTerminal: true, isColoured: false),
        ColourCase(variables: ["NO_COLOR": "1"], choice: .always, isTerminal: false, isColoured: true),
        ColourCase(
            variables: ["NO_COLOR": "1", "CLICOLOR_FORCE": "1"],
            choice: nil,
            isTerminal: true,
            isColoured: false
        ),
        ColourCase(variables: ["CLICOLOR_FORCE": "1"], choice: nil, isTerminal: false, isColoured: true),
        ColourCase(variables: ["CLICOLOR_FORCE": "0"], choice: nil, isTerminal: false, isColoured: false),
        ColourCase(variables: ["CLICOLOR_FORCE": "1"], choice: .never, isTerminal: true, isColoured: false),
        ColourCase(variables: ["TERM": "dumb"], choice: nil, isTerminal: true, isColoured: false),
        ColourCase(variables: ["TERM": "dumb"], choice: .auto, isTerminal: true, isColoured: false),
        ColourCase(variables: ["TERM": "xterm-256color"], choice: .auto, isTerminal: true, isColoured: true),
    ])
    func colours(_ test: ColourCase) {
        let environment = Environment(variables: test.variables)
        #expect(environment.isColoured(test.choice, toTerminal: test.isTerminal) == test.isColoured)
    }

    @Test(
        arguments: [
            (["LANG": "de_DE.UTF-8"], false), (["LANG": "C.utf8"], false), (["LANG": "C"], true), ([:], true),
            (["LC_ALL": "C", "LANG": "en_US.UTF-8"], true), (["LC_ALL": "", "LANG": "en_US.UTF-8"], false),
            (["LC_CTYPE": "en_US.UTF-8"], false), (["SERIN_ASCII": "1", "LANG": "en_US.UTF-8"], true),
            (["SERIN_ASCII": "0"], false), (["LANG": "en_US.ISO-8859-1"], true), (["LANG": "en_US.UTF-8@euro"], false),
        ] as [([String: String], Bool)]
    )
    func ascii(variables: [String: String], isASCII: Bool) {
        #expect(Environment(variables: variables).drawsASCII == isASCII)
    }

    @Test(
        arguments: [
            (["XDG_CONFIG_HOME": "/x", "HOME": "/h"], "/x/serin"), (["HOME": "/h"], "/h/.config/serin"),
            (["XDG_CONFIG_HOME": "relative", "HOME": "/h"], "/h/.config/serin"), ([:], nil),
        ] as [([String: String], String?)]
    )
    func configurationFolder(variables: [String: String], folder: String?) {
        #expect(Environment(variables: variables).configurationFolder == folder)
    }
}
