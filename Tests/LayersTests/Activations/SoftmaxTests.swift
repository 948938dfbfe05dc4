import Layers
import Oracles
import Testing

@Suite("Softmax") struct SoftmaxTests {
  @Test(
    "keeps the shape, and accepts an axis of an example",
    arguments: [
      ShapeCase("Softmax", [[5, 3]], gives: [[5, 3]]),
      ShapeCase("{type: Softmax, axis: -1}", [[5, 3, 2]], gives: [[5, 3, 2]]),
      ShapeCase(
        "Softmax", [[5]], refuses: "axis 1 is not one of the axes 1 to 0 of an example, or is empty"
      ),
      ShapeCase(
        "{type: Softmax, axis: 0}", [[5, 3]],
        refuses: "axis 0 is not one of the axes 1 to 1 of an example, or is empty"),
      ShapeCase(
        "{type: Softmax, axis: -2}", [[5, 3]],
        refuses: "axis -2 is not one of the axes 1 to 1 of an example, or is empty"),
      ShapeCase(
        "Softmax", [[5, 0]],
        refuses: "axis 1 is not one of the axes 1 to 1 of an example, or is empty"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }
}
