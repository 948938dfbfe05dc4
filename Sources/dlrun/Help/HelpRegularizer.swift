internal import ArgumentParser
internal import Fields
internal import Solvers

struct HelpRegularizer: CatalogHelp {
  static let configuration = CommandConfiguration(
    commandName: "help-regularizer",
    abstract: "Lists the regularizers, or explains one with formula, fields, defaults and example.")

  static var catalog: Catalog<any Regularizer> { RegularizerCatalog.all }

  @Argument(
    help: "The type, such as L2.",
    completion: .list(RegularizerCatalog.all.names))
  var name: String?

  @Flag(name: .customLong("markdown"), help: "Print the tables of the language page.")
  var printsMarkdown = false
}
