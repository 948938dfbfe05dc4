package import Kernels
internal import Layers
package import ModelFiles
package import Plans
internal import Solvers
internal import Tensors
package import Threads

/// The plan of an update, which moves every trainable parameter by its accumulated gradient.
///
/// The order is Caffe's: clip by the norm of the whole raw gradient, divide by `iter_size`, add the
/// decay, and apply the rule. Then it scales down rows that are too long, and updates the moving
/// averages.
package final class UpdatePlan {
  let plan: Plan
  let rates: DoubleView
  private let health: [(parameter: Int, view: DoubleView)]
  let solver: any Solver
  private let iterationSize: Int
  private let accumulation: (first: Plan, next: Plan)?
  private let regularization: (plan: Plan, sums: [DoubleView])?
  let memory: UpdateMemory
  let store: ParameterStore
  /// The number of updates so far.
  package internal(set) var count = 0
  /// Whether the averages are currently in the place of the parameters.
  package private(set) var holdsAverages = false

  /// The least number of elements in a tile. Workers share an update of two or more tiles.
  private static let tileCount = 65_536

  /// - Throws: `KernelError` if there is not enough memory.
  package init(
    _ store: ParameterStore, _ declaration: SolverDeclaration, cache: ImplementationCache
  ) throws(KernelError) {
    self.store = store
    solver = declaration.solver
    iterationSize = declaration.iterationSize
    let memory = try UpdateMemory(store, declaration)
    self.memory = memory
    accumulation = try memory.accumulated.map { accumulated throws(KernelError) in
      (
        try UpdatePlan.accumulation(store, into: accumulated, isFirst: true, cache),
        try UpdatePlan.accumulation(store, into: accumulated, isFirst: false, cache)
      )
    }
    regularization =
      declaration.showsRegularization
      ? try UpdatePlan.regularization(store, declaration, cache) : nil
    var recorder = UpdateRecorder(store: store, declaration: declaration, memory: memory)
    recorder.record()
    plan = try Plan(recorder.plan, cache: cache)
    let plan = plan
    rates = plan.doubles(recorder.rates)
    health = recorder.health.map { ($0.parameter, plan.doubles($0.slot)) }
  }

  /// Returns the number of parts of an update of `count` elements.
  static func tiles(_ count: Int) -> Int { max(1, count / tileCount) }

  /// Computes accumulated = gradient, or accumulated += gradient.
  private static func accumulation(
    _ store: ParameterStore, into accumulated: FloatStorage, isFirst: Bool,
    _ cache: ImplementationCache
  ) throws(KernelError) -> Plan {
    var plan = PlanBuilder(batchSize: 0, sliceCount: 1)
    for (index, parameter) in store.parameters.enumerated() where parameter.isTrainable {
      guard let gradient = store.paddedGradient(index) else { continue }
      let sum = FloatView(accumulated, store.paddedRange(index))
      plan.layer = parameter.name
      plan.recordJoint("accumulate", reads: [], writes: [], tiles: tiles(sum.count)) { binding in
        let range = binding.updateRange(of: sum.count)
        return isFirst
          ? copy(gradient[range], to: sum[range], count: range.count)
          : elementwiseSum(of: [sum[range], gradient[range]], to: sum[range], count: range.count)
      }
    }
    return try Plan(plan, cache: cache)
  }

  /// Computes the regularizers' part of the objective, with one sum for each tile.
  private static func regularization(
    _ store: ParameterStore, _ declaration: SolverDeclaration, _ cache: ImplementationCache
  ) throws(KernelError) -> (plan: Plan, sums: [DoubleView]) {
    var plan = PlanBuilder(batchSize: 0, sliceCount: 1)
    var slots: [Slot] = []
    for (index, parameter) in store.parameters.enumerated() where parameter.isTrainable {
      let value = store.paddedValue(index)
      let decay = declaration.regularization(of: parameter).parameterDecay
      plan.layer = parameter.name
      let slot = plan.statistics("penalty of \(parameter.name)", count: tiles(value.count)).total
      slots.append(slot)
      plan.recordJoint(
        "penalty", reads: [], writes: [slot], tiles: tiles(value.count)
      ) { binding in
        penaltySum(
          of: value[binding.updateRange(of: value.count)], decay: decay,
          to: binding.doubles(slot)[binding.tile..<binding.tile + 1])
      }
    }
    let compiled = try Plan(plan, cache: cache)
    return (compiled, slots.map { compiled.doubles($0) })
  }

  /// Adds the gradient of batch `step` of `iter_size` to the accumulated gradients. Required if
  /// `iter_size` is above 1.
  package func accumulate(step: Int, on workers: Workers) {
    guard let accumulation else { return }
    (step == 0 ? accumulation.first : accumulation.next).run(on: workers)
  }

  /// Returns the regularizers' part of the objective for the current parameters. Nil when the model
  /// does not show it.
  package func regularization(on workers: Workers) -> Double? {
    guard let regularization else { return nil }
    regularization.plan.run(on: workers)
    var total = 0.0
    for sums in regularization.sums {
      for tile in 0..<sums.count { total += sums[tile] }
    }
    return total
  }

  /// Returns the gradient that the next ``run(learningRate:on:)`` uses, in the parameter's memory
  /// order. Nil for a frozen parameter.
  ///
  /// It is the raw sum over all batches of the update, not divided by their number.
  package func gradient(_ index: Int) -> FloatView? {
    guard store.parameters[index].isTrainable, let gradient = store.gradient(index) else {
      return nil
    }
    let start = store.paddedRange(index).lowerBound
    return memory.accumulated.map { FloatView($0, start..<start + gradient.count) } ?? gradient
  }

  /// Moves the parameters.
  ///
  /// - Returns: the number of a parameter that now has a non-finite value. Nil when all values
  ///   are finite.
  package func run(learningRate: Double, on workers: Workers) -> Int? {
    count += 1
    rates[UpdateRates.learningRate] = learningRate
    rates[UpdateRates.gradientScale] = 1 / Double(iterationSize)
    rates[UpdateRates.number] = Double(count)
    solver.correct(rates)
    plan.run(on: workers)
    for (parameter, view) in health {
      for tile in 0..<view.count where view[tile] != 0 { return parameter }
    }
    return nil
  }

  /// Exchanges the parameters and their averages. A second call undoes the exchange.
  ///
  /// Without averages, or before the first update, it does nothing. The statistics of layers are
  /// saved by the first call and restored by the second. Between the two calls, they may be
  /// measured anew for the averages.
  package func exchangeAverages() {
    guard let averages = memory.averages, count > 0 else { return }
    holdsAverages.toggle()
    for (index, parameter) in store.parameters.enumerated() {
      let value = store.paddedValue(index)
      let average = FloatView(averages, store.paddedRange(index))
      if parameter.declaration.role == .statistic {
        let (source, target) = holdsAverages ? (value, average) : (average, value)
        for element in 0..<value.count { target[element] = source[element] }
      } else if parameter.isTrainable {
        for element in 0..<value.count {
          let number = value[element]
          value[element] = average[element]
          average[element] = number
        }
      }
    }
  }

  /// The plan as `dlrun plan` prints it.
  package var text: String { plan.text }
}
