import Files
import Kernels
import Networks
import Oracles
import Solvers
import Tensors
import Testing
import Threads
import YAML

@Suite("SGD") struct SGDTests {
  /// Workers share a parameter of more than 65,536 elements in tiles. Each tile must be updated
  /// once, and clipping must use the norm of all tiles.
  @Test("moves every element of a large parameter once", .tags(.slow), arguments: [1, 2, 5])
  func largeParameters(workerCount: Int) throws {
    let layers = try Node.parse(
      Array("[{type: Linear, num_output: 997}, {type: SoftmaxWithLoss}]".utf8), name: "test.yaml")
    let solver = try Node.parse(
      Array("{base_lr: 0.5, iter_size: 2, clip_gradients: 10, weight_decay: 0.25}".utf8),
      name: "test.yaml")
    let training = try Training(
      layers: layers.requiredItems(), solver: solver, inputs: 303, batchSize: 1)
    let (store, workers) = (training.store, Workers(count: workerCount))
    let update = try training.update()
    var numbers = SeededNumbers(seed: 121)
    var sums: [[Float]] = [[], []]
    for index in 0..<2 {
      store.set(index, rowMajor: numbers.floats(index == 0 ? 302_091 : 997))
      sums[index] = Array(repeating: 0, count: store.value(index).count)
    }
    let before = (0..<2).map { store.value($0).values }
    for step in 0..<2 {
      for index in 0..<2 {
        let gradient = try #require(store.gradient(index))
        for element in 0..<gradient.count {
          gradient[element] = Float.random(in: -1...1, using: &numbers)
          sums[index][element] += gradient[element]
        }
      }
      update.accumulate(step: step, on: workers)
    }
    #expect(update.run(learningRate: 0.5, on: workers) == nil)
    let squares = sums.joined().reduce(0.0) { $0 + Double($1) * Double($1) }
    let scale = 10 / squares.squareRoot() / 2
    #expect(scale < 0.02)
    for index in 0..<2 {
      let after = store.value(index).values
      var wrong = 0
      for (element, value) in after.enumerated() {
        let old = Double(before[index][element])
        let expected = old - 0.5 * (Double(sums[index][element]) * scale + 0.25 * old)
        if !(abs(Double(value) - expected) <= 3e-7) { wrong += 1 }
      }
      #expect(wrong == 0)
    }
  }

  @Test("names a parameter with a value that is not finite", arguments: [0, 1])
  func divergence(broken: Int) throws {
    let training = try SolverCase.all("SGD")[0].training()
    let gradient = try #require(training.store.gradient(broken))
    gradient[gradient.count - 1] = .infinity
    let update = try training.update()
    #expect(update.run(learningRate: 0.1, on: Workers(count: 2)) == broken)
    #expect(training.store.firstNonFinite == broken)
  }

  /// One tile of a parameter with 29 elements and 3 elements of padding.
  private final class Tile {
    let value: FloatStorage
    let gradient: FloatStorage
    let velocity: FloatStorage
    let rates: Storage<Double>
    let health: Storage<Double>

    init(values: [Float], gradient: [Float]) throws {
      let floats = try (0..<3).map { _ in try #require(FloatStorage(count: 32)) }
      (value, self.gradient, velocity) = (floats[0], floats[1], floats[2])
      rates = try #require(Storage<Double>(count: UpdateRates.count))
      health = try #require(Storage<Double>(count: 1))
      for (index, number) in values.enumerated() { value[index] = number }
      for (index, number) in gradient.enumerated() { self.gradient[index] = number }
      (rates[UpdateRates.learningRate], rates[UpdateRates.gradientScale]) = (0.125, 1)
      health[0] = -1
    }

    func kernel(
      _ yaml: String, decay: Decay = Decay(l1: 0, l2: 0), rateMultiplier: Double = 1,
      decayMultiplier: Double = 1
    ) throws -> any Kernel {
      let solver = try SolverCatalog.all.decoded(yaml)
      let states = solver.stateNames(ofMatrix: true).map { _ in FloatView(velocity) }
      return solver.updateKernel(
        UpdateOperands(
          value: FloatView(value), gradient: FloatView(gradient), states: states,
          rates: DoubleView(rates), rateMultiplier: rateMultiplier,
          decayMultiplier: decayMultiplier, decay: decay, health: DoubleView(health)))
    }

    func run(_ kernel: any Kernel, times: Int = 1) {
      withExtendedLifetime(self) {
        for _ in 0..<times { kernel.run() }
      }
    }
  }

  @Test("follows Polyak's closed form for a constant gradient", arguments: ["pytorch", "caffe"])
  func closedForm(form: String) throws {
    let tile = try Tile(
      values: Array(repeating: 1, count: 29), gradient: Array(repeating: 0.5, count: 29))
    let kernel = try tile.kernel("{type: SGD, momentum: 0.75, momentum_form: \(form)}")
    tile.run(kernel, times: 20)
    // After k updates v is g·(1 − mᵏ)/(1 − m). w has moved by the sum of all v.
    var (power, sum) = (1.0, 0.0)
    for _ in 0..<20 {
      power *= 0.75
      sum += 0.5 * (1 - power) / 0.25
    }
    for index in 0..<29 { #expect(abs(Double(tile.value[index]) - (1 - 0.125 * sum)) < 1e-6) }
  }

  /// Caffe's velocity keeps the rates of earlier updates: v = 0.5·r₁ + r₂ instead of 0.5 + 1.
  @Test("has momentum forms that differ after a new rate", arguments: ["pytorch", "caffe"])
  func changedRate(form: String) throws {
    let tile = try Tile(values: [0], gradient: [1])
    let kernel = try tile.kernel("{type: SGD, momentum: 0.5, momentum_form: \(form)}")
    tile.run(kernel)
    #expect(tile.value[0] == -0.125)
    tile.rates[UpdateRates.learningRate] = 0.0625
    tile.run(kernel)
    #expect(tile.value[0] == -0.125 - (form == "caffe" ? 0.125 : 0.093_75))
  }

  @Test("leaves padding at zero for any decay", arguments: [0, 0.5])
  func padding(momentum: Double) throws {
    let tile = try Tile(
      values: (0..<29).map { Float($0) - 14 }, gradient: Array(repeating: 1, count: 29))
    tile.run(
      try tile.kernel("{type: SGD, momentum: \(momentum)}", decay: Decay(l1: 0.5, l2: 0.25)),
      times: 3)
    #expect(tile.value.array.suffix(3) == [0, 0, 0])
    #expect(tile.velocity.array.suffix(3) == [0, 0, 0])
    #expect(tile.value.array.prefix(29).allSatisfy { $0 != 0 })
  }

  @Test("adds λ·w, or λ·sign w, with the parameter's own factors")
  func decay() throws {
    let tile = try Tile(values: [2, -4, 0], gradient: [0, 0, 0])
    tile.run(
      try tile.kernel(
        "SGD", decay: Decay(l1: 0, l2: 0.5), rateMultiplier: 2, decayMultiplier: 0.5))
    // w − 0.25·0.25·w
    #expect(tile.value.array.prefix(3) == [1.875, -3.75, 0])
    let lasso = try Tile(values: [2, -4, 0], gradient: [0, 0, 0])
    lasso.run(try lasso.kernel("SGD", decay: Decay(l1: 0.5, l2: 0), decayMultiplier: 2))
    #expect(lasso.value.array.prefix(3) == [1.875, -3.875, 0])
  }

  @Test("scales the gradient before the decay is added")
  func scale() throws {
    let tile = try Tile(values: [8], gradient: [16])
    tile.rates[UpdateRates.gradientScale] = 0.25
    tile.run(try tile.kernel("SGD", decay: Decay(l1: 0, l2: 0.5)))
    #expect(tile.value[0] == 8 - 0.125 * (4 + 4))
  }

  @Test("reports whether every new value is finite", arguments: [Float.nan, .infinity, -.infinity])
  func health(broken: Float) throws {
    let tile = try Tile(values: [1, 2, 3], gradient: [1, 1, 1])
    let kernel = try tile.kernel("SGD")
    tile.run(kernel)
    #expect(tile.health[0] == 0)
    tile.gradient[1] = broken
    tile.run(kernel)
    #expect(tile.health[0].isNaN)
    #expect(!tile.value[1].isFinite && tile.value[0].isFinite)
  }

  @Test("keeps a velocity only with momentum")
  func states() throws {
    let moving = try SolverCatalog.all.decoded("{type: SGD, momentum: 0.9}")
    for isMatrix in [false, true] {
      #expect(try SolverCatalog.all.decoded("SGD").stateNames(ofMatrix: isMatrix).isEmpty)
      #expect(moving.stateNames(ofMatrix: isMatrix) == ["velocity"])
    }
  }

  @Test("refuses momentum outside [0, 1)", arguments: ["1", "-0.1", "1.5"])
  func momentumRange(momentum: String) {
    let diagnostics = #expect(throws: Diagnostics.self) {
      try SolverCatalog.all.decoded("{type: SGD, momentum: \(momentum)}")
    }
    #expect(
      diagnostics?.rendered == """
        test.yaml:1:23: error: momentum: expected a number from 0 to below 1, received '\(momentum)'
            1 | {type: SGD, momentum: \(momentum)}
              |                       ^
        """)
  }
}
