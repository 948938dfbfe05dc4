package import Kernels
package import YAML

/// A rule that turns gradients into changes of the parameters.
package protocol Solver: CatalogType {
  /// What the solver keeps for every parameter from one update to the next, by name; each is as large as the parameter
  /// and 0 at first.
  var stateNames: [String] { get }

  /// The kernel that updates one tile of a parameter, in one pass over its memory.
  func updateKernel(_ operands: UpdateOperands) -> any Kernel
}

/// What an update of one tile reads and writes. All views have the same count, a multiple of ``UpdateOperands/width``.
package struct UpdateOperands: Sendable {
  /// Parameters lie in memory in multiples of this many elements; what is beyond their end is 0 and stays 0.
  package static let width = 16

  package let value: FloatView
  package let gradient: FloatView
  /// In the order of ``Solver/stateNames``.
  package let states: [FloatView]
  /// What all parameters share in this update; see ``UpdateRates``.
  package let rates: DoubleView
  /// The parameter's own factors of the learning rate and of the decay.
  package let rateMultiplier: Double
  package let decayMultiplier: Double
  package let decay: Decay
  /// One element, set to 0 if every new value is finite, and to NaN otherwise.
  package let health: DoubleView

  package init(
    value: FloatView, gradient: FloatView, states: [FloatView], rates: DoubleView,
    rateMultiplier: Double, decayMultiplier: Double, decay: Decay, health: DoubleView
  ) {
    self.value = value
    self.gradient = gradient
    self.states = states
    self.rates = rates
    self.rateMultiplier = rateMultiplier
    self.decayMultiplier = decayMultiplier
    self.decay = decay
    self.health = health.checked(1)
  }
}

extension UpdateOperands {
  /// Calls `rule` with every vector of values, the gradient after scaling and decay, and the index at which states are
  /// found; stores the changed values, and records whether they are finite.
  @inline(__always)
  func forEachVector(_ rule: (inout Lanes.Vector, Lanes.Vector, Int) -> Void) {
    let (values, gradients) = (Lanes(value), Lanes(gradient))
    let scale = Float(rates[UpdateRates.gradientScale])
    let l1 = Float(decay.l1 * decayMultiplier)
    let l2 = Float(decay.l2 * decayMultiplier)
    // x − x is 0 where x is finite, and NaN elsewhere.
    var differences = Lanes.Vector(repeating: 0)
    for index in stride(from: 0, to: value.count, by: Lanes.Vector.scalarCount) {
      var vector = values[index]
      var slope = gradients[index] * scale + vector * l2
      if l1 != 0 {
        slope.replace(with: slope + l1, where: vector .> 0)
        slope.replace(with: slope - l1, where: vector .< 0)
      }
      rule(&vector, slope, index)
      differences += vector - vector
      values[index] = vector
    }
    health[0] = Double(differences.sum())
  }
}

/// The places of an update's numbers in its memory.
package enum UpdateRates {
  /// lr, after the policy.
  package static let learningRate = 0
  /// What the accumulated gradient is multiplied with: clipping, and the division by `iter_size`.
  package static let gradientScale = 1
  package static let count = 2
}

/// What a regularizer adds to the gradient: l2·w + l1·sign w.
package struct Decay: Sendable, Equatable {
  package let l1: Double
  package let l2: Double

  package init(l1: Double, l2: Double) {
    self.l1 = l1
    self.l2 = l2
  }
}

/// Every solver, one line each.
package enum SolverCatalog {
  package static let all = Catalog<any Solver>(
    of: "solver",
    [
      entry(SGD.self)
    ])

  private static func entry<Type: Solver>(_ type: Type.Type) -> Catalog<any Solver>.Entry {
    Catalog.Entry(type) { $0 }
  }
}
