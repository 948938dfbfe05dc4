import DataSources
import Foundation
import Testing

@Suite struct CirclesTests {
  @Test func pointsLieOnTheCircles() throws {
    var circles = Circles()
    circles.pointsPerClass = 4
    circles.noise = 0
    circles.factor = 0.25
    let data = try circles.load(context())
    let expected: [[Float]] = [
      [1, 0], [0, 1], [-1, 0], [0, -1], [0.25, 0], [0, 0.25], [-0.25, 0], [0, -0.25],
    ]
    #expect(data.count == expected.count)
    for (index, point) in expected.enumerated() {
      for (value, wanted) in zip(data.input(index), point) { #expect(abs(value - wanted) < 1e-6) }
    }
  }

  @Test func noiseIsOnEachCoordinate() throws {
    var circles = Circles()
    circles.pointsPerClass = 2000
    circles.noise = 0.2
    let noisy = try circles.load(context())
    circles.noise = 0
    let exact = try circles.load(context())
    for axis in 0..<2 {
      let squares = (0..<noisy.count).map {
        pow(Double(noisy.input($0)[axis] - exact.input($0)[axis]), 2)
      }
      // The limit is four standard errors of a deviation of 4,000 values.
      #expect(abs((squares.reduce(0, +) / 4000).squareRoot() - 0.2) < 0.009)
    }
  }

  @Test func factorHasLimits() throws {
    #expect(try refusal("{source: circles, factor: 0}") == "")
    #expect(try refusal("{source: circles, factor: 0.999}") == "")
    for wrong in ["1", "-0.001", ".nan"] {
      #expect(
        try firstLine("{source: circles, factor: \(wrong)}")
          == "model.yaml:1:27: error: factor: expected a number from 0 to below 1, "
          + "received '\(wrong)'")
    }
  }
}
