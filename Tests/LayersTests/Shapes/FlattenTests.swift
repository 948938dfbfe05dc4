import Layers
import Oracles
import Testing

@Suite("Flatten") struct FlattenTests {
  @Test(
    "joins axes of an example",
    arguments: [
      ShapeCase("Flatten", [[2, 3, 4, 5]], gives: [[2, 60]]),
      ShapeCase("Flatten", [[2, 3]], gives: [[2, 3]]),
      ShapeCase("{type: Flatten, axis: 2}", [[2, 3, 4, 5]], gives: [[2, 3, 20]]),
      ShapeCase("{type: Flatten, end_axis: 2}", [[2, 3, 4, 5]], gives: [[2, 12, 5]]),
      ShapeCase("{type: Flatten, axis: -2}", [[2, 3, 4, 5]], gives: [[2, 3, 20]]),
      ShapeCase("{type: Flatten, axis: 1, end_axis: 1}", [[2, 3, 4]], gives: [[2, 3, 4]]),
      ShapeCase("Flatten", [[2, 3, 0]], gives: [[2, 0]]),
      ShapeCase(
        "{type: Flatten, axis: 0}", [[2, 3, 4]],
        refuses: "axes 0 to -1 are not a range within the axes 1 to 2 of an example"),
      ShapeCase(
        "{type: Flatten, axis: 2, end_axis: 1}", [[2, 3, 4]],
        refuses: "axes 2 to 1 are not a range within the axes 1 to 2 of an example"),
      ShapeCase(
        "{type: Flatten, axis: 3}", [[2, 3, 4]],
        refuses: "axes 3 to -1 are not a range within the axes 1 to 2 of an example"),
      ShapeCase(
        "{type: Flatten, axis: -4}", [[2, 3, 4]],
        refuses: "axes -4 to -1 are not a range within the axes 1 to 2 of an example"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }

  @Test("is the input's memory: no kernel runs")
  func view() {
    #expect(Flatten().isView)
    #expect(Flatten().parameters([]).isEmpty)
  }
}
