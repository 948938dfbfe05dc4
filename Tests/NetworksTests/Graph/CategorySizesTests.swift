import DataFiles
import DataSources
import Layers
import ModelOracles
import Networks
import Tensors
import Testing

/// The sizes of layers that follow from the categories of the data.
@Suite struct CategorySizesTests {
  /// A table with the number `age`, and the categories `city` and `plan` as indices.
  private let table = DataSignature(
    [
      DataTop(
        DataTop.data, shape: Shape([3]), valueNames: ["age", "city", "plan"],
        categoryCounts: [nil, 5, 3]), DataTop(classes: .count(2)),
    ], exampleCount: nil)

  private func rows(_ layers: [String], of layer: String) throws -> [Int] {
    let all = layers + ["name: loss, type: EuclideanLoss, bottom: [\(layer), \(layer)]"]
    let graph = try graph(network(all), signature: table)
    return graph.parameters.filter { $0.owner == layer }.map { $0.declaration.shape[0] }
  }

  @Test func aLayerHasARowForEachCategoryOfItsColumn() throws {
    let slice = "name: cut, type: Slice, bottom: data, top: [age, city, plan]"
    let embed = "name: e, type: Embed, num_output: 4, bias_term: false"
    #expect(try rows([slice, embed + ", bottom: city"], of: "e") == [5])
    #expect(try rows([slice, embed + ", bottom: plan"], of: "e") == [3])
    #expect(
      try rows([slice, "name: flat, type: Flatten, bottom: plan", embed], of: "e") == [3])
    // One table for two columns has rows for the column with more categories.
    let both = "name: cut, type: Slice, bottom: data, top: [age, both], slice_point: 1"
    #expect(try rows([both, embed + ", bottom: both"], of: "e") == [5])
    #expect(try rows([both, embed + ", bottom: both, input_dim: 9"], of: "e") == [9])
    #expect(try rows([embed + ", bottom: label"], of: "e") == [2])
  }

  /// The places of a slice along an inner axis.
  @Test func aSliceKeepsThePlaceOfEachValue() throws {
    let signature = DataSignature(
      [
        DataTop(
          DataTop.data, shape: Shape([2, 3]), valueNames: ["a", "b", "c", "d", "e", "f"],
          categoryCounts: [2, 3, nil, 4, 5, nil])
      ], exampleCount: nil)
    let layers = [
      "name: cut, type: Slice, axis: 2, bottom: data, top: [x, y, z]",
      "name: e, type: Embed, num_output: 1, bottom: y, bias_term: false",
      "name: loss, type: EuclideanLoss, bottom: [e, e]",
    ]
    let graph = try graph(network(layers), signature: signature)
    #expect(graph.parameters[0].declaration.shape.axes == [5, 1])
  }

  @Test func aTooSmallNumberIsRefusedWithTheColumn() throws {
    let layers = [
      "name: cut, type: Slice, bottom: data, top: [age, city, plan]",
      "name: e, type: Embed, bottom: city, input_dim: 4, num_output: 1",
      "name: loss, type: EuclideanLoss, bottom: [e, e]",
    ]
    #expect(
      try graphMistakes(network(layers), signature: table) == """
        model.yaml:5:53: error: layer 'e' (Embed): input_dim: expected at least 5, the number of \
        categories of 'city', received 4
            5 |   - {name: e, type: Embed, bottom: city, input_dim: 4, num_output: 1}
              |                                                     ^
        """)
  }

  @Test(arguments: [
    ["name: e, type: Embed, bottom: data, num_output: 1"],
    [
      "name: p, type: Power, bottom: data, scale: 2",
      "name: e, type: Embed, bottom: p, num_output: 1",
    ],
  ])
  func aSizeThatDoesNotFollowIsRequired(_ layers: [String]) throws {
    let text = network(layers + ["name: loss, type: EuclideanLoss, bottom: [e, e]"])
    #expect(
      try graphMistakes(text, signature: table).hasPrefix(
        """
        model.yaml:\(3 + layers.count):5: error: layer 'e' (Embed): 'input_dim' is missing: expected \
        the number of rows, since the bottom does not hold indices of known categories alone

        """))
  }
}
