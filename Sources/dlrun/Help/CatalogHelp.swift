internal import ArgumentParser
internal import Fields
internal import Files
internal import YAML

/// A command that lists the entries of a catalog or explains one entry.
protocol CatalogHelp: ParsableCommand {
  associatedtype Product
  static var catalog: Catalog<Product> { get }
  /// The fields that all entries share.
  static var commonFields: [FieldDescription] { get }
  /// The fields of mappings that stand beside an entry, with a title each.
  static var sections: [(title: String, fields: [FieldDescription])] { get }
  var name: String? { get }
  var printsMarkdown: Bool { get }
}

extension CatalogHelp {
  static var commonFields: [FieldDescription] { [] }
  static var sections: [(title: String, fields: [FieldDescription])] { [] }

  func validate() throws {
    if printsMarkdown, name != nil {
      throw ValidationError("--markdown prints all entries: expected no name")
    }
  }

  func run() throws {
    let catalog = Self.catalog
    if printsMarkdown {
      try Console.result(catalog.markdown(common: Self.commonFields, sections: Self.sections))
      return
    }
    guard let name else {
      try Console.result(catalog.list)
      return
    }
    guard let entry = catalog.entry(named: name) else {
      let suggestion = catalog.suggestion(for: name)
      throw RunFailure.refusedInput(
        catalog.unknown("'\(name.quotable)'")
          + (suggestion.map { "; did you mean '\($0)'?" } ?? ""))
    }
    try Console.result(
      entry.page(kind: catalog.kind, common: Self.commonFields, sections: Self.sections))
  }
}
