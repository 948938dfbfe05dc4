import Fields
import Files
import Kernels
import Layers
import Oracles
import Tensors
import Testing
import YAML

@Suite("Fillers") struct FillerTests {
  static let names = FillerCatalog.all.names

  private static func stream(_ name: String = "ip1.weight") -> RandomStream {
    RandomStream(seed: 1, purpose: .initialization(parameter: name))
  }

  private static func values(_ yaml: String, _ axes: [Int]) throws -> [Float] {
    try FillerCatalog.all.decoded(yaml).values(of: Shape(axes), stream())
  }

  @Test("have examples that state a filler of their type", arguments: names)
  func example(name: String) throws {
    let reference = try #require(FillerCatalog.all.entry(named: name)).reference
    let filler = try FillerCatalog.all.decoded(reference.example)
    #expect(type(of: filler).reference.name == name)
    let encoded = Node(.mapping(filler.encodedEntry))
    let again = try FillerCatalog.all.decoded(encoded)
    #expect(Node(.mapping(again.encodedEntry)).json == encoded.json)
  }

  @Test("refuse an unknown field at its place", arguments: names)
  func unknownField(name: String) {
    let diagnostics = #expect(throws: Diagnostics.self) {
      try FillerCatalog.all.decoded("type: \(name)\nsurprising: 1")
    }
    #expect(
      diagnostics?.rendered == """
        test.yaml:2:1: error: filler \(name): unknown field 'surprising'
            2 | surprising: 1
              | ^
        """)
  }

  @Test("have a description, and one name each")
  func documentation() {
    let entries = FillerCatalog.all.entries
    let all = entries.flatMap { [$0.reference.name] + $0.reference.aliases }
    #expect(Set(all).count == all.count)
    for entry in entries {
      #expect(entry.reference.formula.hasPrefix("w "))
      #expect(entry.reference.discussion.hasSuffix("."))
      #expect(entry.fields.allSatisfy { $0.summary.hasSuffix(".") })
    }
  }

  @Test("depend only on the parameter and the index", arguments: names)
  func determinism(name: String) throws {
    let filler = try FillerCatalog.all.decoded(name)
    let shape = Shape([30, 20])
    let values = try filler.values(of: shape, FillerTests.stream())
    #expect(values.count == 600)
    #expect(try values == filler.values(of: shape, FillerTests.stream()))
    if !["constant", "bilinear", "identity"].contains(name) {
      #expect(try values != filler.values(of: shape, FillerTests.stream("ip2.weight")))
      #expect(Set(values).count > 590)
    }
    #expect(try filler.values(of: Shape([0]), FillerTests.stream()).isEmpty)
    #expect(try filler.values(of: .scalar, FillerTests.stream()).count == 1)
  }

  struct Moments: CustomTestStringConvertible {
    let yaml: String
    let axes: [Int]
    let mean: Double
    let deviation: Double
    /// The bounds of a uniform filler. Nil for a normal filler.
    let bounds: ClosedRange<Float>?

    var testDescription: String { "\(yaml) of \(Shape(axes).description)" }
  }

  @Test(
    "have the expected mean, deviation and bounds",
    arguments: [
      Moments(
        yaml: "gaussian", axes: [100, 200], mean: 0, deviation: 1, bounds: nil),
      Moments(
        yaml: "{type: gaussian, mean: 3, std: 0.01}", axes: [20_000], mean: 3, deviation: 0.01,
        bounds: nil),
      Moments(
        yaml: "uniform", axes: [20_000], mean: 0.5, deviation: 0.288_675, bounds: 0...1),
      Moments(
        yaml: "{type: uniform, min: -2, max: 4}", axes: [20_000], mean: 1, deviation: 1.732_05,
        bounds: -2...4),
      // n is 200 (in), 100 (out) or 150 (their mean). A deviation of √(1/n) has the bound √(3/n).
      Moments(
        yaml: "xavier", axes: [100, 200], mean: 0, deviation: 0.070_711,
        bounds: -0.122_475...0.122_475),
      Moments(
        yaml: "{type: xavier, variance_norm: FAN_OUT}", axes: [100, 200], mean: 0, deviation: 0.1,
        bounds: -0.173_206...0.173_206),
      Moments(
        yaml: "{type: xavier, variance_norm: AVERAGE}", axes: [100, 200], mean: 0,
        deviation: 0.081_65, bounds: -0.141_422...0.141_422),
      // For a convolution [out, in, 5, 5], n counts the 10·25 connections of an output.
      Moments(
        yaml: "xavier", axes: [80, 10, 5, 5], mean: 0, deviation: 0.063_246,
        bounds: -0.109_545...0.109_545),
      Moments(yaml: "msra", axes: [100, 200], mean: 0, deviation: 0.1, bounds: nil),
      Moments(
        yaml: "{type: msra, variance_norm: FAN_OUT}", axes: [80, 10, 5, 5], mean: 0,
        deviation: 0.031_623, bounds: nil),
      Moments(
        yaml: "{type: msra, distribution: uniform}", axes: [100, 200], mean: 0, deviation: 0.1,
        bounds: -0.173_206...0.173_206),
      Moments(
        yaml: "{type: xavier, distribution: normal}", axes: [100, 200], mean: 0,
        deviation: 0.070_711, bounds: nil),
      Moments(yaml: "lecun", axes: [100, 200], mean: 0, deviation: 0.070_711, bounds: nil),
      Moments(
        yaml: "{type: lecun, distribution: uniform}", axes: [80, 10, 5, 5], mean: 0,
        deviation: 0.063_246, bounds: -0.109_545...0.109_545),
      // Normal numbers within ±2 have a deviation of 0.879626.
      Moments(
        yaml: "truncated_gaussian", axes: [20_000], mean: 0, deviation: 0.879_626,
        bounds: -2...2),
      Moments(
        yaml: "{type: truncated_gaussian, mean: 1, std: 0.5}", axes: [200, 100], mean: 1,
        deviation: 0.439_813, bounds: 0...2),
    ])
  func moments(test: Moments) throws {
    let values = try FillerTests.values(test.yaml, test.axes).map(Double.init)
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    // The tolerances are four standard deviations for 20,000 numbers.
    #expect(abs(mean - test.mean) < test.deviation * 0.0283)
    #expect(abs(variance.squareRoot() / test.deviation - 1) < 0.02)
    let (least, greatest) = (Float(values.min() ?? 0), Float(values.max() ?? 0))
    if let bounds = test.bounds {
      #expect(bounds.contains(least) && bounds.contains(greatest))
      let width = bounds.upperBound - bounds.lowerBound
      #expect(greatest - least > width * 0.998)
    } else {
      // The greatest of 20,000 normal numbers is beyond 3 deviations.
      #expect(Double(greatest) > test.mean + 3 * test.deviation)
    }
  }

  @Test("fill with a constant, 0 by default")
  func constant() throws {
    #expect(try FillerTests.values("constant", [3]) == [0, 0, 0])
    #expect(try FillerTests.values("{type: constant, value: -1.5}", [2, 1]) == [-1.5, -1.5])
  }

  @Test("take the numbers of their stream in row-major order")
  func order() throws {
    let (stream, shape) = (FillerTests.stream(), [2, 3])
    #expect(
      try FillerTests.values("{type: gaussian, std: 2}", shape)
        == (0..<6).map { Float(2 * stream.normal(at: $0)) })
    #expect(
      try FillerTests.values("uniform", shape) == (0..<6).map { Float(stream.uniform(at: $0)) })
  }

  @Test("of a uniform range need a minimum that is at most the maximum")
  func inconsistency() {
    let diagnostics = #expect(throws: Diagnostics.self) {
      try FillerCatalog.all.decoded("{type: uniform, min: 2, max: 1}")
    }
    #expect(
      diagnostics?.rendered == """
        test.yaml:1:1: error: filler uniform: min 2.0 is above max 1.0
            1 | {type: uniform, min: 2, max: 1}
              | ^
        """)
  }

  @Test("can be a bare name in a field, and report mistakes at their place")
  func field() {
    let diagnostics = #expect(throws: Diagnostics.self) {
      try LayerCatalog.all.decoded(
        "{type: Linear, num_output: 1, weight_filler: xaver, bias_filler: [constant]}")
    }
    #expect(
      diagnostics?.all.map(\.message) == [
        "unknown filler type 'xaver' (known types: \(FillerTests.names.joined(separator: ", "))); "
          + "did you mean 'xavier'?",
        "bias_filler: expected a filler (\(FillerTests.names.joined(separator: ", "))), "
          + "received a list of 1",
      ])
  }
}
