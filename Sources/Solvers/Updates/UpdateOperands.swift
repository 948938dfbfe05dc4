package import Kernels

/// What an update of one tile reads and writes. All views have the same count, a multiple of ``UpdateOperands/width``.
package struct UpdateOperands: Sendable {
  /// Parameters lie in memory in multiples of this many elements; what is beyond their end is 0 and stays 0.
  package static let width = 16

  package let value: FloatView
  package let gradient: FloatView
  /// In the order of ``Solver/stateNames(ofMatrix:)``.
  package let states: [FloatView]
  /// What all parameters share in this update; see ``UpdateRates``.
  package let rates: DoubleView
  /// The parameter's own factors of the learning rate and of the decay.
  package let rateMultiplier: Double
  package let decayMultiplier: Double
  package let decay: Decay
  /// One element, set to 0 if every new value is finite, and to NaN otherwise.
  package let health: DoubleView
  /// Where the rule records them: the parameter's ``Norms``.
  package let norms: DoubleView?
  /// Where the rule records it: the tile of a direction that was made of the whole gradient.
  package let direction: FloatView?
  /// Of the whole matrix as files hold it.
  package let rows: Int
  package let columns: Int

  package init(
    value: FloatView, gradient: FloatView, states: [FloatView], rates: DoubleView,
    rateMultiplier: Double, decayMultiplier: Double, decay: Decay, health: DoubleView,
    norms: DoubleView? = nil, direction: FloatView? = nil, rows: Int = 1, columns: Int = 1
  ) {
    self.value = value
    self.gradient = gradient
    self.states = states
    self.rates = rates
    self.rateMultiplier = rateMultiplier
    self.decayMultiplier = decayMultiplier
    self.decay = decay
    self.health = health.checked(1)
    self.norms = norms
    self.direction = direction
    self.rows = rows
    self.columns = columns
  }

  /// The learning rate of the parameter in this update.
  var rate: Double { rates[UpdateRates.learningRate] * rateMultiplier }

  /// What ``Solver/correct(_:)`` wrote at its place `index`.
  func correction(_ index: Int) -> Double { rates[UpdateRates.corrections + index] }

  /// The regularizer's coefficients for the parameter.
  var parameterDecay: Decay {
    Decay(l1: decay.l1 * decayMultiplier, l2: decay.l2 * decayMultiplier)
  }
}

/// The slope of a penalty at eight weights: l2·w + l1·sign w.
struct PenaltySlope {
  private let l1: Float
  private let l2: Float

  init(_ decay: Decay) {
    l1 = Float(decay.l1)
    l2 = Float(decay.l2)
  }

  @inline(__always)
  func callAsFunction(_ vector: Lanes.Vector) -> Lanes.Vector {
    var slope = vector * l2
    if l1 != 0 {
      slope.replace(with: slope + l1, where: vector .> 0)
      slope.replace(with: slope - l1, where: vector .< 0)
    }
    return slope
  }
}

extension UpdateOperands {
  /// Calls `rule` with every vector of values, the gradient after scaling and decay, and the index at which states are
  /// found; stores the changed values, and records whether they are finite.
  ///
  /// - Parameter isDecoupled: true where the decay moves the weights directly, w ← w − r·(l2·w + l1·sign w), before the
  ///   rule sees them, and the gradient is left as it is.
  @inline(__always)
  func forEachVector(
    isDecoupled: Bool = false, _ rule: (inout Lanes.Vector, Lanes.Vector, Int) -> Void
  ) {
    let decay = parameterDecay
    let (penalty, rate) = (PenaltySlope(decay), Float(rate))
    // A loop each, so that what is the same for all vectors is asked once.
    if decay.l1 == 0 && decay.l2 == 0 {
      forEachVector(rule) { _, _ in }
    } else if isDecoupled {
      forEachVector(rule) { vector, _ in vector -= rate * penalty(vector) }
    } else {
      forEachVector(rule) { vector, slope in slope += penalty(vector) }
    }
  }

  /// - Parameter shrink: how the decay changes values or slopes.
  @inline(__always)
  private func forEachVector(
    _ rule: (inout Lanes.Vector, Lanes.Vector, Int) -> Void,
    after shrink: (inout Lanes.Vector, inout Lanes.Vector) -> Void
  ) {
    let (values, gradients) = (Lanes(value), Lanes(gradient))
    let scale = Float(rates[UpdateRates.gradientScale])
    // x − x is 0 where x is finite, and NaN elsewhere.
    var differences = Lanes.Vector(repeating: 0)
    for index in stride(from: 0, to: value.count, by: Lanes.Vector.scalarCount) {
      var vector = values[index]
      var slope = gradients[index] * scale
      shrink(&vector, &slope)
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
  /// t, which number the update has, counted from 1.
  package static let number = 2
  /// The first of the places that are the solver's own.
  package static let corrections = 3
  package static let count = 8
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
