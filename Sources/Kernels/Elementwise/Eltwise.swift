/// y = f(x_1, x_2, …), element by element.
///
/// - Parameter inputs: at least one view, each with as many elements as `y`.
package func eltwise(
  _ function: EltwiseFunction, _ inputs: [FloatView], to y: FloatView
) -> some Kernel {
  let inputs = inputs.map { $0.checked(y.count) }
  return PreparedLoop {
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

/// ∂x_i of ``eltwise(_:_:to:)``, element by element.
///
/// The gradient of a sum is c_i·∂y. The gradient of a product is ∂y times the other factors. The
/// gradient of a maximum is ∂y if x_i is the maximum, and 0 otherwise.
///
/// - Parameters:
///   - inputs: all inputs.
///   - number: the index i of the input whose gradient this computes.
package func eltwiseGradient(
  _ function: EltwiseFunction, _ inputs: [FloatView], of number: Int, dy: FloatView,
  to dx: FloatView
) -> some Kernel {
  let inputs = inputs.map { $0.checked(dx.count) }
  let dy = dy.checked(dx.count)
  return PreparedLoop {
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
      for index in 0..<dx.count {
        dx[index] = greatest(of: inputs, at: index) == number ? dy[index] : 0
      }
    }
  }
}

/// The index of the input whose element at `index` is the maximum.
@inline(__always)
private func greatest(of inputs: [FloatView], at index: Int) -> Int {
  var best = 0
  for other in 1..<max(inputs.count, 1) {
    let (value, greatest) = (inputs[other][index], inputs[best][index])
    if value > greatest || (other == 1 && !(greatest > value)) { best = other }
  }
  return best
}
