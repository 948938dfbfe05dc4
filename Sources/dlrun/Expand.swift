internal import ArgumentParser
internal import Files
internal import Training
internal import YAML

struct Expand: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the resolved model file with overrides, variables and defaults applied."
  )

  @Argument(help: "The model file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @OptionGroup var options: SharedOptions

  @Flag(help: "Prints JSON.")
  var json = false

  @Flag(help: "Prints the parsed document of any YAML file, without reading it as a model.")
  var raw = false

  func run() throws {
    let document = try Document.read(
      file, overrides: try options.modelOverrides(), isRaw: raw)
    try StandardOutput.write(json ? document.json : document.yaml)
  }
}
