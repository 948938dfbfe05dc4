import Fields
import Files
import ModelFiles
import Oracles
import Solvers
import Testing
import YAML

/// Checks every entry of the three catalogs of this module.
@Suite("The catalogs of solvers, policies and regularizers") struct CatalogTests {
  /// A catalog without the type of its products.
  struct Subject: CustomTestStringConvertible {
    let kind: String
    let entries: [(reference: Reference, fields: [FieldDescription])]
    /// Reads a YAML value and returns it with all defaults.
    let roundTrip: @Sendable (String) throws(Diagnostics) -> Node

    var testDescription: String { kind }

    init<Product>(_ catalog: Catalog<Product>, _ encoded: @escaping @Sendable (Product) -> Node) {
      kind = catalog.kind
      entries = catalog.entries.map { ($0.reference, $0.fields) }
      roundTrip = { text throws(Diagnostics) in encoded(try catalog.decoded(text)) }
    }
  }

  static let fieldCatalogs = [
    Subject(PolicyCatalog.all) { Node(.mapping($0.encodedEntry)) },
    Subject(RegularizerCatalog.all) { Node(.mapping($0.encodedEntry)) },
  ]
  static let all = fieldCatalogs + [Subject(SolverCatalog.all) { Node(.mapping($0.encodedEntry)) }]

  /// The `solver:` of a model file, which begins in line 1.
  private static func solver(_ text: String) throws(Diagnostics) -> SolverDeclaration {
    var diagnostics = Diagnostics()
    let node = try Node.parse(Array(text.utf8), name: "test.yaml")
    guard let solver = SolverDeclaration.decode(node, &diagnostics) else { throw diagnostics }
    return solver
  }

  @Test(
    "have examples that state their own type and survive a round trip", arguments: fieldCatalogs)
  func examples(subject: Subject) throws {
    for (reference, _) in subject.entries {
      let encoded = try subject.roundTrip(reference.example)
      #expect(encoded["type"]?.scalar?.text == reference.name)
      #expect(try subject.roundTrip(encoded.json).json == encoded.json)
    }
  }

  @Test("have examples of a whole solver", arguments: SolverCatalog.all.names)
  func solverExample(name: String) throws {
    let reference = try #require(SolverCatalog.all.entry(named: name)).reference
    let solver = try CatalogTests.solver(reference.example)
    #expect(type(of: solver.solver).reference.name == name)
    #expect(try CatalogTests.solver(solver.encoded.json).encoded.json == solver.encoded.json)
  }

  @Test("refuse an unknown field at its position", arguments: fieldCatalogs)
  func unknownField(subject: Subject) throws {
    for (reference, _) in subject.entries {
      let example =
        reference.example.hasPrefix("{")
        ? String(reference.example.dropFirst()) : "type: \(reference.example)}"
      let diagnostics = #expect(throws: Diagnostics.self) {
        try subject.roundTrip("{\n  surprising: 1,\n" + example)
      }
      #expect(
        diagnostics?.rendered == """
          test.yaml:2:3: error: \(subject.kind) \(reference.name): unknown field 'surprising'
              2 |   surprising: 1,
                |   ^
          """)
    }
  }

  @Test("refuse an unknown field of a solver at its position", arguments: SolverCatalog.all.names)
  func unknownSolverField(name: String) throws {
    let reference = try #require(SolverCatalog.all.entry(named: name)).reference
    let diagnostics = #expect(throws: Diagnostics.self) {
      try CatalogTests.solver("{\n  momentun: 1,\n" + reference.example.dropFirst())
    }
    let fields = SolverCatalog.all.entry(named: name)?.fields ?? []
    // The message does not suggest a field that the example already states.
    let hasMomentum =
      fields.contains { $0.name == "momentum" } && !reference.example.contains("momentum:")
    #expect(
      diagnostics?.rendered == """
        test.yaml:2:3: error: solver: unknown field 'momentun'\
        \(hasMomentum ? "; did you mean 'momentum'?" : "")
            2 |   momentun: 1,
              |   ^
        """)
  }

  @Test(
    "refuse momentum where a solver has none",
    arguments: [
      (
        "{type: AdaGrad, base_lr: 1, max_iter: 1, momentum: 0.9}",
        "test.yaml:1:42: error: solver: unknown field 'momentum'"
      ),
      (
        "{type: RMSProp, base_lr: 1, max_iter: 1, momentum: 0.9, form: caffe}",
        "test.yaml:1:1: error: solver: expected no momentum with form caffe, whose RMSProp has "
          + "none, received 0.9"
      ),
      (
        "{type: RMSProp, base_lr: 1, max_iter: 1, centered: true, form: caffe}",
        "test.yaml:1:1: error: solver: expected centered: false with form caffe, which has "
          + "no centring, received true"
      ),
      (
        "{type: Adam, base_lr: 1, max_iter: 1, momentum: 1}",
        "test.yaml:1:49: error: momentum: expected a number from 0 to below 1, received '1'"
      ),
      (
        "{type: AdamW, base_lr: 1, max_iter: 1, momentum2: -0.5}",
        "test.yaml:1:51: error: momentum2: expected a number from 0 to below 1, received '-0.5'"
      ),
      (
        "{type: Adam, base_lr: 1, max_iter: 1, delta: 0}",
        "test.yaml:1:46: error: delta: expected a number from 1e-30 to 1000000, received '0'"
      ),
      (
        "{type: Muon, base_lr: 1, max_iter: 1, ns_steps: 0}",
        "test.yaml:1:49: error: ns_steps: expected an integer from 1 to 99, received '0'"
      ),
    ])
  func mistakes(yaml: String, headline: String) {
    let diagnostics = #expect(throws: Diagnostics.self) { try CatalogTests.solver(yaml) }
    #expect(
      diagnostics?.rendered.split(separator: "\n").first.map(String.init) == headline)
    #expect(diagnostics?.all.count == 1)
  }

  @Test("document themselves and their fields, and have one name each", arguments: all)
  func documentation(subject: Subject) {
    let names = subject.entries.flatMap { [$0.reference.name] + $0.reference.aliases }
    #expect(Set(names).count == names.count)
    for (reference, fields) in subject.entries {
      #expect(reference.formula.count >= 3)
      #expect(reference.discussion.hasSuffix("."))
      #expect(Set(fields.map(\.name)).count == fields.count)
      for field in fields {
        #expect(field.summary.hasSuffix("."), "\(reference.name).\(field.name)")
        // The help of a field whose default varies states the default in words.
        let hasDefault = field.defaultValue != nil || field.summary.contains("Default: ")
        #expect(field.isRequired == !hasDefault, "\(reference.name).\(field.name)")
      }
    }
  }

  @Test("have no field with the name of a field that all solvers share")
  func distinctFields() {
    let common = Set(SolverDeclaration.fields.map(\.name) + ["type"])
    for entry in SolverCatalog.all.entries {
      #expect(common.isDisjoint(with: entry.fields.map(\.name)))
    }
  }

  @Test("list their entries when a type is unknown")
  func unknownTypes() {
    let diagnostics = #expect(throws: Diagnostics.self) {
      try CatalogTests.solver(
        "{base_lr: 1, max_iter: 1, lr_policy: stepp, regularization_type: L3}")
    }
    #expect(
      diagnostics?.all.map(\.message) == [
        "unknown learning-rate policy type 'stepp' "
          + "(known types: \(PolicyCatalog.all.names.joined(separator: ", "))); "
          + "did you mean 'step'?",
        "unknown regularizer type 'L3' (known types: L2, L1, elastic, max_norm); "
          + "did you mean 'L2'?",
      ])
    let solver = #expect(throws: Diagnostics.self) {
      try CatalogTests.solver("{type: SDG, base_lr: 1, max_iter: 1}")
    }
    #expect(
      solver?.rendered == """
        test.yaml:1:8: error: unknown solver type 'SDG' \
        (known types: \(SolverCatalog.all.names.joined(separator: ", "))); did you mean 'SGD'?
            1 | {type: SDG, base_lr: 1, max_iter: 1}
              |        ^
        """)
  }
}
