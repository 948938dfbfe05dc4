/// The completion scripts of the shells.
///
/// The parser's script completes only commands after `dlrun`. This script also completes the
/// arguments of `dlrun train`, because `dlrun FILE` is short for `dlrun train FILE`.
enum CompletionScript {
  /// Returns a script with the completions of the default command. Its first line identifies the
  /// shell.
  static func withDefaultCommand(_ script: String) -> String {
    if script.hasPrefix("#!/bin/bash") { return wrapped(script, by: bash) }
    if script.hasPrefix("#compdef") { return wrapped(script, by: zsh) }
    return script.hasPrefix("function ") ? fish(script) : script
  }

  /// Renames the script's function, and adds a function with the old name that calls it.
  private static func wrapped(_ script: String, by function: String) -> String {
    let head = "\n_dlrun() {\n"
    let parts = script.split(separator: head, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return script }
    return parts[0] + "\n" + function + "\n_dlrun_of_command() {\n" + parts[1]
  }

  /// The words that have completions of their own, as a pattern of the shell.
  private static let commands = CommandArguments.names.joined(separator: "|")

  private static let bash = """
    # The first word is a command, or the file of 'train'.
    _dlrun() {
        local file
        if [[ "${COMP_CWORD}" -gt 1 && "${COMP_WORDS[1]}" = @(\(commands)) ]]; then
            _dlrun_of_command "${@}"
            return
        fi
        if [[ "${COMP_CWORD}" -eq 1 && "${2}" != -* ]]; then
            _dlrun_of_command "${@}"
            while IFS='' read -r file; do
                if [[ -d "${file}" || "${file}" = *.yaml || "${file}" = *.yml ]]; then
                    COMPREPLY+=("${file}")
                fi
            done < <(compgen -f -- "${2}")
            return
        fi
        local -a COMP_WORDS=("${COMP_WORDS[0]}" train "${COMP_WORDS[@]:1}")
        local -i COMP_CWORD="$((COMP_CWORD + 1))"
        _dlrun_of_command "${@}"
    }

    """

  private static let zsh = """
    # The first word is a command, or the file of 'train'.
    _dlrun() {
        if [[ "${CURRENT}" -gt 2 && "${words[2]}" = (\(commands)) ]]; then
            _dlrun_of_command "${@}"
        elif [[ "${CURRENT}" -eq 2 && "${words[2]}" != -* ]]; then
            local -i found=1
            _dlrun_of_command "${@}" && found=0
            _files -g '*.(yaml|yml)' && found=0
            return "${found}"
        else
            words=("${words[1]}" train "${(@)words[2,-1]}")
            ((CURRENT++))
            _dlrun_of_command "${@}"
        fi
    }

    """

  /// Copies each rule of `dlrun train` to `dlrun`.
  private static func fish(_ script: String) -> String {
    let lines = script.split(separator: "\n", omittingEmptySubsequences: false)
    let rules = lines.filter { line in
      line.hasPrefix("complete ") && line.contains(" \"dlrun train\"")
        && !line.contains("\"dlrun train\" version") && !line.contains("\"dlrun train\" h help")
    }
    return script + "\n"
      + rules.map { $0.replacing("\"dlrun train\"", with: "\"dlrun\"") }.joined(separator: "\n")
  }
}
