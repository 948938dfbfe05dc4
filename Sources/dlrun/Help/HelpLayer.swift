internal import ArgumentParser
internal import Fields
internal import Layers
internal import ModelFiles

struct HelpLayer: CatalogHelp {
  static let configuration = CommandConfiguration(
    commandName: "help-layer",
    abstract: "Lists the layer types, or explains one with formula, fields, defaults and example.")

  static var catalog: Catalog<any Layer> { LayerCatalog.all }
  static var commonFields: [FieldDescription] { LayerHeader.fieldDescriptions }

  @Argument(
    help: "The type, such as Linear.",
    completion: .list(LayerCatalog.all.names))
  var name: String?

  @Flag(name: .customLong("markdown"), help: "Print the tables of the language page.")
  var printsMarkdown = false
}
