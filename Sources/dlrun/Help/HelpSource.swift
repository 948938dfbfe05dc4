internal import ArgumentParser
internal import DataSources
internal import Fields

struct HelpSource: CatalogHelp {
  static let configuration = CommandConfiguration(
    commandName: "help-source",
    abstract: "Lists the data sources, or explains one with formula, fields, defaults and example.")

  static var catalog: Catalog<any DataSource> { DataSourceCatalog.all }
  static var commonFields: [FieldDescription] { DataDeclaration.fieldDescriptions }
  static var sections: [(title: String, fields: [FieldDescription])] {
    [
      ("data", DataHeader.fieldDescriptions), ("split", RowSplit.fieldDescriptions),
      ("fold", RowFold.fieldDescriptions),
    ]
  }

  @Argument(
    help: "The type, such as csv.",
    completion: .list(DataSourceCatalog.all.names))
  var name: String?

  @Flag(name: .customLong("markdown"), help: "Print the tables of the language page.")
  var printsMarkdown = false
}
