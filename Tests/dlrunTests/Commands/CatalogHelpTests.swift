import DataSources
import Fields
import Layers
import Oracles
import Solvers
import Testing

@Suite struct CatalogHelpTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let command: String
    let kind: String
    let names: [String]
    /// A field that all entries share.
    let common: String?
    var testDescription: String { command }

    init<Product>(_ command: String, _ catalog: Catalog<Product>, common: String? = nil) {
      (self.command, kind, names) = (command, catalog.kind, catalog.names)
      self.common = common
    }
  }

  static let cases = [
    Case("help-layer", LayerCatalog.all, common: "loss_weight"),
    Case("help-solver", SolverCatalog.all, common: "base_lr"),
    Case("help-filler", FillerCatalog.all), Case("help-policy", PolicyCatalog.all),
    Case("help-regularizer", RegularizerCatalog.all),
    Case("help-source", DataSourceCatalog.all, common: "batch_size"),
    Case("help-transform", TransformCatalog.all, common: "in_tests"),
  ]

  @Test(.tags(.slow), arguments: cases)
  func listsAndExplainsEveryEntry(help: Case) throws {
    let folder = try TemporaryFolder()
    let list = try Program.run([help.command], in: folder)
    #expect(list.exitCode == 0)
    #expect(list.errors.isEmpty)
    let lines = list.output.split(separator: "\n")
    #expect(lines.map { String($0.prefix { $0 != " " }) } == help.names)
    for name in help.names {
      let page = try Program.run([help.command, name], in: folder)
      #expect(page.exitCode == 0)
      #expect(page.output.hasPrefix("\(name) (\(help.kind))"))
      #expect(page.output.contains("\nExample:\n\n    "))
      let fields = "\nFields of every \(help.kind):\n"
      #expect(page.output.contains(fields) == (help.common != nil))
      if let common = help.common { #expect(page.output.contains("\n  \(common): ")) }
    }
  }

  @Test func explainsAFiller() throws {
    let result = try Program.run(["help-filler", "constant"], in: TemporaryFolder())
    #expect(
      result.output.hasPrefix(
        """
        constant (filler)

            w = value

        """))
    #expect(result.output.contains("\n  value: a number from -1e+30 to 1e+30, default 0\n"))
  }

  @Test func suggestsAnEntry() throws {
    let result = try Program.run(["help-policy", "Step"], in: TemporaryFolder())
    #expect(result.exitCode == 1)
    #expect(result.output.isEmpty)
    let names = PolicyCatalog.all.names.joined(separator: ", ")
    #expect(
      result.errors == """
        error: unknown learning-rate policy type 'Step' (known types: \(names)); did you mean \
        'step'?

        """)
  }
}
