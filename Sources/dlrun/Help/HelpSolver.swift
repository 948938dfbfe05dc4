internal import ArgumentParser
internal import Fields
internal import ModelFiles
internal import Solvers

struct HelpSolver: CatalogHelp {
  static let configuration = CommandConfiguration(
    commandName: "help-solver",
    abstract: "Lists the solvers, or explains one with formula, fields, defaults and example.")

  static var catalog: Catalog<any Solver> { SolverCatalog.all }
  static var commonFields: [FieldDescription] { SolverDeclaration.fieldDescriptions }

  @Argument(
    help: "The type, such as SGD.",
    completion: .list(SolverCatalog.all.names))
  var name: String?

  @Flag(name: .customLong("markdown"), help: "Print the tables of the language page.")
  var printsMarkdown = false
}
