import DataSources
import Foundation
import Testing

@Suite struct SpiralTests {
  @Test func armsFollowTheFormula() throws {
    var spiral = Spiral()
    spiral.pointsPerClass = 4
    spiral.noise = 0
    let data = try spiral.load(context())
    #expect(data.count == 12)
    // Class 0 has r = 0, 1/3, 2/3, 1 and t = 0, π/3, 2π/3, π.
    let half = 0.75.squareRoot() / 3
    let expected: [[Double]] = [[0, 0], [half, 1.0 / 6], [2 * half, -1.0 / 3], [0, -1]]
    for (index, point) in expected.enumerated() {
      for (value, wanted) in zip(data.input(index), point) {
        #expect(abs(Double(value) - wanted) < 1e-6)
      }
    }
    // Class c is class 0 rotated by c·2π/3, which maps (x, y) to (x cos + y sin, y cos − x sin).
    for label in 1...2 {
      let turn = 2 * Double.pi / 3 * Double(label)
      for index in 0..<4 {
        let (first, turned) = (data.input(index), data.input(4 * label + index))
        let (x, y) = (Double(first[0]), Double(first[1]))
        #expect(abs(Double(turned[0]) - (x * cos(turn) + y * sin(turn))) < 1e-6)
        #expect(abs(Double(turned[1]) - (y * cos(turn) - x * sin(turn))) < 1e-6)
      }
    }
  }

  @Test func noiseMovesPointsAlongTheirCircle() throws {
    var spiral = Spiral()
    spiral.pointsPerClass = 1000
    spiral.noise = 0.1
    let noisy = try spiral.load(context())
    spiral.noise = 0
    let exact = try spiral.load(context())
    var squares = 0.0
    for example in 0..<noisy.count {
      let (a, b) = (noisy.input(example), exact.input(example))
      let radius = Double(example % 1000) / 999
      #expect(abs(Double(hypot(a[0], a[1])) - radius) < 1e-6)
      guard radius > 0 else { continue }
      let angle = atan2(Double(a[0]), Double(a[1])) - atan2(Double(b[0]), Double(b[1]))
      let turn = remainder(angle, 2 * .pi)
      squares += turn * turn
    }
    // The deviation of 2,997 angles is 0.1, within four standard errors.
    #expect(abs((squares / 2997).squareRoot() - 0.1) < 0.0052)
  }

  @Test func defaultsAreTheArticles() {
    let spiral = Spiral()
    #expect(spiral.pointsPerClass == 100)
    #expect(spiral.classCount == 3)
    #expect(spiral.noise == 0.1)
  }

  @Test func classCountHasLimits() throws {
    #expect(try refusal("{source: spiral, class_count: 2}") == "")
    #expect(try refusal("{source: spiral, class_count: 100}") == "")
    for wrong in ["1", "101"] {
      #expect(
        try firstLine("{source: spiral, class_count: \(wrong)}")
          == "model.yaml:1:31: error: class_count: expected an integer from 2 to 100, "
          + "received '\(wrong)'")
    }
  }
}
