package import Fields
internal import Functions
internal import YAML

/// Mixes each example of a training batch with its neighbour.
///
/// y[i] = λ·x[i] + (1 − λ)·x[i + 1], for the inputs, the targets and the weights of examples. The last example is mixed with the
/// first. λ ~ Beta(alpha, alpha) has one value for a batch. Classes cannot be mixed, so that `one_hot`
/// comes before.
///
/// - `alpha` (0.2): the parameter of the distribution.
///
/// Reference: H. Zhang, M. Cissé, Y. N. Dauphin, D. Lopez-Paz, "mixup: beyond empirical risk
/// minimization", 2018.
package struct Mixup: Transform {
  var alpha = 0.2

  package init() {}

  package static let reference = Reference(
    "mixup", formula: "y[i] = λ·x[i] + (1 − λ)·x[i + 1], λ ~ Beta(alpha, alpha)",
    discussion: """
      Inputs, targets and the weights of examples are mixed, so that a target with classes needs \
      one_hot before. SoftmaxWithLoss takes the mixed targets. It is the last transform. Tests skip it.
      """,
    example: "{type: mixup, alpha: 0.2}")

  package static let fields: [Field<Mixup>] = [
    .optional("alpha", \.alpha, .within(0.01...100), "The parameter of the distribution.")
  ]

  package var isForTraining: Bool { true }

  package func result(of top: DataTop) throws(TransformMistake) -> DataTop {
    guard !top.hasClasses else {
      throw TransformMistake(
        "expected numbers for '\(top.name.quotable)', received classes: put one_hot before mixup")
    }
    if let index = top.categoryCounts.firstIndex(where: { $0 != nil }) {
      throw TransformMistake(
        "expected numbers for '\(top.name.quotable)', received the index of a category in "
          + "'\(top.valueName(index).quotable)': use the encoding one_hot")
    }
    return top
  }

  /// Returns λ for a batch.
  ///
  /// λ = a / (a + b), where a and b have the gamma distribution of shape alpha. For alpha below 1, a
  /// number of shape alpha + 1 is multiplied by u^(1/alpha).
  ///
  /// Reference: G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", 2000.
  func share(_ draws: TransformDraws) -> Float {
    let (first, second) = (gamma(draws, from: 0), gamma(draws, from: 1 << 16))
    // Both are 0 for a tiny alpha, where one example has the whole weight.
    guard first + second > 0 else { return draws.uniform(1 << 20) < 0.5 ? 0 : 1 }
    return Float(first / (first + second))
  }

  /// Mixes each example with the next one, and the last with the first: y[i] = λ·x[i] + (1 − λ)·x[i + 1].
  ///
  /// - Parameters:
  ///   - values: the values of all examples, in order.
  ///   - share: λ.
  package static func mix(_ values: inout MutableSpan<Float>, count: Int, share: Float) {
    guard count > 1 else { return }
    let width = values.count / count
    for index in 0..<width {
      let first = values[index]
      for example in 0..<count {
        let place = example * width + index
        let next = example + 1 < count ? values[place + width] : first
        values[place] = share * values[place] + (1 - share) * next
      }
    }
  }

  private func gamma(_ draws: TransformDraws, from start: Int) -> Double {
    let shape = alpha < 1 ? alpha + 1 : alpha
    let base = shape - 1.0 / 3
    let slope = 1 / (9 * base).squareRoot()
    var value = base
    for attempt in 0..<64 {
      // A normal number uses the bits of two uniform ones.
      let place = start + 4 * attempt
      let normal = draws.normal(place / 2)
      let root = 1 + slope * normal
      let cube = root * root * root
      let limit = 0.5 * normal * normal + base - base * cube
      guard root > 0,
        logarithm(1 - draws.uniform(place + 2)) < limit + base * logarithm(cube)
      else { continue }
      value = base * cube
      break
    }
    return alpha < 1 ? value * power(1 - draws.uniform(start + 4096), 1 / alpha) : value
  }
}
