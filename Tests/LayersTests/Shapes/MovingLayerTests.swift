import Layers
import Oracles
import Testing
import YAML

/// Permute, Tile, Crop, Pad and Upsample: elements that move.
@Suite("Layers that move elements") struct MovingLayerTests {
  @Test(
    "compute their shapes, and refuse shapes that do not fit",
    arguments: [
      ShapeCase("{type: Permute, order: [0, 2, 3, 1]}", [[2, 3, 4, 5]], gives: [[2, 4, 5, 3]]),
      ShapeCase("{type: Permute, order: [0, 2]}", [[2, 3, 4, 5]], gives: [[2, 4, 3, 5]]),
      ShapeCase(
        "{type: Permute, order: [0, 2]}", [[2, 3]],
        refuses: "order: axis 2 is not one of the axes 0 to 1"),
      ShapeCase("{type: Tile, tiles: 3, axis: -1}", [[2, 3, 4]], gives: [[2, 3, 12]]),
      ShapeCase(
        "{type: Tile, tiles: 3, axis: 0}", [[2, 3]],
        refuses: "axis 0 is not one of the axes 1 to 1 of an example, or is empty"),
      ShapeCase(
        "{type: Tile, tiles: 2147483647}", [[1 << 20, 1 << 20]],
        refuses: "2147483647 tiles are too many values to count"),
      ShapeCase("Crop", [[2, 3, 4, 5], [2, 9, 1, 2]], gives: [[2, 3, 1, 2]]),
      ShapeCase(
        "{type: Crop, offset: [3, 0]}", [[2, 3, 4, 5], [2, 9, 2, 2]],
        refuses: "2 elements from offset 3 on go beyond the end of axis 2, which has 4 elements"),
      ShapeCase(
        "{type: Crop, offset: [0, 0, 0]}", [[2, 3, 4, 5], [2, 9, 2, 2]],
        refuses: "offset: expected one number, or one for each of 2 axes, received 3"),
      ShapeCase(
        "Crop", [[2, 3, 4, 5], [2, 9, 2]], refuses: "expected two bottoms of 4 axes"),
      ShapeCase(
        "{type: Pad, low: [1, 2], high: 3}", [[2, 3, 4, 5]], gives: [[2, 3, 8, 7]]),
      ShapeCase("{type: Pad, axis: 1, low: 8, high: 8}", [[2, 16, 4]], gives: [[2, 32, 4]]),
      ShapeCase(
        "{type: Pad, low: [1, 2]}", [[2, 3, 4]],
        refuses: "low: expected at most 1 numbers, one for each axis from axis 2 on, received 2"),
      ShapeCase(
        "{type: Pad, low: 4, mode: reflect}", [[2, 3, 4]],
        refuses: "axis 2 with 4 elements can mirror at most 3: received a padding of 4 and 0"),
      ShapeCase(
        "{type: Pad, axis: 1, high: 2147483647}", [[1 << 31, 3, 4]],
        refuses: "the padding is too large to count"),
      ShapeCase("Upsample", [[2, 3, 4]], gives: [[2, 3, 8]]),
      ShapeCase("{type: Upsample, scale: [2, 3]}", [[2, 3, 4, 5]], gives: [[2, 3, 8, 15]]),
      ShapeCase(
        "{type: Upsample, scale: [2, 3]}", [[2, 3, 4]],
        refuses: "scale: expected one number, or one for each of 1 axes, received 2"),
      ShapeCase(
        "{type: Upsample, mode: bilinear}", [[2, 3, 4]],
        refuses: "expected [N, C, H, W] for mode bilinear"),
      ShapeCase(
        "Upsample", [[2, 3]],
        refuses: "expected [N, C, spatial…] with at least one value in each example"),
      ShapeCase(
        "{type: Upsample, scale: 2147483647}", [[2, 3, 4, 5]],
        refuses: "the scaled values are too many to count"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }

  @Test(
    "refuse invalid fields",
    arguments: zip(
      [
        "{type: Permute, order: [1, 0]}", "{type: Permute, order: [0, 1, 1]}",
        "{type: Permute, order: []}", "{type: Pad, low: -1}", "{type: Pad, low: [5000000000]}",
        "{type: Pad, low: 1, high: [0, 2, -3]}", "{type: Pad, low: [1, 1, 1, 1, 1, 1, 1, 1, 1]}",
        "{type: Reshape, shape: [0, -1, 2, -1]}", "{type: Reshape, shape: [0, -2]}",
        "{type: Eltwise, coeff: [1, 1e7]}", "{type: Upsample, align_corners: true}",
      ],
      [
        "order: expected a list of different axes, beginning with 0, received '1'",
        "order: expected a list of different axes, beginning with 0, received '1'",
        "order: expected a list of different axes, beginning with 0, received an empty list",
        "low: expected an integer from 0 to 2147483647, received '-1'",
        "low: expected an integer from 0 to 2147483647, received '5000000000'",
        "high: expected an integer from 0 to 2147483647, received '-3'",
        "low: expected a list of at most 8 integers from 0, received a list of 9",
        "shape: expected a list of 1 to 8 extents: 0 keeps an extent, at most one -1 takes all remaining elements, received '-1'",
        "shape: expected an integer from -1 to 2147483647, received '-2'",
        "coeff: expected a number from -1000000 to 1000000, received '1e7'",
        "layer Upsample: align_corners needs mode bilinear",
      ]))
  func fields(yaml: String, message: String) {
    let diagnostics = #expect(throws: Diagnostics.self) { try LayerCatalog.all.decoded(yaml) }
    #expect(diagnostics?.all.map(\.message) == [message])
  }
}
