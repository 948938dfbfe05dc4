import Kernels
import Layers
import Oracles
import Plans
import Tensors
import Threads

/// Compares what `backward` computes with central differences of `forward`, element by element.
///
/// The objective is Σ c·y for given c. A difference that crosses a kink has no limit to agree with:
/// elements within `step` of one are left out, as in Caffe's gradient checker.
struct GradientCheck {
  /// Rounding makes an error of about 10⁻⁷/step in a difference, curvature one of about step²/6.
  var step: Float = 0.01
  var threshold = 1e-3
  /// Where the first input's elements have no derivative.
  var kinks: [Float] = []

  struct Outcome {
    /// The first element whose gradient is wrong.
    var mismatch: String?
    var checkedCount = 0
    var skippedCount = 0
  }

  func check(_ run: LayerRun, on workers: Workers) throws -> Outcome {
    let gradients = try run.run(on: workers)
    var outcome = Outcome()
    for (index, tensor) in run.inputs.enumerated() where run.needsGradients[index] {
      for element in tensor.values.indices {
        let value = tensor.values[element]
        if index == 0, kinks.contains(where: { abs(value - $0) <= 2 * step }) {
          outcome.skippedCount += 1
          continue
        }
        let (low, high) = (value - step, value + step)
        let estimate = try difference(run, low, high, on: workers) {
          $0.inputs[index].values[element] = $1
        }
        outcome.compare(
          gradients.inputGradients[index]?[element], estimate, threshold,
          "element \(element) of input \(index)")
      }
    }
    for (layer, tensors) in run.parameters.enumerated() {
      // Statistics have no gradients, and come last.
      for (index, tensor) in tensors.prefix(gradients.parameterGradients[layer].count).enumerated()
      {
        for element in tensor.values.indices {
          let (low, high) = (tensor.values[element] - step, tensor.values[element] + step)
          let estimate = try difference(run, low, high, on: workers) {
            $0.parameters[layer][index].values[element] = $1
          }
          outcome.compare(
            gradients.parameterGradients[layer][index][element], estimate, threshold,
            "element \(element) of parameter \(index) of layer \(layer)")
        }
      }
    }
    return outcome
  }

  /// (f(high) − f(low)) / (high − low), the ends as float32 has them.
  private func difference(
    _ run: LayerRun, _ low: Float, _ high: Float, on workers: Workers,
    _ set: (inout LayerRun, Float) -> Void
  ) throws -> Double {
    var (below, above) = (run, run)
    set(&below, low)
    set(&above, high)
    let change = try objective(above, on: workers) - objective(below, on: workers)
    return change / (Double(high) - Double(low))
  }

  /// The loss with its weight, or Σ c·y with c the gradient that is given for y.
  private func objective(_ run: LayerRun, on workers: Workers) throws -> Double {
    let outputs = try run.run(on: workers, withGradients: false).outputs
    if run.layers.last is any Scoring { return run.lossWeight * outputs[0][0] }
    return zip(run.outputGradients, outputs).reduce(0) { sum, top in
      guard let weights = top.0 else { return sum }
      precondition(weights.count == top.1.count, "an output gradient of another size")
      return sum + zip(weights, top.1).reduce(0) { $0 + Double($1.0) * $1.1 }
    }
  }
}

extension GradientCheck.Outcome {
  fileprivate mutating func compare(
    _ gradient: Float?, _ estimate: Double, _ threshold: Double, _ place: String
  ) {
    checkedCount += 1
    guard mismatch == nil else { return }
    guard let gradient = gradient.map(Double.init) else {
      mismatch = "\(place) has no gradient"
      return
    }
    let scale = max(abs(gradient), abs(estimate), 1)
    // The negation of ≤ holds for NaN too.
    if !(abs(gradient - estimate) <= threshold * scale) {
      mismatch = "\(place): backward gives \(gradient), differences give \(estimate)"
    }
  }
}
