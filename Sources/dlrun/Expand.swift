internal import ArgumentParser
internal import Files
internal import Training
internal import YAML

struct Expand: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the resolved model file: overrides and variables applied, defaults filled in."
  )

  @Argument(help: "The model file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @OptionGroup var options: SharedOptions

  @Flag(help: "Prints JSON.")
  var json = false

  @Flag(help: "Prints the document as parsed, before it is read as a model; any YAML file will do.")
  var raw = false

  func run() throws {
    let document = try Document.read(
      file, overrides: try options.modelOverrides(), isRaw: raw)
    try StandardOutput.write(json ? document.json : document.yaml)
  }
}
