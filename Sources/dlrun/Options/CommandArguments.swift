internal import ArgumentParser
internal import Files
internal import Glibc
internal import YAML

/// Prepares the words of the command line for the parser, and improves its messages about mistakes.
struct CommandArguments {
  /// The words in the form that the parser expects.
  let words: [String]

  /// The exit code for an invalid command line.
  static let usageCode: Int32 = 2

  /// The arguments of this process, whose bytes may not be UTF-8.
  static var ofProcess: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { index in
      unsafe CommandLine.unsafeArgv[index].map { text in
        unsafe String(fileName: Array(UnsafeRawBufferPointer(start: text, count: strlen(text))))
      }
    }
  }

  /// Prepares the words.
  ///
  /// - Parameter arguments: the arguments without the name of the program.
  init(_ arguments: [String]) {
    // The parser loses the value of an option with an optional value when another option follows.
    words = arguments.flatMap { argument in
      argument.hasPrefix("--resume=")
        ? ["--resume", String(argument.dropFirst("--resume=".count))] : [argument]
    }
  }

  private static let commands: [any ParsableCommand.Type] = Dlrun.configuration.subcommands

  /// The names of the commands.
  static let names = commands.map { $0._commandName } + ["help"]

  /// The command that the words name.
  private var command: any ParsableCommand.Type {
    CommandArguments.commands.first { $0._commandName == words.first } ?? Train.self
  }

  /// The message about a mistake that is found before parsing, or nil.
  var mistake: String? {
    if let word = words.first, isUnknownCommand(word) {
      return unknown(word, "Unknown command '\(word.quotable)', and no file of that name")
    }
    if words.count == 2, words[0] == "help", !words[1].hasPrefix("-"),
      !CommandArguments.names.contains(words[1])
    {
      return unknown(words[1], "Unknown command '\(words[1].quotable)'")
    }
    // The parser would read -weights as the flags -w, -e … -h, and print its help.
    return options.first { isMisspeltOption($0) }.map { "Error: \(unknownOption($0))\n\(usage)" }
  }

  /// Whether the first word can only be a command, but is not one.
  ///
  /// `dlrun FILE` trains a file. A word with a dot or a slash is always a file.
  private func isUnknownCommand(_ word: String) -> Bool {
    !word.isEmpty && !word.hasPrefix("-") && !word.contains { "./".contains($0) }
      && !CommandArguments.names.contains(word) && FileSystem.status(at: word) == nil
  }

  private func unknown(_ word: String, _ message: String) -> String {
    let hint =
      CommandArguments.names.nearest(to: word).map { ". Did you mean '\($0)'?" }
      ?? ". The commands are \(CommandArguments.names.joined(separator: ", "))"
    return "Error: \(message)\(hint)\nUsage: dlrun <command>\n"
      + "  See 'dlrun --help' for more information."
  }

  /// The names of the options in the words.
  private var options: [String] {
    words.prefix { $0 != "--" }.filter { $0.hasPrefix("-") && $0.count > 1 }.map { word in
      String(word.prefix { $0 != "=" })
    }
  }

  /// Whether a word has one dash, but does not consist of flags.
  private func isMisspeltOption(_ name: String) -> Bool {
    guard !name.hasPrefix("--"), name.count > 2, Double(name) == nil else { return false }
    return !name.dropFirst().allSatisfy { "qh".contains($0) }
  }

  /// Returns the long options in the help page of a command.
  private static func options(of command: any ParsableCommand.Type) -> [String] {
    let page = Dlrun.helpMessage(for: command, columns: 1000)
    let words = page.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
    return words.filter { $0.hasPrefix("--") } + [
      "--generate-completion-script", "--experimental-dump-help",
    ]
  }

  /// Returns the message about an unknown option, with the most similar one.
  private func unknownOption(_ name: String) -> String {
    let message = "Unknown option '\(name.quotable)'"
    let long = name.hasPrefix("--") ? name : "-\(name)"
    let known = CommandArguments.options(of: command)
    if let nearest = known.nearest(to: long) { return "\(message). Did you mean '\(nearest)'?" }
    let owner = CommandArguments.commands.first {
      CommandArguments.options(of: $0).contains(long)
    }
    return owner.map { "\(message). It is an option of 'dlrun \($0._commandName)'" } ?? message
  }

  private var usage: String {
    let name = command._commandName
    return
      "Usage: \(Dlrun.usageString(for: command))\n  See 'dlrun \(name) --help' for more information."
  }

  /// Returns a message of the parser with a suggestion, ready for printing.
  func mended(_ message: String) -> String {
    guard !message.isEmpty else { return "" }
    var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let known = CommandArguments.options(of: command)
    // With an unknown option, the parser may report a consequence instead.
    if let name = options.first(where: { $0.hasPrefix("--") && !known.contains($0) }) {
      lines = ["Error: \(unknownOption(name))", usage]
    } else if lines[0].hasPrefix("Error: Can't generate completion scripts"),
      let nearest = ["bash", "zsh", "fish"].nearest(to: words.last ?? "")
    {
      lines[0] += " Did you mean '\(nearest)'?"
    }
    return lines.joined(separator: "\n").split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).asMessage }.joined(separator: "\n")
  }
}
