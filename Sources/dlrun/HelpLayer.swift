internal import ArgumentParser
internal import Layers
internal import Models
internal import Training
internal import YAML

struct HelpLayer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "help-layer",
    abstract: "Lists the layer types, or explains one: formula, fields, defaults, example.")

  @Argument(
    help: "The type, such as Linear.",
    completion: .list(LayerCatalog.all.names))
  var name: String?

  func run() throws {
    guard let name else {
      Console.result(LayerCatalog.all.list)
      return
    }
    guard let entry = LayerCatalog.all.entry(named: name) else {
      let suggestion = LayerCatalog.all.suggestion(for: name)
      throw RunFailure.refusedInput(
        LayerCatalog.all.unknown("'\(name.quotable)'")
          + (suggestion.map { "; did you mean '\($0)'?" } ?? ""))
    }
    Console.result(
      entry.page(kind: LayerCatalog.all.kind, common: LayerHeader.fieldDescriptions))
  }
}
