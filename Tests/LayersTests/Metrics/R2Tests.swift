import Layers
import Oracles
import Testing
import Threads

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
    "needs the same number of targets and predictions",
    arguments: [
      ShapeCase("R2", [[4, 3], [4, 3]], gives: [[]]),
      ShapeCase("R2", [[4, 1], [4]], gives: [[]]),
      ShapeCase("R2", [[4, 3], [4, 1]], refuses: "prediction 4x3 and target 4x1 differ in size"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }

  @Test("is NaN for a target without variance, for right and wrong predictions", arguments: [1, 3])
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
    // The variance of the numbers 0 … 7 is 5.25.
    #expect(abs(try R2Tests.value(prediction, target) - (1 - 1 / 5.25)) < 1e-6)
    let ofMean = [Float](repeating: mean + 3.5, count: 64)
    #expect(abs(try R2Tests.value(ofMean, target)) < 1e-6)
  }

  @Test("leaves a column without variance out of the sum of variances")
  func constantColumn() throws {
    let target: [Float] = [0.1, 1, 0.1, 3]
    #expect(abs(try R2Tests.value([0.1, 2, 0.1, 2], target, width: 2)) < 1e-12)
  }

  /// The targets are adjacent float32 numbers. Their deviation is 1/32 of a millionth of the mean.
  @Test("is 1 for an exact prediction of targets that hardly differ", arguments: [1, 3, 4])
  func neighbours(sliceCount: Int) throws {
    let target = (0..<40).map { 1_000_000 + Float($0 % 2) * 0.0625 }
    #expect(try R2Tests.value(target, target, sliceCount: sliceCount) == 1)
    let other = (0..<40).map { 1_000_000 + Float(($0 + 1) % 2) * 0.0625 }
    // Each error is the distance of two targets, which is twice the deviation.
    #expect(abs(try R2Tests.value(other, target, sliceCount: sliceCount) + 3) < 1e-9)
  }

  @Test(
    "joins batches in the same way as slices",
    arguments: [[40], [13, 27], [1, 1, 38], [7, 11, 13, 9]])
  func batches(sizes: [Int]) throws {
    let target = (0..<40).map { 1_000_000 + Float($0 * $0 % 7) * 0.5 }
    let prediction = target.enumerated().map { $1 + Float($0 % 3 - 1) * 0.25 }
    var (total, first): ([Double], Int) = ([], 0)
    for size in sizes {
      let range = first..<first + size
      let part = R2Tests.moments(Array(prediction[range]), Array(target[range]))
      if total.isEmpty { total = part } else { R2().join(part, to: &total) }
      first += size
    }
    let mean = target.reduce(0.0) { $0 + Double($1) } / 40
    let squares = target.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    let error = zip(prediction, target).reduce(0.0) {
      $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
    }
    #expect(abs(R2().value(of: total) - (1 - error / squares)) < 1e-9)
  }

  /// Returns the statistics of a batch, computed by their definition.
  private static func moments(_ prediction: [Float], _ target: [Float]) -> [Double] {
    let count = Double(target.count)
    let mean = target.reduce(0.0) { $0 + Double($1) } / count
    return [
      count, zip(prediction, target).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) },
      mean, target.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) },
    ]
  }
}
