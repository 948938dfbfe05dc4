internal import Functions
package import Kernels

/// The memory and numbers that the update of one tile uses.
///
/// All views have the same count, a multiple of ``UpdateOperands/width``.
package struct UpdateOperands: Sendable {
  /// The alignment of parameters in memory, in elements.
  ///
  /// The elements after the end of a parameter are padding: they are 0 and stay 0.
  package static let width = 16

  /// The weights of the tile, which the update changes.
  package let value: FloatView
  /// The accumulated gradient of the tile, before scaling and decay.
  package let gradient: FloatView
  /// The solver's states, in the order of ``Solver/stateNames(ofMatrix:)``.
  package let states: [FloatView]
  /// The numbers of this update that all parameters share; see ``UpdateRates``.
  package let rates: DoubleView
  /// `lr_mult` of the parameter.
  package let rateMultiplier: Double
  /// `decay_mult` of the parameter.
  package let decayMultiplier: Double
  /// The regularizer's coefficients, without `decay_mult`.
  package let decay: Decay
  /// One element: 0 after an update whose new values are all finite, NaN otherwise.
  package let health: DoubleView
  /// The parameter's ``Norms``, for rules that record them.
  package let norms: DoubleView?
  /// The tile of the direction that the rule computed from the whole gradient. Nil for rules
  /// without such a direction.
  package let direction: FloatView?
  /// The extents of the whole matrix, in the axis order of weights files.
  package let rows: Int
  package let columns: Int
  /// The values of a stored row, a multiple of eight, if the update leaves rows with a gradient of 0
  /// as they are. Then the tile consists of whole rows. Nil to change all weights.
  package let rowWidth: Int?

  package init(
    value: FloatView, gradient: FloatView, states: [FloatView], rates: DoubleView,
    rateMultiplier: Double, decayMultiplier: Double, decay: Decay, health: DoubleView,
    norms: DoubleView? = nil, direction: FloatView? = nil, rows: Int = 1, columns: Int = 1,
    rowWidth: Int? = nil
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
    self.rowWidth = rowWidth
  }

  /// The learning rate of the parameter in this update: lr · lr_mult.
  var rate: Double { rates[UpdateRates.learningRate] * rateMultiplier }

  /// Returns the coefficient that ``Solver/correct(_:)`` wrote at its place `index`.
  func correction(_ index: Int) -> Double { rates[UpdateRates.corrections + index] }

  /// The regularizer's coefficients for this parameter, with `decay_mult`.
  var parameterDecay: Decay {
    Decay(l1: decay.l1 * decayMultiplier, l2: decay.l2 * decayMultiplier)
  }
}

extension UpdateOperands {
  /// Calls `body` with the index of the first of each eight weights that the update changes.
  ///
  /// If ``rowWidth`` is given, these are the weights of rows with a gradient other than 0.
  @inline(__always)
  func forEachIndex(_ body: (Int) -> Void) {
    let step = Lanes.Vector.scalarCount
    guard let rowWidth else {
      for index in stride(from: 0, to: value.count, by: step) { body(index) }
      return
    }
    let gradients = Lanes(gradient)
    for row in stride(from: 0, to: value.count, by: rowWidth) {
      let indices = stride(from: row, to: min(row &+ rowWidth, value.count), by: step)
      guard indices.contains(where: { any(gradients[$0] .!= 0) }) else { continue }
      for index in indices { body(index) }
    }
  }

  /// Calls `rule` with eight weights at a time, stores the changed weights, and reports whether
  /// they are finite.
  ///
  /// `rule` receives the weights, the gradient after scaling and decay, and the index of the
  /// states.
  ///
  /// - Parameter isDecoupled: true when the decay changes the weights directly, before `rule` runs:
  ///   w ← w − r·(l2·w + l1·sign w). The gradient then does not contain the decay.
  @inline(__always)
  func forEachVector(
    isDecoupled: Bool = false, _ rule: (inout Lanes.Vector, Lanes.Vector, Int) -> Void
  ) {
    let decay = parameterDecay
    let (penalty, rate) = (PenaltyGradient(decay), Float(rate))
    // Three loops, so that no loop repeats a test whose result is the same for all vectors.
    if decay.l1 == 0 && decay.l2 == 0 {
      forEachVector(rule) { _, _ in }
    } else if isDecoupled {
      forEachVector(rule) { vector, _ in vector -= rate * penalty(vector) }
    } else {
      forEachVector(rule) { vector, gradient in gradient += penalty(vector) }
    }
  }

  /// Runs the loop of ``forEachVector(isDecoupled:_:)``.
  ///
  /// - Parameter shrink: applies the decay to the weights or to the gradient.
  @inline(__always)
  private func forEachVector(
    _ rule: (inout Lanes.Vector, Lanes.Vector, Int) -> Void,
    after shrink: (inout Lanes.Vector, inout Lanes.Vector) -> Void
  ) {
    let (values, gradients) = (Lanes(value), Lanes(gradient))
    let scale = Float(rates[UpdateRates.gradientScale])
    // x − x is 0 when x is finite, and NaN otherwise.
    var differences = Lanes.Vector(repeating: 0)
    forEachIndex { index in
      var vector = values[index]
      var gradient = gradients[index] * scale
      shrink(&vector, &gradient)
      rule(&vector, gradient, index)
      differences += vector - vector
      values[index] = vector
    }
    health[0] = Double(differences.pairwiseSum)
  }
}
