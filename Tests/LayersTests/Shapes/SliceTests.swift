import Layers
import Oracles
import Tensors
import Testing
import Threads
import YAML

@Suite("Slice") struct SliceTests {
  /// The result for [2, 6, 3] and a number of tops: shapes, or the refusal.
  private func received(_ yaml: String, tops: Int) throws -> ShapeCase.Outcome {
    let layer = try LayerCatalog.all.decoded(yaml)
    do throws(ShapeFailure) {
      return .shapes(try layer.outputShapes([Shape([2, 6, 3])], topCount: tops).map(\.axes))
    } catch {
      return .refusal(error.message)
    }
  }

  @Test("cuts at its points, or into equal parts")
  func parts() throws {
    #expect(
      try received("{type: Slice, slice_point: [1, 4]}", tops: 3)
        == .shapes([[2, 1, 3], [2, 3, 3], [2, 2, 3]]))
    #expect(try received("Slice", tops: 2) == .shapes([[2, 3, 3], [2, 3, 3]]))
    #expect(try received("Slice", tops: 1) == .shapes([[2, 6, 3]]))
    #expect(
      try received("{type: Slice, axis: -1, slice_point: 2}", tops: 2)
        == .shapes([[2, 6, 2], [2, 6, 1]]))
  }

  @Test("refuses points that do not fit")
  func mistakes() throws {
    #expect(
      try received("Slice", tops: 4)
        == .refusal("the 6 elements of axis 1 cannot be divided into 4 equal parts"))
    #expect(
      try received("{type: Slice, slice_point: 2}", tops: 3)
        == .refusal("slice_point: expected 2 for 3 tops, received 1"))
    #expect(
      try received("{type: Slice, slice_point: [2, 6]}", tops: 3)
        == .refusal("slice_point 6 is past the end: axis 1 has 6 elements"))
    #expect(
      try received("{type: Slice, axis: 0}", tops: 2)
        == .refusal("axis 0 is not one of the axes 1 to 2 of an example, or is empty"))
    for (points, wrong) in [("[3, 2]", "2"), ("[1, 4, 4]", "4"), ("0", "0"), ("[1, -5]", "-5")] {
      let diagnostics = #expect(throws: Diagnostics.self) {
        try LayerCatalog.all.decoded("{type: Slice, slice_point: \(points)}")
      }
      #expect(
        diagnostics?.all.map(\.message) == [
          "slice_point: expected "
            + ((Int(wrong) ?? 0) < 1
              ? "an integer of at least 1" : "a list of at most 999 rising integers from 1")
            + ", received '\(wrong)'"
        ])
    }
  }

  @Test("gives zeros for a part that no loss depends on", arguments: [1, 2])
  func unusedPart(sliceCount: Int) throws {
    let run = LayerRun(
      layers: [try LayerCatalog.all.decoded("{type: Slice, slice_point: [1, 3]}")],
      inputs: [Tensor([2, 4], [1, 2, 3, 4, 5, 6, 7, 8])], parameters: [[]],
      outputGradients: [[10, 20], nil, [30, 40]], needsGradients: [true], sliceCount: sliceCount)
    let results = try run.run(on: Workers(count: 1))
    #expect(results.outputs == [[1, 5], [2, 3, 6, 7], [4, 8]])
    #expect(results.inputGradients == [[10, 0, 0, 30, 20, 0, 0, 40]])
  }
}
