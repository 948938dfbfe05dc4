import Fields
import Files
import Kernels
import Oracles
import Solvers
import Tensors
import Testing
import YAML

@Suite("Regularizers") struct RegularizerTests {
  @Test(
    "pass their strength to the update",
    arguments: [
      ("L2", 0, 0.5), ("L1", 0.5, 0), ("elastic", 0.25, 0.25),
      ("{type: elastic, l1_ratio: 0.125}", 0.0625, 0.4375), ("{type: max_norm, limit: 2}", 0, 0),
    ] as [(String, Double, Double)])
  func decay(yaml: String, l1: Double, l2: Double) throws {
    let regularizer = try RegularizerCatalog.all.decoded(yaml)
    #expect(regularizer.decay(strength: 0.5) == Decay(l1: l1, l2: l2))
    let regularization = Regularization(regularizer, strength: 0.25, multiplier: 2)
    #expect(regularization.parameterDecay == Decay(l1: l1, l2: l2))
    #expect(regularization.rowLimit == (yaml.contains("max_norm") ? 2 : nil))
    #expect(Regularization(regularizer, strength: 0, multiplier: 0).rowLimit == nil)
  }

  /// The trajectories of SGD contain a case for every entry.
  @Test("are all in the reference cases")
  func completeness() throws {
    let stated = try SolverCase.all("SGD").compactMap { $0.fields["regularization_type"] }
    for name in RegularizerCatalog.all.names {
      #expect(
        stated.contains { ($0["type"] ?? $0).scalar?.text == name }, "\(name)")
    }
  }

  @Test(
    "refuse values outside their ranges",
    arguments: [
      (
        "max_norm",
        "regularizer max_norm: 'limit' is missing: expected a number from 1e-30 to 1e+30"
      ),
      ("{type: max_norm, limit: 0}", "limit: expected a number from 1e-30 to 1e+30, received '0'"),
      (
        "{type: elastic, l1_ratio: 1.5}", "l1_ratio: expected a number from 0 to 1, received '1.5'"
      ),
    ])
  func mistakes(yaml: String, message: String) {
    let diagnostics = #expect(throws: Diagnostics.self) {
      try RegularizerCatalog.all.decoded(yaml)
    }
    #expect(diagnostics?.all.map(\.message) == [message])
  }
}

@Suite("Bounds of rows") struct RowBoundTests {
  /// The rows have the norms 5, 0.5, 0 and 13. The first row is a tile of its own.
  @Test("scale down only the rows that are too long", arguments: [false, true])
  func bound(isColumnMajor: Bool) throws {
    let rows: [[Float]] = [[3, 4, 0], [0.3, 0, 0.4], [0, 0, 0], [3, 4, 12]]
    let storage = try #require(FloatStorage(count: 12))
    func place(_ row: Int, _ column: Int) -> Int {
      isColumnMajor ? column * 4 + row : row * 3 + column
    }
    for row in 0..<4 {
      for column in 0..<3 { storage[place(row, column)] = rows[row][column] }
    }
    func run(_ bounded: Range<Int>) {
      let kernel = rowBound(
        FloatView(storage), rows: 4, columns: 3, order: isColumnMajor ? .columnMajor : .rowMajor,
        bounded: bounded, limit: 1)
      withExtendedLifetime(storage) { kernel.run() }
    }
    func row(_ row: Int) -> [Float] { (0..<3).map { storage[place(row, $0)] } }
    run(1..<4)
    #expect(row(0) == rows[0])
    #expect(row(1) == rows[1])
    #expect(row(2) == rows[2])
    let last = zip(row(3), [3.0 / 13, 4.0 / 13, 12.0 / 13])
    #expect(last.allSatisfy { abs(Double($0) - $1) < 1e-7 })
    run(0..<1)
    #expect(zip(row(0), [0.6, 0.8, 0]).allSatisfy { abs(Double($0) - $1) < 1e-7 })
  }

  @Test("leave rows with values that are not finite unchanged", arguments: [Float.nan, .infinity])
  func broken(number: Float) throws {
    let storage = try #require(FloatStorage(count: 2))
    (storage[0], storage[1]) = (number, 2)
    let kernel = rowBound(
      FloatView(storage), rows: 1, columns: 2, order: .rowMajor, bounded: 0..<1, limit: 1)
    withExtendedLifetime(storage) { kernel.run() }
    #expect(!storage[0].isFinite)
    #expect(storage[1] == 2)
  }
}

@Suite("Sums of penalties") struct PenaltySumTests {
  @Test("are l1·Σ|w| + l2/2·Σw²")
  func sum() throws {
    let storage = try #require(FloatStorage(count: 16))
    for (index, number) in [3, -4, 0, 0.5].enumerated() { storage[index] = Float(number) }
    let result = try #require(Storage<Double>(count: 1))
    let kernel = penaltySum(
      of: FloatView(storage), decay: Decay(l1: 0.5, l2: 2), to: DoubleView(result))
    withExtendedLifetime((storage, result)) { kernel.run() }
    #expect(result[0] == 0.5 * 7.5 + 25.25)
  }
}
