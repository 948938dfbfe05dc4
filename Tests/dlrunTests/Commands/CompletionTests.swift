import Oracles
import Testing

/// Calls the script's function with the words of a line, like bash.
@Suite struct CompletionTests {
  /// Returns the sorted completions of the last word of a line.
  private func offered(_ words: [String], in folder: TemporaryFolder) throws -> [String] {
    let list = words.map { "'\($0)'" }.joined(separator: " ")
    let result = try Program.shell(
      """
      $dlrun --generate-completion-script bash > script && source ./script
      COMP_WORDS=(\(list)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}; COMPREPLY=()
      _dlrun dlrun "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      printf '%s\\n' "${COMPREPLY[@]}" | sort
      """, in: folder)
    #expect(result.errors.isEmpty)
    #expect(result.exitCode == 0)
    return result.output.split(separator: "\n").map(String.init)
  }

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.makeFolder("models")
    for name in [
      "models/spiral.yaml", "models/spin.yml", "models/spiral.csv", "show.yaml", "w.txt",
    ] {
      try folder.write("", to: name)
    }
    return folder
  }

  @Test(
    arguments: [
      (["models/spi"], ["models/spin.yml", "models/spiral.yaml"]),
      (["train", "models/spi"], ["models/spin.yml", "models/spiral.yaml"]),
      (["check", "models/spir"], ["models/spiral.yaml"]),
      (["mod"], ["models"]), (["sho"], ["show", "show.yaml"]), (["tra"], ["trace", "train"]),
      (["w"], []), (["help-sol"], ["help-solver"]),
      (["models/spiral.yaml", "--ou"], ["--output"]),
      (["models/spiral.yaml", "--output", "mod"], ["models"]),
      (["--ov"], ["--overwrite"]), (["time", "--phase", "te"], ["test"]),
      (["show.yaml", "--quiet", "--re"], ["--resume"]),
      (["verify", "show.yaml", "--ju"], ["--junit"]),
    ] as [([String], [String])])
  func bashCompletes(words: [String], expected: [String]) throws {
    #expect(try offered(["dlrun"] + words, in: folder()) == expected)
  }

  @Test func bashOffersCommandsAndFilesForAnEmptyWord() throws {
    let words = try offered(["dlrun", ""], in: folder())
    for word in ["check", "help-layer", "models", "show", "show.yaml", "train"] {
      #expect(words.contains(word), "\(word)")
    }
    #expect(!words.contains("w.txt"))
  }

  /// The scripts of the other shells have the same rules.
  @Test func otherShellsOfferFilesToo() throws {
    let fish = try Program.run(["--generate-completion-script", "fish"], in: TemporaryFolder())
      .output
    let rules = fish.split(separator: "\n").filter { $0.contains("positional \"dlrun\" -eq 1") }
    #expect(rules.contains { $0.contains("*.{$exts}") })
    #expect(
      fish.contains(
        "__dlrun_should_offer_completions_for_flags_or_options \"dlrun\" output' -l 'output'"))
    let zsh = try Program.run(["--generate-completion-script", "zsh"], in: TemporaryFolder()).output
    #expect(zsh.contains("_files -g '*.(yaml|yml)' && found=0\n"))
    #expect(zsh.contains("\n_dlrun_of_command() {\n    emulate "))
  }
}
