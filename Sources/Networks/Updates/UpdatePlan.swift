package import Kernels
internal import Layers
package import ModelFiles
package import Plans
internal import Solvers
internal import Tensors
package import Threads
internal import YAML

/// The plan of an update: every trainable parameter moved by its accumulated gradient.
///
/// The order is Caffe's: clip by the norm of the whole raw gradient, divide by `iter_size`, decay,
/// rule. Then rows that are too long are scaled down, and running averages are taken.
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
  /// Updates that were made.
  package internal(set) var count = 0
  /// Whether the averages are in the place of the parameters.
  package private(set) var holdsAverages = false

  /// From this many elements on, workers share the update of a parameter.
  private static let tileCount = 65_536

  /// - Throws: `KernelError` if the memory is not there.
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

  /// How many parts an update of `count` elements is shared in.
  static func tiles(_ count: Int) -> Int { max(1, count / tileCount) }

  /// accumulated = gradient, or accumulated += gradient.
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

  /// The regularizers' part of the objective, a sum a tile.
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
        PenaltySum(
          of: value[binding.updateRange(of: value.count)], decay: decay,
          to: binding.doubles(slot)[binding.tile..<binding.tile + 1])
      }
    }
    let compiled = try Plan(plan, cache: cache)
    return (compiled, slots.map { compiled.doubles($0) })
  }

  /// Adds the gradient of batch `step` of `iter_size` to the others; needed where `iter_size` is
  /// above 1.
  package func accumulate(step: Int, on workers: Workers) {
    guard let accumulation else { return }
    (step == 0 ? accumulation.first : accumulation.next).run(on: workers)
  }

  /// The regularizers' part of the objective at the parameters as they are; nil if the model
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

  /// The gradient that the next ``run(learningRate:on:)`` takes, as the parameter lies in memory: raw,
  /// and of all batches of the update, whose number it is not divided by. Nil if there is none.
  package func gradient(_ index: Int) -> FloatView? {
    guard store.parameters[index].isTrainable, let gradient = store.gradient(index) else {
      return nil
    }
    let start = store.paddedRange(index).lowerBound
    return memory.accumulated.map { FloatView($0, start..<start + gradient.count) } ?? gradient
  }

  /// Moves the parameters.
  ///
  /// - Returns: the number of a parameter that now has a value that is not finite.
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

  /// Puts the averages in the place of the parameters, and these in theirs. Doing it again takes it back. It does nothing
  /// where no averages were taken yet.
  ///
  /// The statistics of layers belong to the parameters. They can be measured for the averages meanwhile: a copy of them
  /// is put back with the parameters.
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

  /// As `dlrun plan` prints it.
  package var text: String { plan.text }
}
