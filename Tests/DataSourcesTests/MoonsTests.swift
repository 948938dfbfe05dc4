import DataSources
import Foundation
import Testing

@Suite struct MoonsTests {
  @Test func pointsLieOnTheHalfCircles() throws {
    var moons = Moons()
    moons.pointsPerClass = 3
    moons.noise = 0
    let data = try moons.load(context())
    let expected: [[Float]] = [[1, 0], [0, 1], [-1, 0], [0, 0.5], [1, -0.5], [2, 0.5]]
    #expect(data.count == expected.count)
    for (index, point) in expected.enumerated() {
      for (value, wanted) in zip(data.input(index), point) { #expect(abs(value - wanted) < 1e-6) }
    }
  }

  @Test func noiseIsOnEachCoordinate() throws {
    var moons = Moons()
    moons.pointsPerClass = 2000
    let noisy = try moons.load(context())
    moons.noise = 0
    let exact = try moons.load(context())
    for axis in 0..<2 {
      let squares = (0..<noisy.count).map {
        pow(Double(noisy.input($0)[axis] - exact.input($0)[axis]), 2)
      }
      // The limit is four standard errors of a deviation of 4,000 values.
      #expect(abs((squares.reduce(0, +) / 4000).squareRoot() - 0.1) < 0.0045)
    }
  }
}
