import ArgumentParser

/// `serin completion bash`
struct Completion: ParsableCommand {
    enum Shell: String, CaseIterable, ExpressibleByArgument { case bash, zsh, fish }

    static let configuration = CommandConfiguration.verb(
        "completion",
        "Print a completion script for a shell.",
        discussion: """
            The script asks serin itself what may stand at the cursor: verbs, flags, the values that a flag takes, and the \
            names that the server at SERIN_SERVER holds. A server that does not answer within a second is not waited for.
            """,
        examples: "completion bash > ~/.local/share/bash-completion/completions/serin",
        "completion zsh  > ~/.zfunc/_serin",
        "completion fish > ~/.config/fish/completions/serin.fish"
    )

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    func run() throws { Streams.out(shell.script) }
}

extension Completion.Shell {
    /// What the shell runs at each TAB. It knows nothing of verbs and flags, so that it never is older than the binary,
    /// and it does not use the words that the shell cut: bash cuts `ticket-bot@7` at its @.
    var script: String {
        switch self {
        case .bash: Self.bashScript
        case .zsh: Self.zshScript
        case .fish: Self.fishScript
        }
    }

    private static let bashScript = """
        # Completion of serin for bash.
        _serin() {
            local line=${COMP_LINE:0:COMP_POINT} word cut answer
            word=${line##*[[:space:]]}
            # What readline replaces begins behind the last of these.
            cut=${word%"${word##*[@=:]}"}
            COMPREPLY=()
            local -a lines=()
            while IFS= read -r answer; do lines+=("${answer%%$'\\t'*}"); done < <("$1" \(ShellCompletion.flag) line "$line" 2>/dev/null)
            if [[ ${lines[0]} == :files ]]; then
                compopt -o default 2>/dev/null
                return
            fi
            for answer in "${lines[@]:1}"; do COMPREPLY+=("${answer#"$cut"}"); done
            if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[@=] ]]; then compopt -o nospace 2>/dev/null; fi
        }
        complete -F _serin serin

        """

    private static let zshScript = """
        #compdef serin
        # Completion of serin for zsh.
        _serin() {
            local -a lines names shown open openshown
            local line
            lines=("${(@f)$("${words[1]}" \(ShellCompletion.flag) words "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
            if [[ $lines[1] == :files ]]; then
                _files
                return
            fi
            for line in "${(@)lines[2,-1]}"; do
                [[ -z $line ]] && continue
                if [[ ${line%%$'\\t'*} == *[@=] ]]; then
                    open+=("${line%%$'\\t'*}") openshown+=("${line//$'\\t'/  -- }")
                else
                    names+=("${line%%$'\\t'*}") shown+=("${line//$'\\t'/  -- }")
                fi
            done
            (( $#open )) && compadd -S '' -l -d openshown -- "${open[@]}"
            (( $#names )) && compadd -l -d shown -- "${names[@]}"
        }
        if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _serin "$@"; else compdef _serin serin; fi

        """

    private static let fishScript = """
        # Completion of serin for fish.
        function __serin_complete
            set -l before (commandline -opc)
            set -l current (commandline -ct)
            set -l lines ($before[1] \(ShellCompletion.flag) words $before[2..-1] "$current" 2>/dev/null)
            if test "$lines[1]" = :files
                __fish_complete_path "$current"
            else
                string join -- \\n $lines[2..-1]
            end
        end
        complete -c serin -f -a '(__serin_complete)'

        """
}
