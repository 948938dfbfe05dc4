internal import ArgumentParser
internal import DataSources
internal import Fields

struct HelpTransform: CatalogHelp {
  static let configuration = CommandConfiguration(
    commandName: "help-transform",
    abstract: "Lists the transforms, or explains one with formula, fields, defaults and example.")

  static var catalog: Catalog<any Transform> { TransformCatalog.all }
  static var commonFields: [FieldDescription] { TransformDeclaration.commonFields }

  @Argument(
    help: "The type, such as crop.",
    completion: .list(TransformCatalog.all.names))
  var name: String?

  @Flag(name: .customLong("markdown"), help: "Print the tables of the language page.")
  var printsMarkdown = false
}
