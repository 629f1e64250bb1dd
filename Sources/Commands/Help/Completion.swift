import ArgumentParser

/// `serin completion bash`
struct Completion: ParsableCommand {
    enum Shell: String, CaseIterable, ExpressibleByArgument { case bash, zsh, fish }

    static let configuration = CommandConfiguration.verb(
        "completion",
        "Print a completion script for a shell.",
        examples: "completion bash > ~/.local/share/bash-completion/completions/serin",
        "completion zsh  > ~/.zfunc/_serin",
        "completion fish > ~/.config/fish/completions/serin.fish"
    )

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    /// Asks for the script of the whole command line, which only its root can write.
    struct Request: Error, Sendable {
        let shell: CompletionShell
    }

    func run() throws {
        switch shell {
        case .bash: throw Request(shell: .bash)
        case .zsh: throw Request(shell: .zsh)
        case .fish: throw Request(shell: .fish)
        }
    }
}
