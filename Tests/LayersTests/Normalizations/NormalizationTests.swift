import Layers
import Oracles
import Tensors
import Testing
import YAML

/// LayerNorm, RMSNorm, GroupNorm, InstanceNorm, MVN and LRN.
@Suite("Normalizations") struct NormalizationTests {
  @Test(
    "keep the shape, and refuse shapes that they cannot normalize",
    arguments: [
      ShapeCase("LayerNorm", [[2, 3]], gives: [[2, 3]]),
      ShapeCase("{type: GroupNorm, num_groups: 2}", [[2, 6, 5]], gives: [[2, 6, 5]]),
      ShapeCase("InstanceNorm", [[2, 3, 4]], gives: [[2, 3, 4]]),
      ShapeCase("MVN", [[2, 3, 4]], gives: [[2, 3, 4]]),
      ShapeCase("LRN", [[2, 3]], gives: [[2, 3]]),
      ShapeCase(
        "{type: LayerNorm, axis: 0}", [[2, 3]],
        refuses: "axis 0 is not one of the axes 1 to 1 of an example, or is empty"),
      ShapeCase(
        "{type: RMSNorm, axis: 2}", [[2, 3]],
        refuses: "axis 2 is not one of the axes 1 to 1 of an example, or is empty"),
      ShapeCase(
        "{type: LayerNorm, axis: 1}", [[2, 3, 0]],
        refuses: "the axes from axis 1 on are empty: expected values to normalize"),
      ShapeCase(
        "{type: GroupNorm, num_groups: 4}", [[2, 6, 5]],
        refuses: "num_groups 4 does not divide the 6 channels"),
      ShapeCase(
        "{type: GroupNorm, num_groups: 1}", [[2]],
        refuses: "expected [N, C, …] with at least one value in each example"),
      ShapeCase(
        "InstanceNorm", [[2, 3, 1]],
        refuses: "expected [N, C, spatial…] with more than one position"),
      ShapeCase(
        "MVN", [[2]], refuses: "expected [N, C, …] with at least one value in each example"),
      ShapeCase(
        "InstanceNorm", [[1 << 30, 1 << 31, 2]],
        refuses: "the rows to normalize are too many to count"),
      ShapeCase("LRN", [[2]], refuses: "expected [N, C, …]"),
      ShapeCase(
        "{type: LRN, norm_region: WITHIN_CHANNEL}", [[2, 3, 4]], refuses: "expected [N, C, H, W]"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }

  @Test("have parameters for the normalized axes, and begin as the identity")
  func parameters() throws {
    func declared(_ yaml: String, _ axes: [Int]) throws -> [String] {
      try LayerCatalog.all.decoded(yaml).parameters([Shape(axes)]).map {
        let first = ($0.filler as? Constant)?.values(
          of: $0.shape, RandomStream(seed: 1, purpose: .split))[0]
        return "\($0.name) \($0.shape.description) \(first ?? .nan)"
      }
    }
    #expect(try declared("LayerNorm", [2, 3, 4]) == ["weight 4 1.0", "bias 4 0.0"])
    #expect(
      try declared("{type: LayerNorm, axis: 1}", [2, 3, 4]) == ["weight 3x4 1.0", "bias 3x4 0.0"])
    #expect(try declared("RMSNorm", [2, 3, 4]) == ["weight 4 1.0"])
    #expect(
      try declared("{type: GroupNorm, num_groups: 1}", [2, 3, 4]) == ["weight 3 1.0", "bias 3 0.0"])
    #expect(try declared("InstanceNorm", [2, 3, 4]).isEmpty)
    #expect(
      try declared("{type: InstanceNorm, affine: true}", [2, 3, 4])
        == ["weight 3 1.0", "bias 3 0.0"])
    #expect(try declared("{type: LayerNorm, affine: false}", [2, 3]).isEmpty)
    #expect(try declared("MVN", [2, 3, 4]).isEmpty)
  }

  @Test("refuse a window without a middle element")
  func evenWindow() {
    let diagnostics = #expect(throws: Diagnostics.self) {
      try LayerCatalog.all.decoded("{type: LRN, local_size: 4}")
    }
    #expect(
      diagnostics?.all.map(\.message) == [
        "local_size: expected an odd integer from 1 to 999999999, received '4'"
      ])
  }
}
