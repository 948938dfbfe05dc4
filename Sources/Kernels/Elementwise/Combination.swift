/// How several tensors of one shape become one.
package enum CombinationFunction: Sendable, Hashable {
  /// Σ c_i·x_i
  case sum([Float])
  /// Π x_i
  case product
  /// The greatest. Of the first two the second wins a tie, of later ones the earlier: as in Caffe.
  case maximum
}

/// y = f(x_1, x_2, …), element by element.
package struct Combination: Kernel {
  private let function: CombinationFunction
  private let inputs: ContiguousArray<FloatView>
  private let y: FloatView

  /// - Parameter inputs: at least one, each of as many elements as `y`.
  package init(_ function: CombinationFunction, _ inputs: [FloatView], to y: FloatView) {
    self.function = function
    self.inputs = ContiguousArray(inputs.map { $0.checked(y.count) })
    self.y = y
  }

  package func run() {
    let first = inputs[0]
    switch function {
    case .sum(let factors):
      let factor = factors[0]
      for index in 0..<y.count { y[index] = factor * first[index] }
      for (number, x) in inputs.enumerated().dropFirst() {
        let factor = factors[number]
        for index in 0..<y.count { y[index] += factor * x[index] }
      }
    case .product:
      y.copy(y.count, of: first, from: 0, to: 0)
      for x in inputs.dropFirst() {
        for index in 0..<y.count { y[index] *= x[index] }
      }
    case .maximum:
      y.copy(y.count, of: first, from: 0, to: 0)
      for (number, x) in inputs.enumerated().dropFirst() {
        let keepsTie = number > 1
        for index in 0..<y.count {
          let (value, best) = (x[index], y[index])
          y[index] = value > best || (!keepsTie && !(best > value)) ? value : best
        }
      }
    }
  }
}

/// ∂x_i of ``Combination``: c_i·∂y; ∂y times the other factors; ∂y where x_i is the one that was taken, else 0.
package struct CombinationGradient: Kernel {
  private let function: CombinationFunction
  private let inputs: ContiguousArray<FloatView>
  private let number: Int
  private let dy: FloatView
  private let dx: FloatView

  /// - Parameters:
  ///   - inputs: all of them.
  ///   - number: which of them the gradient is of.
  package init(
    _ function: CombinationFunction, _ inputs: [FloatView], of number: Int, dy: FloatView,
    to dx: FloatView
  ) {
    self.function = function
    self.inputs = ContiguousArray(inputs.map { $0.checked(dx.count) })
    self.number = number
    self.dy = dy.checked(dx.count)
    self.dx = dx
  }

  package func run() {
    switch function {
    case .sum(let factors):
      let factor = factors[number]
      for index in 0..<dx.count { dx[index] = factor * dy[index] }
    case .product:
      dx.copy(dx.count, of: dy, from: 0, to: 0)
      for (other, x) in inputs.enumerated() where other != number {
        for index in 0..<dx.count { dx[index] *= x[index] }
      }
    case .maximum:
      for index in 0..<dx.count { dx[index] = taken(index) == number ? dy[index] : 0 }
    }
  }

  /// Which input gave the maximum.
  @inline(__always)
  private func taken(_ index: Int) -> Int {
    var best = 0
    for other in 1..<max(inputs.count, 1) {
      let (value, greatest) = (inputs[other][index], inputs[best][index])
      if value > greatest || (other == 1 && !(greatest > value)) { best = other }
    }
    return best
  }
}
