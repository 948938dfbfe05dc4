internal import ArgumentParser
internal import Fields
internal import Layers

struct HelpFiller: CatalogHelp {
  static let configuration = CommandConfiguration(
    commandName: "help-filler",
    abstract: "Lists the fillers, or explains one with formula, fields, defaults and example.")

  static var catalog: Catalog<any Filler> { FillerCatalog.all }

  @Argument(
    help: "The type, such as xavier.",
    completion: .list(FillerCatalog.all.names))
  var name: String?

  @Flag(name: .customLong("markdown"), help: "Print the tables of the language page.")
  var printsMarkdown = false
}
