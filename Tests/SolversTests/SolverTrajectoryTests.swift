import Fields
import Kernels
import ModelFiles
import Networks
import Oracles
import Solvers
import Tensors
import Testing
import Threads
import YAML

@Suite("Ten updates of every solver") struct SolverTrajectoryTests {
  /// A case with the solver that its file belongs to.
  struct Subject: CustomTestStringConvertible {
    let solver: String
    let test: SolverCase
    var testDescription: String { "\(solver): \(test.testDescription)" }
  }

  static func subjects() throws -> [Subject] {
    try SolverCatalog.all.names.flatMap { name in
      try SolverCase.all(name).map { Subject(solver: name, test: $0) }
    }
  }

  /// Makes one update from the gradients of its batches.
  private static func step(
    _ number: Int, _ test: SolverCase, _ training: Training, _ update: UpdatePlan,
    _ workers: Workers
  ) {
    let steps = training.model.solver.iterationSize
    for step in 0..<steps {
      for (index, values) in test.gradients[number * steps + step].enumerated() {
        training.setGradient(index, rowMajor: values)
      }
      update.accumulate(step: step, on: workers)
    }
    #expect(update.run(learningRate: training.learningRate(number), on: workers) == nil)
  }

  @Test("follow the reference trajectories", arguments: try subjects())
  func trajectories(subject: Subject) throws {
    let test = subject.test
    let training = try test.training()
    #expect(type(of: training.model.solver.solver).reference.name == subject.solver)
    let (store, workers) = (training.store, Workers(count: 1))
    let update = try training.update()
    #expect(test.expected.count == 10)
    try #require(
      test.gradients.count == test.expected.count * training.model.solver.iterationSize)
    for (number, expected) in test.expected.enumerated() {
      let penalty = update.regularization(on: workers)
      #expect((penalty == nil) == (test.penalties == nil))
      if let penalty, let penalties = test.penalties {
        #expect(abs(penalty - penalties[number]) <= test.tolerance, "before update \(number + 1)")
      }
      SolverTrajectoryTests.step(number, test, training, update, workers)
      expectParameters(expected, store, test, "after update \(number + 1)")
    }
    #expect(update.count == 10)
    update.exchangeAverages()
    expectParameters(test.averages ?? test.expected[9], store, test, "averages")
    update.exchangeAverages()
    expectParameters(test.expected[9], store, test, "parameters again")
  }

  private func expectParameters(
    _ expected: [[Double]], _ store: ParameterStore, _ test: SolverCase, _ when: String
  ) {
    #expect(expected.count == store.parameters.count)
    for (index, values) in expected.enumerated() {
      let shape = Shape([values.count])
      let tensor = ReferenceTensor(shape: shape, values: values, tolerance: test.tolerance)
      #expect(
        tensor.mismatch(store.rowMajor(index), shape: shape) == nil, "parameter \(index), \(when)")
    }
  }

  @Test("have a case for every field", arguments: SolverCatalog.all.entries.map(\.reference.name))
  func completeness(name: String) throws {
    let entry = try #require(SolverCatalog.all.entry(named: name))
    let cases = try SolverCase.all(name)
    #expect(cases.count >= 6)
    for field in entry.fields {
      #expect(cases.contains { $0.fields[field.name] != nil }, "\(name).\(field.name)")
    }
  }

  /// The network is large enough to divide every parameter and product.
  @Test(
    "have the same bits for any number of workers", .tags(.slow), arguments: SolverCatalog.all.names
  )
  func workers(name: String) throws {
    func run(_ count: Int) throws -> [[UInt32]] {
      let layers = try Node.parse(
        Array("[{type: Linear, num_output: 701}, {type: SoftmaxWithLoss}]".utf8),
        name: "test.yaml")
      let solver = try Node.parse(
        Array(
          """
          {type: \(name), base_lr: 0.1, clip_gradients: 10, ema: 0.9,
           regularization_type: {type: max_norm, limit: 0.5}}
          """.utf8), name: "test.yaml")
      let training = try Training(
        layers: layers.requiredItems(), solver: solver, inputs: 303, batchSize: 1)
      var numbers = SeededNumbers(seed: 131)
      for index in 0..<2 {
        let values = numbers.floats(training.store.value(index).count)
        training.store.set(index, rowMajor: values)
      }
      let update = try training.update()
      let workers = Workers(count: count)
      for _ in 0..<3 {
        for index in 0..<2 {
          let gradient = try #require(training.store.gradient(index))
          for (element, number) in numbers.floats(gradient.count).enumerated() {
            gradient[element] = number
          }
        }
        #expect(update.run(learningRate: 0.1, on: workers) == nil)
      }
      let values = (0..<2).map { training.store.rowMajor($0).map(\.bitPattern) }
      update.exchangeAverages()
      return values + (0..<2).map { training.store.rowMajor($0).map(\.bitPattern) }
    }
    let expected = try run(1)
    #expect(expected[0] != expected[2])
    for count in 2...7 { #expect(try run(count) == expected) }
  }

  /// The padding between two parameters stays 0.
  @Test("leave the padding of parameters at zero", arguments: SolverCatalog.all.names)
  func padding(name: String) throws {
    let solver = try SolverCatalog.all.decoded(name)
    // A bias needs no preparation of the whole parameter.
    let names = solver.stateNames(ofMatrix: false)
    let storages = try (0..<2 + names.count).map { _ in try #require(FloatStorage(count: 32)) }
    for element in 0..<29 {
      storages[0][element] = Float(element) - 14
      storages[1][element] = 1
    }
    let rates = try #require(Storage<Double>(count: UpdateRates.count))
    let health = try #require(Storage<Double>(count: 1))
    let kernel = solver.updateKernel(
      UpdateOperands(
        value: FloatView(storages[0]), gradient: FloatView(storages[1]),
        states: storages.dropFirst(2).map { FloatView($0) }, rates: DoubleView(rates),
        rateMultiplier: 1, decayMultiplier: 1, decay: Decay(l1: 0.5, l2: 0.25),
        health: DoubleView(health)))
    withExtendedLifetime(storages) {
      for number in 1...3 {
        rates[UpdateRates.learningRate] = 0.125
        rates[UpdateRates.gradientScale] = 1
        rates[UpdateRates.number] = Double(number)
        solver.correct(DoubleView(rates))
        kernel.run()
      }
    }
    #expect(storages[0].array.suffix(3) == [0, 0, 0])
    #expect(storages[0].array.prefix(29) != (0..<29).map { Float($0) - 14 }[...])
    #expect(health[0] == 0)
  }

  /// Of four rows, the first has a gradient, and one element of the third.
  @Test("leave rows without a gradient as they are on request", arguments: SolverCatalog.all.names)
  func rows(name: String) throws {
    let solver = try SolverCatalog.all.decoded(name)
    func run(rowWidth: Int?) throws -> [[Float]] {
      let count = 2 + solver.stateNames(ofMatrix: false).count
      let storages = try (0..<count).map { _ in try #require(FloatStorage(count: 32)) }
      for element in 0..<32 { storages[0][element] = Float(element) - 16 }
      for element in Array(0..<8) + [23] { storages[1][element] = 0.5 }
      let rates = try #require(Storage<Double>(count: UpdateRates.count))
      let health = try #require(Storage<Double>(count: 1))
      let kernel = solver.updateKernel(
        UpdateOperands(
          value: FloatView(storages[0]), gradient: FloatView(storages[1]),
          states: storages.dropFirst(2).map { FloatView($0) }, rates: DoubleView(rates),
          rateMultiplier: 1, decayMultiplier: 1, decay: Decay(l1: 0.5, l2: 0.25),
          health: DoubleView(health), rowWidth: rowWidth))
      withExtendedLifetime(storages) {
        for number in 1...3 {
          rates[UpdateRates.learningRate] = 0.125
          rates[UpdateRates.gradientScale] = 1
          rates[UpdateRates.number] = Double(number)
          solver.correct(DoubleView(rates))
          kernel.run()
        }
      }
      return [storages[0].array] + storages.dropFirst(2).map(\.array)
    }
    let (all, lazy) = (try run(rowWidth: nil), try run(rowWidth: 8))
    for (number, (all, lazy)) in zip(all, lazy).enumerated() {
      for element in 0..<32 {
        let isRead = element < 8 || (16..<24).contains(element)
        let first: Float = number == 0 ? Float(element) - 16 : 0
        #expect(lazy[element] == (isRead ? all[element] : first))
      }
    }
    #expect(all[0][9] != -7)
  }

  @Test("names a parameter with a value that is not finite", arguments: SolverCatalog.all.names)
  func divergence(name: String) throws {
    for broken in 0..<3 {
      let training = try SolverCase.all(name)[0].training()
      for index in 0..<3 { training.store.gradient(index)?.fill(with: 0.5) }
      try #require(training.store.gradient(broken))[1] = .nan
      let update = try training.update()
      #expect(update.run(learningRate: 0.1, on: Workers(count: 2)) == broken)
    }
  }
}
