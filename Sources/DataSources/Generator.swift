internal import DataFiles
internal import YAML

/// A source that generates its examples and needs no file.
protocol Generator: DataSource {
  var generated: GeneratedClasses { get }
}

extension Generator {
  package var files: [String] { [] }

  package func signature(_ context: DataContext) throws(DataFailure) -> DataSignature {
    try generated.signature(context)
  }

  package func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    generated.check(declaration, at: node, &diagnostics)
  }
}
