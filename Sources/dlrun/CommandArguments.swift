internal import ArgumentParser
internal import Files
internal import Glibc
internal import YAML

/// The words of the command line, and mistakes in them that the parser of arguments explains badly or not at all.
struct CommandArguments {
  /// As the parser takes them.
  let words: [String]

  /// The exit code of a command line that cannot be understood.
  static let usageCode: Int32 = 2

  /// The arguments of this process, whose bytes need not be UTF-8.
  static var ofProcess: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { index in
      unsafe CommandLine.unsafeArgv[index].map { text in
        unsafe String(fileName: Array(UnsafeRawBufferPointer(start: text, count: strlen(text))))
      }
    }
  }

  /// - Parameter arguments: without the name of the program.
  init(_ arguments: [String]) {
    // The parser loses the value of an option that may have none, where another option follows.
    words = arguments.flatMap { argument in
      argument.hasPrefix("--resume=")
        ? ["--resume", String(argument.dropFirst("--resume=".count))] : [argument]
    }
  }

  // MARK: Commands

  private static let commands: [any ParsableCommand.Type] = Dlrun.configuration.subcommands

  /// The names of the commands.
  static let names = commands.map { $0._commandName } + ["help"]

  /// The command that is meant.
  private var command: any ParsableCommand.Type {
    CommandArguments.commands.first { $0._commandName == words.first } ?? Train.self
  }

  /// What is wrong before the parser sees the words; nil if nothing is.
  var mistake: String? {
    if let word = words.first, isUnknownCommand(word) {
      return unknown(word, "Unknown command '\(word.quotable)', and no file of that name")
    }
    if words.count == 2, words[0] == "help", !words[1].hasPrefix("-"),
      !CommandArguments.names.contains(words[1])
    {
      return unknown(words[1], "Unknown command '\(words[1].quotable)'")
    }
    // The parser would take -weights for the flags -w, -e … -h, and print its help.
    return options.first { isMisspeltOption($0) }.map { "Error: \(unknownOption($0))\n\(usage)" }
  }

  /// Whether the first word can only be meant as a command, and is none.
  ///
  /// `dlrun FILE` trains a file. Every word with a dot or a slash is one.
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

  // MARK: Options

  /// The names of the options in the words.
  private var options: [String] {
    words.prefix { $0 != "--" }.filter { $0.hasPrefix("-") && $0.count > 1 }.map { word in
      String(word.prefix { $0 != "=" })
    }
  }

  /// Whether a word has one dash, and more than letters of flags.
  private func isMisspeltOption(_ name: String) -> Bool {
    guard !name.hasPrefix("--"), name.count > 2, Double(name) == nil else { return false }
    return !name.dropFirst().allSatisfy { "qh".contains($0) }
  }

  /// The long options of a command, as its help page has them.
  private static func options(of command: any ParsableCommand.Type) -> [String] {
    let page = Dlrun.helpMessage(for: command, columns: 1000)
    let words = page.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
    return words.filter { $0.hasPrefix("--") } + [
      "--generate-completion-script", "--experimental-dump-help",
    ]
  }

  /// Says that there is no option of a name, and which was probably meant.
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

  // MARK: Messages

  private var usage: String {
    let name = command._commandName
    return
      "Usage: \(Dlrun.usageString(for: command))\n  See 'dlrun \(name) --help' for more information."
  }

  /// A message of the parser, with the option that was probably meant, as it may be printed.
  func mended(_ message: String) -> String {
    guard !message.isEmpty else { return "" }
    var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let known = CommandArguments.options(of: command)
    // Where an option is unknown, the parser may miss what would follow from it.
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
