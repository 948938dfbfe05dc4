import DataSources
import Layers
import Oracles
import Testing

@Suite("Reshape and Input") struct ReshapeTests {
  @Test(
    "keep the examples and the number of values",
    arguments: [
      ShapeCase("{type: Reshape, shape: [0, 3, 4]}", [[2, 12]], gives: [[2, 3, 4]]),
      ShapeCase("{type: Reshape, shape: [0, -1, 2]}", [[2, 3, 4]], gives: [[2, 6, 2]]),
      ShapeCase("{type: Reshape, shape: [-1, 12]}", [[2, 3, 4]], gives: [[2, 12]]),
      ShapeCase("{type: Reshape, shape: [2, 6], axis: 1}", [[5, 3, 4]], gives: [[5, 2, 6]]),
      ShapeCase(
        "{type: Reshape, shape: [1, 1], axis: 2, num_axes: 0}", [[5, 3, 4]],
        gives: [[5, 3, 1, 1, 4]]),
      ShapeCase("{type: Reshape, shape: 1, axis: -1}", [[5, 3]], gives: [[5, 3, 1]]),
      ShapeCase(
        "{type: Reshape, shape: [0, 5]}", [[2, 12]], refuses: "24 values do not fill 2x5"),
      ShapeCase(
        "{type: Reshape, shape: [0, -1, 5]}", [[2, 12]],
        refuses: "24 values cannot be divided into 2x?x5"),
      ShapeCase(
        "{type: Reshape, shape: [0, 0, 0, 1]}", [[2, 12]],
        refuses: "shape: 0 keeps axis 2, which does not exist"),
      ShapeCase(
        "{type: Reshape, shape: [2, 12]}", [[2, 12]],
        refuses: "the first axis counts the examples and stays: expected a shape that begins with "
          + "0, or axis: 1"),
      ShapeCase(
        "{type: Reshape, shape: [-1, 3]}", [[2, 12]],
        refuses: "the first axis counts the examples and stays: expected a shape that begins with "
          + "0, or axis: 1"),
      ShapeCase(
        "{type: Reshape, shape: 1, axis: 4}", [[2, 12]],
        refuses: "axis 4 is not a place among 2 axes"),
      ShapeCase(
        "{type: Reshape, shape: 1, axis: 1, num_axes: 2}", [[2, 12]],
        refuses: "num_axes 2 from axis 1 on: expected at most the 2 axes"),
      ShapeCase(
        "{type: Reshape, axis: 1, shape: [2147483647, 2147483647, 2147483647]}", [[2, 12]],
        refuses: "2x2147483647x2147483647x2147483647 are too many values to count"),
      ShapeCase("{type: Input, shape: [3, 4]}", [[2, 12]], gives: [[2, 3, 4]]),
      ShapeCase(
        "{type: Input, shape: [3, 5]}", [[2, 12]],
        refuses: "expected examples of 3x5, 15 values"),
      ShapeCase(
        "{type: Input, shape: [2147483647, 2147483647, 2147483647]}", [[2, 12]],
        refuses: "2 examples of 2147483647x2147483647x2147483647 are too many values to count"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }

  @Test("are the input's memory: no kernel runs")
  func views() {
    #expect(Reshape().isView && Input().isView && Split().isView)
  }
}
