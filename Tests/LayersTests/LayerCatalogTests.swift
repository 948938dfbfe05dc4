import Fields
import Files
import Layers
import ModelFiles
import Oracles
import Tensors
import Testing
import YAML

@Suite("The layer catalog") struct LayerCatalogTests {
  static let names = LayerCatalog.all.names

  /// Returns a model file with one layer. Its mapping begins in line 4.
  private static func model(_ layer: String) throws(Diagnostics) -> ModelFile {
    let text = """
      data: {train: {source: spiral, batch_size: 4}}
      solver: {base_lr: 0.1, max_iter: 1}
      network:
      - \(layer)
      """
    return try ModelFile.read(
      Node.parse(Array(text.utf8), name: "model.yaml"), path: "model.yaml")
  }

  private static func reference(_ name: String) throws -> Reference {
    try #require(LayerCatalog.all.entry(named: name)).reference
  }

  @Test("has examples that state a layer of their type", arguments: names)
  func example(name: String) throws {
    let reference = try LayerCatalogTests.reference(name)
    let model = try LayerCatalogTests.model(reference.example)
    #expect(model.network.map(\.typeName) == [name])
    // The layer with all its defaults written out is the same layer.
    let encoded = model.network[0].encoded
    #expect(encoded["type"]?.scalar?.text == name)
    let again = try LayerCatalogTests.model(encoded.json)
    #expect(again.network.map(\.encoded.json) == [encoded.json])
  }

  @Test("refuses an unknown field at its place", arguments: names)
  func unknownField(name: String) throws {
    let example = try LayerCatalogTests.reference(name).example
    let label = try LayerCatalogTests.model(example).network[0].name
    let mapping = "{\n    surprising: 1,\n  " + example.dropFirst()
    let diagnostics = #expect(throws: Diagnostics.self) {
      try LayerCatalogTests.model(mapping)
    }
    #expect(
      diagnostics?.rendered == """
        model.yaml:5:5: error: layer '\(label)': unknown field 'surprising'
            5 |     surprising: 1,
              |     ^
        """)
  }

  @Test("describes each entry and each field", arguments: names)
  func documentation(name: String) throws {
    let entry = try #require(LayerCatalog.all.entry(named: name))
    #expect(entry.reference.formula.count >= 3)
    #expect(entry.reference.discussion.hasSuffix("."))
    for field in entry.fields {
      #expect(field.summary.hasSuffix("."), "\(field.name)")
      #expect(field.expectation.count >= 3, "\(field.name)")
      let hasDefault = field.defaultValue != nil || field.summary.contains("Default: ")
      #expect(field.isRequired != hasDefault, "\(field.name)")
    }
    let fields = entry.fields.map(\.name)
    #expect(Set(fields).count == fields.count)
    // Every layer's mapping may state these fields beside its own.
    #expect(Set(fields).isDisjoint(with: LayerHeader.fields.map(\.name) + ["type"]))
  }

  @Test("finds every name and alias, and has no duplicates")
  func uniqueness() {
    let entries = LayerCatalog.all.entries
    let all = entries.flatMap { [$0.reference.name] + $0.reference.aliases }
    #expect(Set(all).count == all.count)
    for entry in entries {
      for name in [entry.reference.name] + entry.reference.aliases {
        #expect(LayerCatalog.all.entry(named: name)?.reference.name == entry.reference.name)
      }
    }
    #expect(LayerCatalog.all.entry(named: "InnerProduct")?.reference.name == "Linear")
    #expect(LayerCatalog.all.entry(named: "linear") == nil)
  }

  @Test("has reference cases with the declared shapes", arguments: names)
  func referenceCases(name: String) throws {
    let cases = try ReferenceFile(name).layerCases()
    #expect(cases.count >= 7)
    #expect(Set(cases.map(\.name)).count == cases.count)
    for test in cases {
      let layer = try LayerCatalog.all.decoded(test.layers[0])
      let inputs = test.inputShapes
      #expect(layer.inputCount.contains(test.inputs.count))
      #expect(
        try layer.outputShapes(inputs, topCount: test.outputs.count) == test.outputs.map(\.shape))
      let parameters = layer.parameters(inputs)
      #expect(parameters.map(\.name) == test.parameters[0].map(\.name))
      #expect(parameters.map(\.shape) == test.parameters[0].map(\.tensor.shape))
    }
  }

  @Test("makes losses and metrics of prediction and target", arguments: names)
  func scoring(name: String) throws {
    let layer = try LayerCatalogTests.model(LayerCatalogTests.reference(name).example).network[0]
      .layer
    #expect((layer is any Scoring) == (layer.kind.scoring != nil))
    guard let scoring = layer.kind.scoring else { return }
    #expect(scoring.inputCount.lowerBound >= 2)
    #expect(scoring.parameters([Shape([4, 3]), Shape([4])]).isEmpty)
  }

  @Test("reports the complete message for an unknown type")
  func unknownType() {
    let diagnostics = #expect(throws: Diagnostics.self) {
      try LayerCatalogTests.model("{name: a, type: Linaer, num_output: 3}")
    }
    #expect(
      diagnostics?.rendered == """
        model.yaml:4:19: error: unknown layer type 'Linaer' ('dlrun help-layer' lists them); did you mean 'Linear'?
            4 | - {name: a, type: Linaer, num_output: 3}
              |                   ^
        """)
  }
}
