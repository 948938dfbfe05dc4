import Files
import Kernels
import Oracles
import Plans
import Solvers
import Tensors
import Testing
import Threads

/// Tests Muon on wide and tall matrices that are large enough for several workers.
@Suite("Newton-Schulz iterations") struct NewtonSchulzTests {
  struct Case: CustomTestStringConvertible {
    let rows: Int
    let columns: Int
    let order: ProductShape.Order
    var testDescription: String { "\(rows) by \(columns), \(order)" }

    static let all = [
      (1, 1), (1, 7), (7, 1), (2, 17), (17, 2), (5, 5), (33, 40), (40, 33), (70, 300), (300, 70),
    ].flatMap { rows, columns in
      [.rowMajor, .columnMajor].map { Case(rows: rows, columns: columns, order: $0) }
    }

    /// The place in memory of element `index` of the row-major matrix.
    func place(_ index: Int) -> Int {
      order == .rowMajor ? index : index % columns * rows + index / columns
    }
  }

  /// S·X with S = a·I + b·X·Xᵀ + c·(X·Xᵀ)², in double precision.
  private func iterated(_ x: [Double], _ rows: Int, _ columns: Int) -> [Double] {
    var x = x
    for _ in 0..<5 {
      let gram = product(x, rows, columns, transposed(x, rows, columns), rows)
      let square = product(gram, rows, rows, gram, rows)
      var sum = zip(gram, square).map { -4.7750 * $0 + 2.0315 * $1 }
      for row in 0..<rows { sum[row * rows + row] += 3.4445 }
      x = product(sum, rows, rows, x, columns)
    }
    return x
  }

  private func transposed(_ x: [Double], _ rows: Int, _ columns: Int) -> [Double] {
    (0..<x.count).map { x[$0 % rows * columns + $0 / rows] }
  }

  private func product(
    _ left: [Double], _ rows: Int, _ depth: Int, _ right: [Double], _ columns: Int
  ) -> [Double] {
    var result = [Double](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for middle in 0..<depth {
        let value = left[row * depth + middle]
        for column in 0..<columns {
          result[row * columns + column] += value * right[middle * columns + column]
        }
      }
    }
    return result
  }

  /// Muon's first update of a matrix of zeros at rate 1, without Nesterov momentum.
  private func firstUpdate(_ test: Case, gradient: [Double]) throws -> [Float] {
    let count = (gradient.count + 15) / 16 * 16
    let storages = try (0..<3).map { _ in try #require(FloatStorage(count: count)) }
    for (index, number) in gradient.enumerated() { storages[1][test.place(index)] = Float(number) }
    let solver = try SolverCatalog.all.decoded("{type: Muon, nesterov: false}")
    var builder = PlanBuilder(batchSize: 0, sliceCount: 1)
    let rates = builder.statistics("rates", count: UpdateRates.count).total
    let health = builder.statistics("health", count: 1).total
    let parameter = UpdateParameter(
      name: "w", value: FloatView(storages[0]), gradient: FloatView(storages[1]),
      states: [FloatView(storages[2])], isMatrix: true, rows: test.rows, columns: test.columns,
      order: test.order, rates: rates, rateMultiplier: 1, decayMultiplier: 1,
      decay: Decay(l1: 0, l2: 0), tiles: 1)
    let preparation = solver.recordPreparation(of: parameter, &builder)
    builder.recordJoint("update", reads: [rates] + preparation.slots, writes: [health]) {
      solver.updateKernel(
        parameter.operands($0, health: $0.doubles(health), preparation))
    }
    let plan = try Plan(builder, cache: ImplementationCache())
    for place in [UpdateRates.learningRate, UpdateRates.gradientScale, UpdateRates.number] {
      plan.doubles(rates)[place] = 1
    }
    withExtendedLifetime(storages) { plan.run(on: Workers(count: 3)) }
    #expect(storages[0].array.suffix(count - gradient.count).allSatisfy { $0 == 0 })
    return gradient.indices.map { storages[0][test.place($0)] }
  }

  @Test("bring the singular values of every shape close to 1", .tags(.slow), arguments: Case.all)
  func directions(test: Case) throws {
    var numbers = SeededNumbers(seed: 141)
    let gradient = numbers.floats(test.rows * test.columns).map(Double.init)
    let moved = try firstUpdate(test, gradient: gradient)
    let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let expected = iterated(gradient.map { $0 / norm }, test.rows, test.columns)
    let scale = max(1, Double(test.rows) / Double(test.columns)).squareRoot()
    for (value, direction) in zip(moved, expected) {
      #expect(abs(Double(value) + scale * direction) <= 2e-4)
    }
    let length = moved.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() / scale
    let rank = Double(min(test.rows, test.columns)).squareRoot()
    #expect(length > 0.6 * rank && length < 1.3 * rank)
  }
}
