internal import ArgumentParser
internal import Fields
internal import Solvers

struct HelpPolicy: CatalogHelp {
  static let configuration = CommandConfiguration(
    commandName: "help-policy",
    abstract:
      "Lists the learning-rate policies, or explains one with formula, fields, defaults and example."
  )

  static var catalog: Catalog<any LearningRatePolicy> { PolicyCatalog.all }

  @Argument(
    help: "The type, such as step.",
    completion: .list(PolicyCatalog.all.names))
  var name: String?

  @Flag(name: .customLong("markdown"), help: "Print the tables of the language page.")
  var printsMarkdown = false
}
