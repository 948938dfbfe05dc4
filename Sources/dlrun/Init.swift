internal import ArgumentParser
internal import Files
internal import Inspection
internal import Runs
internal import YAML

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Writes a model file for a table or a folder of images.",
    discussion: """
      The file trains as it is. For a table, the command finds the form of the text, the types of \
      the columns, and a suitable network and solver. It leaves out ids, constants and free text. \
      A folder of images has one folder for each class, possibly below 'train' and 'test'. Each \
      guess is a line of the file, with a comment. Training then guesses nothing.
      """)

  @Argument(help: "The table, or the folder of images.", completion: .file())
  var data: String

  @Option(
    help: ArgumentHelp(
      "The column of the table that the model predicts. Several columns, in a list with commas or "
        + "with several --target, are all numbers, or all booleans.",
      valueName: "column"))
  var target: [String] = []

  @Option(
    help: ArgumentHelp(
      "The model file to write, or '-' for standard output. Default: the name of the data, in the "
        + "current folder.", valueName: "model.yaml"),
    completion: .file(extensions: ["yaml", "yml"]))
  var output: String?

  @Flag(help: "Replaces an existing file at --output.")
  var overwrite = false

  func run() throws {
    let output = output ?? ModelProposal.fileName(for: data)
    var inputs = InputFiles()
    inputs.add(data, as: "the data")
    let place = try NamedOutput(
      output, option: "--output", overwrites: overwrite, sparing: inputs)
    let proposal: ModelProposal
    switch try ModelProposal.outcome(data: data, targets: target, modelPath: output) {
    case .proposal(let found): proposal = found
    case .question(let lines):
      lines.forEach(Console.error)
      throw ExitCode(1)
    }
    try place.write(proposal.text)
    let message = "\(output.escapingControls): \(proposal.summary.escapingControls)"
    if place.isStandardOutput { return Console.error(message) }
    try Console.result(message)
  }
}
