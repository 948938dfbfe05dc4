import Layers
import Oracles
import Testing
import YAML

@Suite("Losses of values and features") struct FeatureLossTests {
  @Test(
    "need the same number of values in both bottoms",
    arguments: ["L1Loss", "HuberLoss", "SigmoidCrossEntropyLoss", "KLDivLoss"])
  func pairs(yaml: String) throws {
    #expect(try ShapeCase(yaml, [[4, 3], [4, 3]], gives: [[]]).received() == .shapes([[]]))
    #expect(try ShapeCase(yaml, [[4], [4, 1]], gives: [[]]).received() == .shapes([[]]))
    let message = "prediction 4x3 and target 4x2 differ in size"
    #expect(
      try ShapeCase(yaml, [[4, 3], [4, 2]], refuses: message).received() == .refusal(message))
  }

  @Test(
    "need features of equal size, and a label for each pair",
    arguments: [
      ShapeCase("ContrastiveLoss", [[4, 3], [4, 3], [4]], gives: [[]]),
      ShapeCase("ContrastiveLoss", [[4, 3, 2], [4, 6], [4, 1]], gives: [[]]),
      ShapeCase(
        "ContrastiveLoss", [[4, 3], [4, 2], [4]], refuses: "features 4x3 and 4x2 differ in size"),
      ShapeCase(
        "ContrastiveLoss", [[4, 3], [4, 3], [4, 3]],
        refuses: "features 4x3 need labels 4 (one for each pair), received 4x3"),
      ShapeCase("CosineLoss", [[4, 3], [4, 3]], gives: [[]]),
      ShapeCase(
        "CosineLoss", [[4, 3], [4, 3], [3]],
        refuses: "features 4x3 need labels 4 (one for each pair), received 3"),
      ShapeCase("TripletLoss", [[4, 3], [4, 3], [4, 3]], gives: [[]]),
      ShapeCase(
        "TripletLoss", [[4, 3], [4, 3], [4, 2]],
        refuses: "features 4x3 and 4x3 and 4x2 differ in size"),
    ])
  func features(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }

  @Test(
    "refuse invalid values with the expected range",
    arguments: [
      ("{type: ContrastiveLoss, margin: 0}", "margin", "a number above 0, at most 1000000", "'0'"),
      ("{type: TripletLoss, margin: -1}", "margin", "a number above 0, at most 1000000", "'-1'"),
      ("{type: HuberLoss, delta: 0}", "delta", "a number above 0, at most 1000000", "'0'"),
      ("{type: CosineLoss, margin: 2}", "margin", "a number from -1 to 1", "'2'"),
    ])
  func mistakes(yaml: String, field: String, expected: String, received: String) {
    let diagnostics = #expect(throws: Diagnostics.self) { try LayerCatalog.all.decoded(yaml) }
    #expect(
      diagnostics?.all.map(\.message) == ["\(field): expected \(expected), received \(received)"])
  }

  @Test("name the bottoms without a gradient")
  func constants() throws {
    func bottoms(_ name: String) throws -> [Int]? {
      try LayerCatalog.all.decoded(name).kind.loss?.constantBottoms.map(\.bottom)
    }
    #expect(try bottoms("EuclideanLoss") == [])
    #expect(try bottoms("L1Loss") == [])
    #expect(try bottoms("TripletLoss") == [])
    #expect(try bottoms("SoftmaxWithLoss") == [1])
    #expect(try bottoms("HingeLoss") == [1])
    #expect(try bottoms("InfogainLoss") == [1, 2])
    #expect(try bottoms("ContrastiveLoss") == [2])
    #expect(try bottoms("CosineLoss") == [2])
  }
}
