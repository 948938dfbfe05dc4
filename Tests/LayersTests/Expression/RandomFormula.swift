import Glibc
import Oracles

/// One example of a tensor in double precision, computed element by element.
struct NaiveTensor {
  let shape: [Int]
  let values: [Double]

  /// Returns the element at `index` after repetition to the shape `other`.
  private func element(at index: Int, in other: [Int]) -> Double {
    var (rest, place, stride) = (index, 0, 1)
    for axis in other.indices.reversed() {
      let position = rest % other[axis]
      rest /= other[axis]
      let own = axis - (other.count - shape.count)
      guard own >= 0 else { continue }
      place += shape[own] == 1 ? 0 : position * stride
      stride *= shape[own]
    }
    return values[place]
  }

  static func joined(_ a: [Int], _ b: [Int]) -> [Int] {
    let rank = max(a.count, b.count)
    return (0..<rank).map { axis in
      let (i, j) = (axis - rank + a.count, axis - rank + b.count)
      let (m, n) = (i < 0 ? 1 : a[i], j < 0 ? 1 : b[j])
      return m == 1 ? n : m
    }
  }

  static func map(_ tensors: [NaiveTensor], _ function: ([Double]) -> Double) -> NaiveTensor {
    let shape = tensors.reduce([]) { joined($0, $1.shape) }
    return NaiveTensor(
      shape: shape,
      values: (0..<shape.reduce(1, *)).map { index in
        function(tensors.map { $0.element(at: index, in: shape) })
      })
  }

  /// Returns the sums along `axes`, which become 1.
  func sum(along axes: [Int]) -> NaiveTensor {
    let kept = shape.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }
    var sums = [Double](repeating: 0, count: kept.reduce(1, *))
    for index in values.indices {
      var (rest, place, stride) = (index, 0, 1)
      for axis in shape.indices.reversed() {
        let position = rest % shape[axis]
        rest /= shape[axis]
        place += kept[axis] == 1 ? 0 : position * stride
        stride *= kept[axis]
      }
      sums[place] += values[index]
    }
    return NaiveTensor(shape: kept, values: sums)
  }
}

/// A random formula, with a function that evaluates its tree for each element.
struct RandomFormula {
  let text: String
  let shape: [Int]
  let value: ([NaiveTensor]) -> NaiveTensor
}

/// Makes random formulas with small values, so that rounding errors stay small too.
struct FormulaGenerator {
  var numbers: SeededNumbers
  let inputs: [[Int]]

  mutating func formula(depth: Int) -> RandomFormula {
    guard depth > 0 else { return leaf() }
    switch Int.random(in: 0..<12, using: &numbers) {
    case 0..<5: return binary(depth)
    case 5..<9: return unary(depth)
    case 9: return choice(depth)
    case 10: return reduction(depth)
    default: return leaf()
    }
  }

  private mutating func leaf() -> RandomFormula {
    switch Int.random(in: 0..<8, using: &numbers) {
    case 0:
      let number = Double(Int.random(in: -8...8, using: &numbers)) / 4
      return RandomFormula(text: number < 0 ? "(\(number))" : "\(number)", shape: []) { _ in
        NaiveTensor(shape: [], values: [number])
      }
    case 1:
      return RandomFormula(text: "N", shape: []) { _ in NaiveTensor(shape: [], values: [2]) }
    case 2:
      return of(input(), "sign(floor(", " * 4))") { a in
        let scaled = Glibc.floor(a * 4)
        return scaled > 0 ? 1 : scaled < 0 ? -1 : 0
      }
    case 3:
      let (a, b) = (input(), input())
      return of(a, b, "(", " < ", ")") { $0 < $1 ? 1 : 0 }
    default: return input()
    }
  }

  private mutating func input() -> RandomFormula {
    let place = Int.random(in: 0..<inputs.count, using: &numbers)
    return RandomFormula(text: "x\(place + 1)", shape: inputs[place]) { $0[place] }
  }

  private mutating func unary(_ depth: Int) -> RandomFormula {
    let a = formula(depth: depth - 1)
    switch Int.random(in: 0..<17, using: &numbers) {
    case 0: return of(a, "-", "") { -$0 }
    case 1: return of(a, "sin(", ")") { sin($0) }
    case 2: return of(a, "cos(", ")") { cos($0) }
    case 3: return of(a, "tanh(", ")") { tanh($0) }
    case 4: return of(a, "sigmoid(", ")") { 1 / (1 + exp(-$0)) }
    case 5: return of(a, "exp(sin(", "))") { exp(sin($0)) }
    case 6: return of(a, "log(1.5 + sin(", "))") { log(1.5 + sin($0)) }
    case 7: return of(a, "sqrt(2 + cos(", "))") { sqrt(2 + cos($0)) }
    case 8: return of(a, "abs(", ")") { abs($0) }
    case 9: return of(a, "relu(", ")") { max($0, 0) }
    case 10: return of(a, "atan(", ")") { atan($0) }
    case 11: return of(a, "erf(", ")") { erf($0) }
    case 12: return of(a, "softplus(sin(", "))") { log1p(exp(sin($0))) }
    case 13: return of(a, "square(tanh(", "))") { tanh($0) * tanh($0) }
    case 14: return of(a, "expm1(sin(", "))") { expm1(sin($0)) }
    case 15: return of(a, "log1p(square(tanh(", ")))") { log1p(tanh($0) * tanh($0)) }
    default: return of(a, "tan(sin(", "))") { tan(sin($0)) }
    }
  }

  private mutating func binary(_ depth: Int) -> RandomFormula {
    let (a, b) = (formula(depth: depth - 1), formula(depth: depth - 1))
    switch Int.random(in: 0..<8, using: &numbers) {
    case 0, 1: return of(a, b, "(", " + ", ")") { $0 + $1 }
    case 2: return of(a, b, "(", " - ", ")") { $0 - $1 }
    case 3: return of(a, b, "tanh(", " * ", ")") { tanh($0 * $1) }
    case 4: return of(a, b, "(", " / (2 + sin(", ")))") { $0 / (2 + sin($1)) }
    case 5:
      return of(a, b, "(1.5 + sin(", ")) ^ cos(", ")") { pow(1.5 + sin($0), cos($1)) }
        .within("(", ")")
    case 6: return of(a, b, "max(", ", ", ")") { max($0, $1) }
    default: return of(a, b, "min(", ", ", ")") { min($0, $1) }
    }
  }

  private mutating func choice(_ depth: Int) -> RandomFormula {
    let (a, b) = (input(), input())
    let (c, d) = (formula(depth: depth - 1), formula(depth: depth - 1))
    let parts = [a, b, c, d]
    return RandomFormula(
      text: "where(\(a.text) > 0 or not \(b.text) <= 0.25, \(c.text), \(d.text))",
      shape: parts.reduce([]) { NaiveTensor.joined($0, $1.shape) }
    ) { inputs in
      NaiveTensor.map(parts.map { $0.value(inputs) }) { values in
        values[0] > 0 || !(values[1] <= 0.25) ? values[2] : values[3]
      }
    }
  }

  private mutating func reduction(_ depth: Int) -> RandomFormula {
    let a = formula(depth: depth - 1)
    guard let axis = a.shape.indices.randomElement(using: &numbers), Bool.random(using: &numbers)
    else {
      let axes = Array(a.shape.indices)
      return RandomFormula(text: "sin(sum(\(a.text)))", shape: []) { inputs in
        NaiveTensor(shape: [], values: a.value(inputs).sum(along: axes).values.map(sin))
      }
    }
    var shape = a.shape
    shape[axis] = 1
    let written = Bool.random(using: &numbers) ? axis + 1 : axis - a.shape.count
    let extent = Double(a.shape[axis])
    return RandomFormula(text: "mean(\(a.text), \(written), keepdims)", shape: shape) { inputs in
      let sum = a.value(inputs).sum(along: [axis])
      return NaiveTensor(shape: sum.shape, values: sum.values.map { $0 / extent })
    }
  }

  private func of(
    _ a: RandomFormula, _ before: String, _ after: String, _ function: @escaping (Double) -> Double
  ) -> RandomFormula {
    RandomFormula(text: before + a.text + after, shape: a.shape) { inputs in
      NaiveTensor.map([a.value(inputs)]) { function($0[0]) }
    }
  }

  private func of(
    _ a: RandomFormula, _ b: RandomFormula, _ before: String, _ between: String, _ after: String,
    _ function: @escaping (Double, Double) -> Double
  ) -> RandomFormula {
    RandomFormula(
      text: before + a.text + between + b.text + after,
      shape: NaiveTensor.joined(a.shape, b.shape)
    ) { inputs in
      NaiveTensor.map([a.value(inputs), b.value(inputs)]) { function($0[0], $0[1]) }
    }
  }
}

extension RandomFormula {
  fileprivate func within(_ before: String, _ after: String) -> RandomFormula {
    RandomFormula(text: before + text + after, shape: shape, value: value)
  }
}
