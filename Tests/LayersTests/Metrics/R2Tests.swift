import Kernels
import Layers
import Oracles
import Plans
import Testing

@Suite("R2") struct R2Tests {
  private static func value(
    _ prediction: [Float], _ target: [Float], width: Int = 1, sliceCount: Int = 1
  ) throws -> Double {
    let axes = [target.count / width, width]
    let run = LayerRun(
      layers: [R2()], inputs: [Tensor(axes, prediction), Tensor(axes, target)],
      parameters: [[]], outputGradients: [], needsGradients: [false, false],
      sliceCount: sliceCount)
    return try run.run(on: Workers(count: 2)).output[0]
  }

  @Test(
    "needs as many targets as predictions",
    arguments: [
      ShapeCase("R2", [[4, 3], [4, 3]], gives: [[]]),
      ShapeCase("R2", [[4, 1], [4]], gives: [[]]),
      ShapeCase("R2", [[4, 3], [4, 1]], refuses: "prediction 4x3 and target 4x1 differ in size"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }

  @Test("is NaN for a target without variance, right or wrong", arguments: [1, 3])
  func constantTarget(sliceCount: Int) throws {
    for value in [Float(0), 0.1, 1e-20, 7.3, -1e6, 3e18] {
      let target = [Float](repeating: value, count: 7)
      #expect(try R2Tests.value(target, target, sliceCount: sliceCount).isNaN)
      let wrong = target.map { $0 + max(1, abs($0)) }
      #expect(try R2Tests.value(wrong, target, sliceCount: sliceCount).isNaN)
    }
    #expect(try R2Tests.value([5], [3]).isNaN)
  }

  @Test("is right for targets far from 0", arguments: [Float(0), 1, 100, 10_000])
  func offset(mean: Float) throws {
    let target = (0..<64).map { mean + Float($0 % 8) }
    let prediction = target.map { $0 + 1 }
    // The variance of 0 … 7 is 5.25.
    #expect(abs(try R2Tests.value(prediction, target) - (1 - 1 / 5.25)) < 1e-6)
    let ofMean = [Float](repeating: mean + 3.5, count: 64)
    #expect(abs(try R2Tests.value(ofMean, target)) < 1e-6)
  }

  @Test("leaves a column without variance out of the sum of variances")
  func constantColumn() throws {
    let target: [Float] = [0.1, 1, 0.1, 3]
    #expect(abs(try R2Tests.value([0.1, 2, 0.1, 2], target, width: 2)) < 1e-12)
  }
}
