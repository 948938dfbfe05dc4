import DataFiles
import DataSources
import Files
import Foundation
import Testing

@Suite struct BlobsTests {
  private func centres(seed: Int, phase: DataPhase, deviation: Double = 0) throws -> [[Double]] {
    var blobs = Blobs()
    blobs.pointsPerClass = 500
    blobs.features = 3
    blobs.deviation = deviation
    let data = try blobs.load(context(seed: seed, phase: phase))
    return (0..<3).map { label in
      (0..<3).map { axis in
        data.members(of: label).reduce(0.0) { $0 + Double(data.input($1)[axis]) } / 500
      }
    }
  }

  @Test func centresAreTheSeedsInBothPhases() throws {
    let train = try centres(seed: 1, phase: .train)
    #expect(try centres(seed: 1, phase: .test) == train)
    #expect(try centres(seed: 2, phase: .train) != train)
    #expect(train.joined().allSatisfy { $0 >= -10 && $0 < 10 })
    // The nine coordinates are independent.
    #expect(Set(train.joined()).count == 9)
  }

  @Test func pointsAreNormalAroundThem() throws {
    let exact = try centres(seed: 3, phase: .train)
    let found = try centres(seed: 3, phase: .train, deviation: 2)
    for (centre, mean) in zip(exact.joined(), found.joined()) {
      // The limit is four standard errors of a mean of 500 values with deviation 2.
      #expect(abs(centre - mean) < 0.36)
    }
  }

  @Test func deviationIsAsStated() throws {
    var blobs = Blobs()
    blobs.pointsPerClass = 2000
    blobs.classCount = 2
    blobs.features = 1
    blobs.deviation = 0.5
    let data = try blobs.load(context())
    for label in 0..<2 {
      let values = data.members(of: label).map { Double(data.input($0)[0]) }
      let mean = values.reduce(0, +) / 2000
      let variance = values.reduce(0) { $0 + pow($1 - mean, 2) } / 2000
      // The limit is four standard errors of a deviation of 2,000 values.
      #expect(abs(variance.squareRoot() - 0.5) < 0.032)
    }
  }

  @Test func featuresHaveLimits() throws {
    #expect(try refusal("{source: blobs, features: 1}") == "")
    #expect(try refusal("{source: blobs, features: 1000}") == "")
    for wrong in ["0", "1001"] {
      #expect(
        try firstLine("{source: blobs, features: \(wrong)}")
          == "model.yaml:1:27: error: features: expected an integer from 1 to 1000, "
          + "received '\(wrong)'")
    }
  }
}
