internal import DataFiles
internal import DataSources
internal import Expressions
package import Files
internal import Kernels
internal import Layers
package import Networks
internal import Plans
internal import Training

/// Compares the gradients of a model's backward pass with differences of its objective, on the
/// first batch.
///
/// The objective f is the minimized sum, with the noise and the batch statistics of the first
/// training step. The check takes `samples` evenly spread elements of each parameter, and of the
/// data. For each element it compares
///
///     d = (f(x + h) − f(x − h)) / 2h
///
/// with the gradient g at several steps h. The first step is step · max(1, deviation of the
/// tensor's values from 0). The others are a quarter, a sixteenth, and four times as much. The two
/// agree if this holds at one of the steps:
///
///     |g − d| ≤ threshold · max(|g|, |d|, root mean square of the tensor's gradient)
///
/// An element for which this holds at no step is one of the following:
/// - *noise*, if at some step the difference is within the rounding error of f in single precision.
///   The error is estimated from the measured roughness of f. The check then shows nothing.
/// - a *kink*, if the mean of 32 gradients from the backward pass between x − h and x + h is d. The
///   gradient then changes within the step, as at the corner of a ReLU or at a tie of a maximum.
/// - *wrong*, otherwise.
///
/// Reference: Jia et al., "Caffe", 2014, whose gradient checker leaves out kinks too.
package struct GradientCheck: Sendable {
  package struct Options: Sendable {
    package var step = 0.01
    package var threshold = 0.01
    package var samples = 64

    package init() {}
  }

  /// The result for one tensor.
  package struct Row: Sendable {
    package let layer: String
    package let tensor: String
    package let elementCount: Int
    package var agreeing = 0
    package var kinks = 0
    package var noise = 0
    package var wrong = 0
    /// The element with the greatest error: among the wrong ones, or else the agreeing ones, or
    /// else all.
    package var worst: Element?

    package init(layer: String, tensor: String, elementCount: Int) {
      self.layer = layer
      self.tensor = tensor
      self.elementCount = elementCount
    }
  }

  /// The result for one element.
  package struct Element: Sendable {
    package enum Verdict: Int, Sendable {
      case noise
      case kink
      case agrees
      case wrong
    }

    package var index: Int
    package let gradient: Double
    package let difference: Double
    /// |g − d| relative to the greatest of |g|, |d| and the tensor's root mean square.
    package let error: Double
    package let verdict: Verdict

    package init(
      index: Int, gradient: Double, difference: Double, error: Double, verdict: Verdict
    ) {
      self.index = index
      self.gradient = gradient
      self.difference = difference
      self.error = error
      self.verdict = verdict
    }
  }

  package let rows: [Row]

  /// The purposes of the plans that a check makes.
  package static let purposes: [NetworkPlan.Purpose] = [.differentiation, .objective]

  /// Checks every trained parameter, and the inputs that have a gradient.
  ///
  /// - Throws: ``RunFailure`` if the memory does not suffice, or the objective is not finite.
  package init(_ step: FirstStep, _ options: Options) throws(RunFailure) {
    let (plan, forward) = (
      try step.plan(.differentiation), try step.plan(.objective)
    )
    let statistics = step.store.parameters.indices.filter {
      step.store.parameters[$0].declaration.role == .statistic
    }.map { (index: $0, values: step.store.rowMajor($0)) }
    // Every evaluation begins with the same statistics.
    func objective() -> Double {
      for (index, values) in statistics { step.store.set(index, rowMajor: values) }
      forward.plan.run(on: step.workers)
      return forward.loss
    }
    func differentiate() {
      for (index, values) in statistics { step.store.set(index, rowMajor: values) }
      plan.plan.run(on: step.workers)
    }
    differentiate()
    guard plan.loss.isFinite else {
      throw .diverged("the loss of the first batch is \(plan.loss.singlePrecision)")
    }
    var rows: [Row] = []
    for (index, parameter) in step.store.parameters.enumerated() where parameter.isTrainable {
      guard let gradient = step.store.gradient(index) else { continue }
      let tensor = CheckedTensor(
        layer: parameter.owner, name: parameter.name, values: step.store.value(index),
        gradient: gradient)
      let row = tensor.check(options, objective, differentiate)
      rows.append(row.naming { step.store.element(at: $0, of: index) })
    }
    for (blob, input) in zip(step.graph.inputBlobs, step.batch.inputs) {
      guard let slot = plan.gradient(ofInput: blob), case .floats(let values) = input.storage else {
        continue
      }
      let tensor = CheckedTensor(
        layer: "data", name: input.name, values: FloatView(values),
        gradient: plan.plan.floats(slot))
      rows.append(tensor.check(options, objective, differentiate))
    }
    self.rows = rows
  }

  package init(rows: [Row]) { self.rows = rows }

  /// The number of elements whose gradient is wrong.
  package var wrongCount: Int { rows.reduce(0) { $0 + $1.wrong } }
}

extension GradientCheck.Row {
  /// Returns the row with its elements numbered in row-major order. The function maps a place in
  /// memory to such a number.
  fileprivate func naming(_ element: (Int) -> Int) -> GradientCheck.Row {
    var row = self
    row.worst?.index = worst.map { element($0.index) } ?? 0
    return row
  }

  mutating func add(_ element: GradientCheck.Element) {
    switch element.verdict {
    case .agrees: agreeing += 1
    case .kink: kinks += 1
    case .noise: noise += 1
    case .wrong: wrong += 1
    }
    guard let worst else {
      worst = element
      return
    }
    let (rank, known) = (element.verdict.rawValue, worst.verdict.rawValue)
    if rank > known || (rank == known && !(element.error <= worst.error)) { self.worst = element }
  }
}
