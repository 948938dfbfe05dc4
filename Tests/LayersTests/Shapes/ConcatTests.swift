import Layers
import Oracles
import Testing

@Suite("Concat") struct ConcatTests {
  @Test(
    "joins bottoms with equal extents along all other axes",
    arguments: [
      ShapeCase("Concat", [[2, 3]], gives: [[2, 3]]),
      ShapeCase("Concat", [[2, 3], [2, 4], [2, 1]], gives: [[2, 8]]),
      ShapeCase("{type: Concat, axis: -1}", [[2, 3, 4], [2, 3, 5]], gives: [[2, 3, 9]]),
      ShapeCase("{type: Concat, axis: 1}", [[2, 3, 4], [2, 5, 4]], gives: [[2, 8, 4]]),
      ShapeCase(
        "Concat", [[2, 3, 4], [2, 3, 5]],
        refuses: "expected bottoms that differ along axis 1 only"),
      ShapeCase("Concat", [[2, 3, 4], [2, 3]], refuses: "expected bottoms of 3 axes"),
      ShapeCase(
        "{type: Concat, axis: 0}", [[2, 3], [2, 3]],
        refuses: "axis 0 is not one of the axes 1 to 1 of an example, or is empty"),
      ShapeCase(
        "{type: Concat, axis: 2}", [[2, 3], [2, 3]],
        refuses: "axis 2 is not one of the axes 1 to 1 of an example, or is empty"),
      ShapeCase(
        "Concat", [[1, 1 << 62], [1, 1 << 62]],
        refuses: "the bottoms together have too many values"),
      ShapeCase(
        "Concat", [[4, 1 << 60], [4, 1 << 60]],
        refuses: "the bottoms together have too many values"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }
}
