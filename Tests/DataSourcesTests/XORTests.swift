import DataSources
import Foundation
import Tensors
import Testing

@Suite struct XORTests {
  @Test func classIsWhetherTheSignsDiffer() throws {
    var xor = XOR()
    xor.pointsPerQuadrant = 2
    xor.noise = 0
    let data = try xor.load(context())
    #expect(
      (0..<8).map { data.input($0) } == [
        [1, 1], [1, 1], [-1, -1], [-1, -1], [1, -1], [1, -1], [-1, 1], [-1, 1],
      ])
    #expect(data.targetValues == [0, 0, 0, 0, 1, 1, 1, 1])
  }

  @Test func noiseIsOnEachCoordinate() throws {
    var xor = XOR()
    xor.pointsPerQuadrant = 1000
    let data = try xor.load(context())
    for axis in 0..<2 {
      let squares = (0..<data.count).map {
        pow(abs(Double(data.input($0)[axis])) - 1, 2)
      }
      // The limit is four standard errors of a deviation of 4,000 values.
      #expect(abs((squares.reduce(0, +) / 4000).squareRoot() - 0.2) < 0.009)
    }
  }

  @Test func pointsHaveLimits() throws {
    #expect(try refusal("{source: xor, points_per_quadrant: 1}") == "")
    #expect(try refusal("{source: xor, points_per_quadrant: 100000}") == "")
    for wrong in ["0", "100001"] {
      #expect(
        try firstLine("{source: xor, points_per_quadrant: \(wrong)}")
          == "model.yaml:1:36: error: points_per_quadrant: expected an integer from 1 to 100000, "
          + "received '\(wrong)'")
    }
  }
}
