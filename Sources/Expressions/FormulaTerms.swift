internal import Kernels
package import LayerKernels
internal import Tensors

/// The intermediate values of a formula.
///
/// Equal expressions are one term, and constants are folded. The operands of a term have smaller
/// indices.
///
/// A shape is that of one example. Shapes follow NumPy's broadcasting. Axes are compared from the
/// last to the first, and a missing axis or an axis of 1 is repeated.
package struct FormulaTerms {
  package enum Term: Hashable {
    /// A constant, stored as bits so that NaN equals itself.
    case constant(UInt64)
    case input(Int)
    /// The gradient of the result. The layers that read the result provide it.
    case resultGradient(shape: [Int])
    case operation(FormulaOperation, [Int])
    /// The sum along the axes where `shape` has 1. `shape` has as many axes as the operand.
    case sum(Int, shape: [Int])
    /// The same elements in the same order, with other axes of size 1.
    case reshaped(Int, shape: [Int])
    /// The operand, repeated along each axis where its extent is 1 or the axis is missing.
    case repeated(Int, shape: [Int])
  }

  package private(set) var terms: [Term] = []
  package private(set) var shapes: [[Int]] = []
  /// The index of each term. Only used for lookups, since a dictionary has no order.
  private var places: [Term: Int] = [:]
  /// The number of examples in the batch.
  package let exampleCount: Int

  package init(exampleCount: Int) { self.exampleCount = exampleCount }

  // MARK: Terms

  private mutating func add(_ term: Term, shape: [Int]) -> Int {
    if let place = places[term] { return place }
    places[term] = terms.count
    terms.append(term)
    shapes.append(shape)
    return terms.count - 1
  }

  package mutating func constant(_ value: Double) -> Int {
    add(.constant(value.bitPattern), shape: [])
  }

  package mutating func input(_ number: Int, shape: [Int]) -> Int {
    add(.input(number), shape: shape)
  }

  package mutating func resultGradient(shape: [Int]) -> Int {
    add(.resultGradient(shape: shape), shape: shape)
  }

  /// The value of a constant. Nil for any other term.
  package func value(of term: Int) -> Double? {
    guard case .constant(let bits) = terms[term] else { return nil }
    return Double(bitPattern: bits)
  }

  /// The broadcast shape of the operands. Nil if their shapes do not fit, or if the number of
  /// elements overflows.
  func joined(_ operands: [Int]) -> [Int]? {
    let rank = operands.map { shapes[$0].count }.max() ?? 0
    var shape = [Int](repeating: 1, count: rank)
    for operand in operands {
      let start = rank - shapes[operand].count
      for (axis, extent) in shapes[operand].enumerated() where extent != 1 {
        guard shape[start + axis] == 1 || shape[start + axis] == extent else { return nil }
        shape[start + axis] = extent
      }
    }
    return Shape(checking: [exampleCount] + shape) == nil ? nil : shape
  }

  /// Applies an operation to terms whose shapes fit.
  mutating func apply(_ operation: FormulaOperation, _ operands: Int...) -> Int {
    apply(operation, of: operands)
  }

  mutating func apply(_ operation: FormulaOperation, of operands: [Int]) -> Int {
    let values = operands.compactMap(value(of:))
    if values.count == operands.count {
      return constant(
        operation.value(values[0], values.count > 1 ? values[1] : 0, values.last ?? 0))
    }
    guard let shape = joined(operands) else {
      preconditionFailure("terms that do not fit were not refused")
    }
    if let simple = simplified(operation, operands), shapes[simple] == shape { return simple }
    let isSymmetric = FormulaTerms.symmetric.contains(operation)
    return add(
      .operation(operation, isSymmetric ? operands.sorted() : operands), shape: shape)
  }

  /// The operations that give identical bits when their operands are swapped.
  private static let symmetric: [FormulaOperation] = [
    .add, .multiply, .equal, .unequal, .and, .or, .scale,
  ]

  /// The sum along the axes where `shape` has 1. `shape` has as many axes as the term.
  mutating func sum(_ term: Int, keeping shape: [Int]) -> Int {
    guard shape != shapes[term] else { return term }
    return add(.sum(term, shape: shape), shape: shape)
  }

  mutating func reshaped(_ term: Int, to shape: [Int]) -> Int {
    guard shape != shapes[term] else { return term }
    if case .reshaped(let origin, _) = terms[term] { return reshaped(origin, to: shape) }
    return add(.reshaped(term, shape: shape), shape: shape)
  }

  /// The term repeated to `shape`. A constant stays as it is, since it is valid for every shape.
  mutating func repeated(_ term: Int, to shape: [Int]) -> Int {
    guard shape != shapes[term], value(of: term) == nil else { return term }
    if shape.withoutOnes == shapes[term].withoutOnes { return reshaped(term, to: shape) }
    return add(.repeated(term, shape: shape), shape: shape)
  }

  // MARK: Simpler forms

  /// A simpler term with the same value, or nil.
  private mutating func simplified(_ operation: FormulaOperation, _ operands: [Int]) -> Int? {
    let (a, b) = (operands[0], operands[operands.count - 1])
    switch operation {
    case .negate:
      if case .operation(.negate, let inner) = terms[a] { return inner[0] }
      return nil
    case .add:
      if isConstant(b, 0) { return a }
      if isConstant(a, 0) { return b }
      if case .operation(.negate, let inner) = terms[b] { return apply(.subtract, a, inner[0]) }
      return nil
    case .subtract:
      if isConstant(b, 0) { return a }
      if isConstant(a, 0) { return apply(.negate, b) }
      if case .operation(.negate, let inner) = terms[b] { return apply(.add, a, inner[0]) }
      return nil
    case .multiply:
      if isConstant(b, 1) { return a }
      if isConstant(a, 1) { return b }
      if isConstant(b, -1) { return apply(.negate, a) }
      return isConstant(a, -1) ? apply(.negate, b) : nil
    case .divide: return isConstant(b, 1) ? a : nil
    case .scale: return simplifiedScale(a, b) ?? simplifiedScale(b, a)
    case .quotient:
      guard let divisor = value(of: b), divisor != 0, !divisor.isNaN else { return nil }
      return apply(.divide, a, b)
    case .power: return simplifiedPower(a, b)
    case .select: return value(of: a).map { operands[$0 != 0 ? 1 : 2] }
    default: return nil
    }
  }

  private func isConstant(_ term: Int, _ value: Double) -> Bool { self.value(of: term) == value }

  /// Simplifies a gradient times a constant.
  private mutating func simplifiedScale(_ gradient: Int, _ factor: Int) -> Int? {
    guard let value = value(of: factor), value.isFinite else { return nil }
    return value == 0 ? constant(0) : apply(.multiply, gradient, factor)
  }

  /// Replaces small powers with products.
  private mutating func simplifiedPower(_ base: Int, _ exponent: Int) -> Int? {
    switch value(of: exponent) {
    case 1: return base
    case 2: return apply(.square, base)
    case 3: return apply(.multiply, base, apply(.square, base))
    case 4: return apply(.square, apply(.square, base))
    case 0.5: return apply(.sqrt, base)
    case -1: return apply(.divide, constant(1), base)
    default: return nil
    }
  }
}

extension [Int] {
  /// The extents other than 1. Equal for shapes with the same elements in the same order.
  package var withoutOnes: [Int] { filter { $0 != 1 } }
}
