import DataFiles
import DataSources
import Fields
import Kernels
import Oracles
import RunOracles
import Solvers
import Tensors

/// A solver of the catalog with a planted fault.
struct FaultySolver: Solver {
  enum Fault: Sendable {
    /// w ← w + r·…
    case climbs
    /// The decay drives weights away from 0.
    case wrongDecay
    /// The moments have no bias correction.
    case noCorrection
    /// The gradients of several batches are summed instead of averaged.
    case sumsBatches(Int)
  }

  var base: any Solver = SGD()
  var fault = Fault.climbs

  init() {}

  init(_ base: any Solver, _ fault: Fault) {
    (self.base, self.fault) = (base, fault)
  }

  static let reference = Reference("Faulty", formula: "", discussion: "", example: "")
  static let fields: [Field<FaultySolver>] = []

  func stateNames(ofMatrix isMatrix: Bool) -> [String] { base.stateNames(ofMatrix: isMatrix) }

  func correct(_ rates: DoubleView) {
    base.correct(rates)
    switch fault {
    case .noCorrection:
      for place in UpdateRates.corrections..<UpdateRates.count { rates[place] = 1 }
    case .sumsBatches(let count): rates[UpdateRates.gradientScale] *= Double(count)
    default: break
    }
  }

  func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    let (climbs, spoilsDecay) =
      switch fault {
      case .climbs: (true, false)
      case .wrongDecay: (false, true)
      default: (false, false)
      }
    let decay =
      spoilsDecay ? Decay(l1: -operands.decay.l1, l2: -operands.decay.l2) : operands.decay
    return base.updateKernel(
      UpdateOperands(
        value: operands.value, gradient: operands.gradient, states: operands.states,
        rates: operands.rates,
        rateMultiplier: climbs ? -operands.rateMultiplier : operands.rateMultiplier,
        decayMultiplier: operands.decayMultiplier, decay: decay, health: operands.health,
        norms: operands.norms, direction: operands.direction, rows: operands.rows,
        columns: operands.columns))
  }
}

/// A policy whose rate is some iterations late.
struct LatePolicy: LearningRatePolicy {
  var base: any LearningRatePolicy = Fixed()
  var delay = 0

  init() {}

  init(_ base: any LearningRatePolicy, by delay: Int) {
    (self.base, self.delay) = (base, delay)
  }

  static let reference = Reference("late", formula: "", discussion: "", example: "")
  static let fields: [Field<LatePolicy>] = []

  func rate(base rate: Double, iteration: Int, of training: TrainingLength) -> Double {
    base.rate(base: rate, iteration: max(0, iteration - delay), of: training)
  }
}

/// A source that changes its examples after reading them.
struct FaultySource: DataSource {
  enum Fault: Sendable {
    /// Every example has the label of another one.
    case shufflesLabels
    /// Two inputs are swapped.
    case swapsInputs
  }

  var base: any DataSource = Spiral()
  var fault = Fault.shufflesLabels

  init() {}

  init(_ base: any DataSource, _ fault: Fault) {
    (self.base, self.fault) = (base, fault)
  }

  static let reference = Reference("faulty", formula: "", discussion: "", example: "")
  static let fields: [Field<FaultySource>] = []

  var files: [String] { base.files }

  func signature(_ context: DataContext) throws(DataFailure) -> DataSignature {
    try base.signature(context)
  }

  func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    let dataset = try base.load(context)
    switch fault {
    case .shufflesLabels:
      let targets = try dataset.targets[0].storage.floats()
      let labels = targets.array
      for index in labels.indices { targets[index] = labels[(index * 7 + 3) % labels.count] }
    case .swapsInputs:
      let inputs = try dataset.inputs[0].storage.floats()
      let (values, width) = (inputs.array, dataset.inputs[0].width)
      for index in values.indices {
        inputs[index] = values[index / width * width + (index + 1) % width]
      }
    }
    return dataset
  }
}
