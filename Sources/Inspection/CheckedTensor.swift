internal import Expressions
package import Kernels

/// A tensor whose gradient is checked: the objective is a function of its values.
package struct CheckedTensor {
  private let layer: String
  private let name: String
  private let values: FloatView
  private let gradient: FloatView

  /// Describes a tensor to check.
  ///
  /// - Parameters:
  ///   - values: The memory that the objective reads.
  ///   - gradient: The gradient of each value, in the same order.
  package init(layer: String, name: String, values: FloatView, gradient: FloatView) {
    precondition(values.count == gradient.count, "each value needs a gradient")
    self.layer = layer
    self.name = name
    self.values = values
    self.gradient = gradient
  }

  /// Compares gradients with differences. Leaves the values unchanged.
  ///
  /// - Parameter differentiate: Computes the gradient at the current values.
  package func check(
    _ options: GradientCheck.Options, _ objective: () -> Double, _ differentiate: () -> Void
  ) -> GradientCheck.Row {
    differentiate()
    let gradients = (0..<gradient.count).map { Double(gradient[$0]) }
    let size = CheckedTensor.rootMeanSquare(gradients)
    let unit = max(1, CheckedTensor.rootMeanSquare((0..<values.count).map { Double(values[$0]) }))
    let elements = CheckedTensor.samples(options.samples, of: values.count)
    let noise = roughness(elements, distance: unit * 0x1p-17, objective)
    var row = GradientCheck.Row(layer: layer, tensor: name, elementCount: values.count)
    for index in elements {
      let differences = GradientDifferences(
        at: index, of: values, gradient: gradients[index], size: size, noise: noise)
      let element = differences.element(
        step: options.step * unit, threshold: options.threshold, objective
      ) {
        differentiate()
        return Double(gradient[index])
      }
      row.add(element)
    }
    return row
  }

  /// Returns `count` numbers below `total`, spread by the golden ratio, or all numbers if there are
  /// no more.
  package static func samples(_ count: Int, of total: Int) -> [Int] {
    guard total > count else { return Array(0..<total) }
    var taken: Set<Int> = []
    var place = 0.5
    while taken.count < count {
      taken.insert(min(Int(place * Double(total)), total - 1))
      place = (place + 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
    }
    return taken.sorted()
  }

  /// Returns the root mean square of the finite values.
  private static func rootMeanSquare(_ values: [Double]) -> Double {
    let values = values.filter(\.isFinite)
    return (values.reduce(0) { $0 + $1 * $1 } / Double(max(values.count, 1))).squareRoot()
  }

  /// Estimates the standard deviation of the objective's rounding errors.
  ///
  /// The estimate uses third differences at points so close together that only rounding affects
  /// them. It is at least half a unit in the last place of the objective.
  private func roughness(
    _ elements: [Int], distance: Double, _ objective: () -> Double
  ) -> Double {
    var squares = 0.0
    let shown = elements.prefix(4)
    for index in shown {
      let value = values[index]
      let points = [-1.0, 0, 1, 2].map { place in
        values[index] = Float(Double(value) + place * distance)
        return objective()
      }
      values[index] = value
      let third = points[3] - 3 * points[2] + 3 * points[1] - points[0]
      // A third difference has a variance of 1 + 9 + 9 + 1 = 20 times that of one error.
      squares += third * third / 20
    }
    let measured = (squares / Double(max(shown.count, 1))).squareRoot()
    return max(measured, abs(objective()) * 0x1p-25)
  }
}
