internal import Kernels
internal import Layers
internal import ModelFiles
internal import Plans
internal import Solvers
internal import Tensors

/// Records the kernels of an update.
///
/// Steps for single parameters are recorded kind by kind, so that the steps of one kind share a
/// stage.
struct UpdateRecorder {
  let store: ParameterStore
  let declaration: SolverDeclaration
  let memory: UpdateMemory
  private(set) var plan = PlanBuilder(batchSize: 0, sliceCount: 1)
  let rates: Slot
  /// By trainable parameter: a slot that shows for each tile whether the update gave finite values.
  private(set) var health: [(parameter: Int, slot: Slot)] = []

  init(store: ParameterStore, declaration: SolverDeclaration, memory: UpdateMemory) {
    self.store = store
    self.declaration = declaration
    self.memory = memory
    rates = plan.statistics("rates", count: UpdateRates.count).total
  }

  mutating func record() {
    let trainable = store.parameters.indices.filter { store.parameters[$0].isTrainable }
    if let limit = declaration.clipGradients { recordClipping(trainable, limit: limit) }
    let parameters = trainable.compactMap { index in parameter(index).map { (index, $0) } }
    // The direction of a whole matrix takes memory, so each is used before the next is computed.
    if declaration.solver.preparationCount > 0 {
      for (index, parameter) in parameters { recordUpdates([(index, parameter)]) }
    } else {
      recordUpdates(parameters)
    }
    for (number, (index, parameter)) in parameters.enumerated() {
      recordBound(index, parameter, health[number].slot)
    }
    guard let averages = memory.averages, let kept = declaration.averageKept else { return }
    for (number, (index, parameter)) in parameters.enumerated() {
      let average = FloatView(averages, store.paddedRange(index))
      recordAverage(parameter, health[number].slot, average, kept: kept)
    }
  }

  private func gradient(_ index: Int) -> FloatView? {
    memory.accumulated.map { FloatView($0, store.paddedRange(index)) }
      ?? store.paddedGradient(index)
  }

  private func parameter(_ index: Int) -> UpdateParameter? {
    guard let gradient = gradient(index) else { return nil }
    let (parameter, value) = (store.parameters[index], store.paddedValue(index))
    let shape = parameter.declaration.shape
    let rows = parameter.isMatrix ? shape[0] : 1
    return UpdateParameter(
      name: parameter.name, value: value, gradient: gradient,
      states: memory.states[index].map { FloatView($0) }, isMatrix: parameter.isMatrix,
      rows: rows, columns: shape.count / max(rows, 1), order: parameter.declaration.order,
      rates: rates, rateMultiplier: parameter.rateMultiplier,
      decayMultiplier: parameter.decayMultiplier,
      decay: declaration.regularization(of: parameter).decay,
      tiles: UpdatePlan.tiles(value.count),
      rowWidth: parameter.declaration.isUpdatedByRows ? shape[1] : nil)
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
        squareSum(
          of: gradient[binding.updateRange(of: gradient.count)],
          to: binding.doubles(sum)[binding.tile..<binding.tile + 1])
      }
    }
    plan.layer = "solver"
    let (rates, parts) = (rates, sums)
    plan.recordJoint("clip", reads: parts, writes: [rates]) { binding in
      gradientClipping(
        squares: parts.map(binding.doubles), limit: limit, rates: binding.doubles(rates))
    }
  }

  private mutating func recordUpdates(_ parameters: [(Int, UpdateParameter)]) {
    let preparations = parameters.map { _, parameter in
      plan.layer = parameter.name
      return declaration.solver.recordPreparation(of: parameter, &plan)
    }
    for ((index, parameter), preparation) in zip(parameters, preparations) {
      plan.layer = parameter.name
      let slot = plan.statistics("health of \(parameter.name)", count: parameter.tiles).total
      health.append((index, slot))
      let solver = declaration.solver
      plan.recordJoint(
        "update", reads: [rates] + preparation.slots, writes: [slot], tiles: parameter.tiles
      ) { binding in
        solver.updateKernel(
          parameter.operands(
            binding, health: binding.doubles(slot)[binding.tile..<binding.tile + 1], preparation))
      }
    }
  }

  /// Bounds the rows of a matrix after its update. The update has already written `health`.
  private mutating func recordBound(_ index: Int, _ parameter: UpdateParameter, _ health: Slot) {
    let regularization = declaration.regularization(of: store.parameters[index])
    guard let limit = regularization.rowLimit, parameter.isMatrix else { return }
    plan.layer = parameter.name
    let tiles = min(parameter.tiles, parameter.rows)
    plan.recordJoint("bound rows", reads: [health], writes: [health], tiles: tiles) { binding in
      let (first, next) = (binding.tile, binding.tile + 1)
      return rowBound(
        parameter.value, rows: parameter.rows, columns: parameter.columns, order: parameter.order,
        bounded: parameter.rows * first / tiles..<parameter.rows * next / tiles, limit: limit)
    }
  }

  private mutating func recordAverage(
    _ parameter: UpdateParameter, _ health: Slot, _ average: FloatView, kept: Double
  ) {
    plan.layer = parameter.name
    let rates = rates
    plan.recordJoint(
      "average", reads: [rates, health], writes: [], tiles: parameter.tiles
    ) { binding in
      let range = binding.updateRange(of: parameter.value.count)
      return weightAverage(
        of: parameter.value[range], to: average[range], kept: kept, rates: binding.doubles(rates))
    }
  }
}
