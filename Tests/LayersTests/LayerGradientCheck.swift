import Inspection
import Layers
import Threads

/// Compares the `backward` of layers with differences of their `forward`, element by element, by
/// the check of `dlrun check-gradients`.
///
/// The objective is the loss with its weight, or Σ c·y, where c is the given gradient of y.
struct LayerGradientCheck {
  /// The results for each input that needs a gradient, and then for each trained parameter.
  private(set) var rows: [GradientCheck.Row] = []
  /// The description of the first wrong gradient.
  private(set) var mismatch: String?

  var checkedCount: Int { rows.reduce(0) { $0 + $1.agreeing + $1.wrong } }
  /// The number of elements without evidence: at kinks, or lost in rounding.
  var skippedCount: Int { rows.reduce(0) { $0 + $1.kinks + $1.noise } }

  init(_ run: LayerRun, on workers: Workers) throws {
    let compiled = try CompiledRun(run)
    func objective() -> Double {
      compiled.run(on: workers)
      return LayerGradientCheck.objective(of: compiled)
    }
    for (index, values) in compiled.inputs.enumerated() where run.needsGradients[index] {
      guard let gradient = compiled.inputGradient(index) else {
        mismatch = mismatch ?? "input \(index) has no gradient"
        continue
      }
      let tensor = CheckedTensor(
        layer: "layer0", name: "input \(index)", values: values, gradient: gradient)
      add(tensor.check(LayerGradientCheck.options, objective) { compiled.run(on: workers) })
    }
    for (layer, parameters) in compiled.parameters.enumerated() {
      for (index, parameter) in parameters.enumerated()
      where parameter.declaration.role.isTrained {
        let tensor = CheckedTensor(
          layer: "layer\(layer)", name: "parameter \(index)", values: parameter.value,
          gradient: parameter.gradient)
        add(tensor.check(LayerGradientCheck.options, objective) { compiled.run(on: workers) })
      }
    }
  }

  /// Checks every element, with a threshold for smooth functions.
  private static var options: GradientCheck.Options {
    var options = GradientCheck.Options()
    (options.threshold, options.samples) = (1e-3, .max)
    return options
  }

  private static func objective(of compiled: CompiledRun) -> Double {
    let (run, tops) = (compiled.run, compiled.topValues)
    if run.layers.last?.kind.scoring != nil { return run.lossWeight * tops[0][0] }
    return zip(run.outputGradients, tops).reduce(0) { sum, top in
      guard let weights = top.0 else { return sum }
      precondition(weights.count == top.1.count, "an output gradient of another size")
      return sum + zip(weights, top.1).reduce(0) { $0 + Double($1.0) * $1.1 }
    }
  }

  private mutating func add(_ row: GradientCheck.Row) {
    rows.append(row)
    guard mismatch == nil, row.wrong > 0, let worst = row.worst else { return }
    mismatch =
      "element \(worst.index) of \(row.tensor) of \(row.layer): backward gives "
      + "\(worst.gradient), differences give \(worst.difference)"
  }
}
