import Files
import Layers
import Oracles
import Tensors
import Testing

@Suite("Fillers with a structure") struct StructuredFillerTests {
  private static func values(_ yaml: String, _ axes: [Int]) throws -> [Float] {
    try FillerCatalog.all.decoded(yaml).values(
      of: Shape(axes), RandomStream(seed: 3, purpose: .initialization(parameter: "w")))
  }

  @Test(
    "positive_unitball has rows of sum 1",
    arguments: [[1, 1], [7, 5], [3, 2, 5, 5], [100, 200], [4]])
  func unitBall(axes: [Int]) throws {
    let values = try StructuredFillerTests.values("positive_unitball", axes)
    let width = values.count / axes[0]
    for row in 0..<axes[0] {
      let weights = values[row * width..<(row + 1) * width]
      #expect(weights.allSatisfy { (0...1).contains($0) })
      #expect(abs(weights.reduce(0.0) { $0 + Double($1) } - 1) < 1e-6)
    }
    if width > 1 { #expect(Set(values).count > values.count / 2) }
  }

  @Test(
    "orthogonal has orthonormal rows, or columns if those are fewer",
    arguments: [[1, 1], [5, 5], [3, 7], [7, 3], [16, 3, 5, 5], [9, 1, 2], [64, 65]], [1.0, 2.5])
  func orthogonal(axes: [Int], gain: Double) throws {
    let values = try StructuredFillerTests.values("{type: orthogonal, gain: \(gain)}", axes)
    let (rows, columns) = (axes[0], values.count / axes[0])
    let (count, length) = (min(rows, columns), max(rows, columns))
    func value(_ vector: Int, _ index: Int) -> Double {
      Double(rows <= columns ? values[vector * columns + index] : values[index * columns + vector])
    }
    for left in 0..<count {
      for right in 0...left {
        let dot = (0..<length).reduce(0.0) { $0 + value(left, $1) * value(right, $1) }
        #expect(abs(dot / (gain * gain) - (left == right ? 1 : 0)) < 1e-6)
      }
    }
  }

  /// In a uniformly distributed orthogonal matrix, an element has mean 0 and variance 1/length.
  @Test("orthogonal prefers no direction")
  func uniformity() throws {
    let values = try StructuredFillerTests.values("orthogonal", [100, 100]).map(Double.init)
    let mean: Double = values.reduce(0, +) / 10_000
    #expect(abs(mean) < 0.004)
    // A plain QR decomposition makes most signs of the diagonal negative.
    let positive = (0..<100).count { values[$0 * 101] > 0 }
    #expect((30...70).contains(positive))
  }

  @Test("bilinear is Caffe's kernel")
  func bilinear() throws {
    // f = 2 and c = 0.75, for four places and for three: 0.25, 0.75, 0.75, 0.25.
    let triangle: [Float] = [0.25, 0.75, 0.75, 0.25]
    let square = triangle.flatMap { row in triangle.map { row * $0 } }
    #expect(try StructuredFillerTests.values("bilinear", [2, 1, 4, 4]) == square + square)
    #expect(try StructuredFillerTests.values("bilinear", [1, 1, 3]) == [0.25, 0.75, 0.75])
    #expect(try StructuredFillerTests.values("bilinear", [1, 1, 1, 4]) == triangle)
    let five = try StructuredFillerTests.values("bilinear", [1, 1, 5])
    for (value, expected) in zip(five, [1.0 / 3, 2.0 / 3, 1, 2.0 / 3, 1.0 / 3]) {
      #expect(abs(Double(value) - expected) < 1e-6)
    }
  }

  @Test("identity is 1 on the diagonal, at the centre of a kernel")
  func identity() throws {
    #expect(try StructuredFillerTests.values("identity", [2, 3]) == [1, 0, 0, 0, 1, 0])
    #expect(
      try StructuredFillerTests.values("{type: identity, gain: -2}", [3, 2]) == [
        -2, 0, 0, -2, 0, 0,
      ])
    let kernel = try StructuredFillerTests.values("identity", [2, 2, 3, 5])
    #expect(kernel.enumerated().filter { $0.element != 0 }.map(\.offset) == [7, 52])
    #expect(kernel.reduce(0, +) == 2)
  }

  @Test("gaussian keeps the mean number of weights that sparse states")
  func sparse() throws {
    let all = try StructuredFillerTests.values("gaussian", [100, 200])
    let sparse = try StructuredFillerTests.values("{type: gaussian, sparse: 20}", [100, 200])
    let kept = sparse.count { $0 != 0 }
    // The mean is 4000, with a deviation of √(20000·0.2·0.8) = 56.6.
    #expect(abs(kept - 4000) < 230)
    #expect(zip(sparse, all).allSatisfy { $0 == 0 || $0 == $1 })
    #expect(try StructuredFillerTests.values("{type: gaussian, sparse: 100}", [100, 200]) == all)
  }

  @Test(
    "refuse shapes for which they have no values",
    arguments: [
      ("bilinear", [3, 4], "expected the kernel of an image, received 3x4"),
      ("orthogonal", [4], "expected a matrix or a kernel, received 4"),
      ("identity", [4], "expected a matrix or a kernel, received 4"),
      (
        "{type: gaussian, sparse: 5}", [4, 3],
        "sparse: expected at most the 4 outputs, received 5"
      ),
    ])
  func mistakes(yaml: String, axes: [Int], message: String) throws {
    #expect(try FillerCatalog.all.decoded(yaml).mistake(for: Shape(axes)) == message)
    #expect(try FillerCatalog.all.decoded(yaml).mistake(for: Shape([8, 3, 4, 4])) == nil)
  }
}
