package import Kernels
package import Plans
internal import Solvers
internal import Tensors
internal import YAML

/// The plan of an update: every trainable parameter moved by its accumulated gradient.
///
/// The order is Caffe's: clip by the norm of the whole raw gradient, divide by `iter_size`, decay,
/// rule.
package final class UpdatePlan {
  private let plan: Plan
  private let rates: DoubleView
  private let health: [(parameter: Int, view: DoubleView)]
  private let iterationSize: Int
  private let accumulation: (first: Plan, next: Plan)?
  private let states: [FloatStorage]
  private let accumulated: FloatStorage?
  private let store: ParameterStore

  /// From this many elements on, workers share the update of a parameter.
  private static let tileCount = 65_536

  /// - Throws: `KernelError` if the memory is not there.
  package init(
    _ store: ParameterStore, _ declaration: SolverDeclaration, cache: ImplementationCache
  ) throws(KernelError) {
    self.store = store
    iterationSize = declaration.iterationSize
    var states: [FloatStorage] = []
    for _ in declaration.solver.stateNames { states.append(try UpdatePlan.storage(store.count)) }
    self.states = states
    let accumulated = iterationSize > 1 ? try UpdatePlan.storage(store.count) : nil
    self.accumulated = accumulated
    accumulation = try accumulated.map { accumulated throws(KernelError) in
      (
        try UpdatePlan.accumulation(store, into: accumulated, isFirst: true, cache),
        try UpdatePlan.accumulation(store, into: accumulated, isFirst: false, cache)
      )
    }
    var recorder = UpdateRecorder(
      store: store, declaration: declaration, states: states, accumulated: accumulated)
    recorder.record()
    plan = try Plan(recorder.plan, cache: cache)
    let plan = plan
    rates = plan.doubles(recorder.rates)
    health = recorder.health.map { ($0.parameter, plan.doubles($0.slot)) }
  }

  private static func storage(_ count: Int) throws(KernelError) -> FloatStorage {
    guard let storage = FloatStorage(count: count) else {
      throw KernelError("no memory for \(count) values of the solver's state")
    }
    return storage
  }

  /// How many parts an update of `count` elements is shared in.
  fileprivate static func tiles(_ count: Int) -> Int { max(1, count / tileCount) }

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
        let range = binding.tileRange(of: sum.count)
        return isFirst
          ? Copy(gradient[range], to: sum[range], count: range.count)
          : Sum(of: [sum[range], gradient[range]], to: sum[range], count: range.count)
      }
    }
    return try Plan(plan, cache: cache)
  }

  /// Adds the gradient of batch `step` of `iter_size` to the others; needed where `iter_size` is
  /// above 1.
  package func accumulate(step: Int, on workers: Workers) {
    guard let accumulation else { return }
    (step == 0 ? accumulation.first : accumulation.next).run(on: workers)
  }

  /// Moves the parameters.
  ///
  /// - Returns: the number of a parameter that now has a value that is not finite.
  package func run(learningRate: Double, on workers: Workers) -> Int? {
    rates[UpdateRates.learningRate] = learningRate
    rates[UpdateRates.gradientScale] = 1 / Double(iterationSize)
    plan.run(on: workers)
    for (parameter, view) in health {
      for tile in 0..<view.count where view[tile] != 0 { return parameter }
    }
    return nil
  }

  /// As `dlrun plan` prints it.
  package var text: String { plan.text }

  /// How many times the memory of all parameters the solver takes for itself.
  static func stateCount(_ declaration: SolverDeclaration) -> Int {
    declaration.solver.stateNames.count + (declaration.iterationSize > 1 ? 1 : 0)
  }
}

/// Records the kernels of an update.
private struct UpdateRecorder {
  let store: ParameterStore
  let declaration: SolverDeclaration
  let states: [FloatStorage]
  let accumulated: FloatStorage?
  var plan = PlanBuilder(batchSize: 0, sliceCount: 1)
  let rates: Slot
  var health: [(parameter: Int, slot: Slot)] = []

  init(
    store: ParameterStore, declaration: SolverDeclaration, states: [FloatStorage],
    accumulated: FloatStorage?
  ) {
    self.store = store
    self.declaration = declaration
    self.states = states
    self.accumulated = accumulated
    rates = plan.statistics("rates", count: UpdateRates.count).total
  }

  mutating func record() {
    let trainable = store.parameters.indices.filter { store.parameters[$0].isTrainable }
    if let limit = declaration.clipGradients { recordClipping(trainable, limit: limit) }
    for index in trainable { recordUpdate(index) }
  }

  private func gradient(_ index: Int) -> FloatView? {
    accumulated.map { FloatView($0, store.paddedRange(index)) } ?? store.paddedGradient(index)
  }

  private mutating func recordClipping(_ parameters: [Int], limit: Double) {
    var sums: [Slot] = []
    for index in parameters {
      guard let gradient = gradient(index) else { continue }
      plan.layer = store.parameters[index].name
      let tiles = UpdatePlan.tiles(gradient.count)
      let sum = plan.statistics("squares of ∂\(plan.layer)", count: tiles).total
      sums.append(sum)
      plan.recordJoint("sum of squares", reads: [], writes: [sum], tiles: tiles) { binding in
        SquareSum(
          of: gradient[binding.tileRange(of: gradient.count)],
          to: binding.doubles(sum)[binding.tile..<binding.tile + 1])
      }
    }
    plan.layer = "solver"
    let (rates, parts) = (rates, sums)
    plan.recordJoint("clip", reads: parts, writes: [rates]) { binding in
      GradientClipping(
        squares: parts.map(binding.doubles), limit: limit, rates: binding.doubles(rates))
    }
  }

  private mutating func recordUpdate(_ index: Int) {
    let parameter = store.parameters[index]
    guard let gradient = gradient(index) else { return }
    let (value, range) = (store.paddedValue(index), store.paddedRange(index))
    let tiles = UpdatePlan.tiles(value.count)
    plan.layer = parameter.name
    let slot = plan.statistics("health of \(parameter.name)", count: tiles).total
    health.append((index, slot))
    let (declaration, rates) = (declaration, rates)
    let states = states.map { FloatView($0, range) }
    let decay = declaration.regularizer.value.decay(strength: declaration.weightDecay)
    plan.recordJoint("update", reads: [rates], writes: [slot], tiles: tiles) { binding in
      let range = binding.tileRange(of: value.count)
      return declaration.solver.updateKernel(
        UpdateOperands(
          value: value[range], gradient: gradient[range], states: states.map { $0[range] },
          rates: binding.doubles(rates), rateMultiplier: parameter.rateMultiplier,
          decayMultiplier: parameter.decayMultiplier, decay: decay,
          health: binding.doubles(slot)[binding.tile..<binding.tile + 1]))
    }
  }
}

extension Binding {
  /// The binding's part of `count` elements: whole vectors of an update, the last tile taking what
  /// is left.
  fileprivate func tileRange(of count: Int) -> Range<Int> {
    let width = count / tiles / UpdateOperands.width * UpdateOperands.width
    return tile * width..<(tile == tiles - 1 ? count : (tile + 1) * width)
  }
}
