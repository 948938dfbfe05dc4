internal import Kernels
internal import LayerKernels
internal import Tensors
internal import YAML

/// Checks a layer's formula, which computes tensors.
extension Formula {
  /// Refuses parts that tensors do not support.
  ///
  /// - Throws: ``FormulaMistake`` at a text, at a number beyond float32, and at a `min` or `max`
  ///   with one argument.
  package func checkTensors() throws(FormulaMistake) {
    for (part, place) in zip(parts, places) {
      switch part {
      case .text(let text):
        throw FormulaMistake(
          "expected a number, a name or '(', received the text '\(text.quotable)': a layer "
            + "computes numbers only", at: place)
      case .number(let scalar) where !Float(Formula.number(scalar)).isFinite:
        throw FormulaMistake(
          "expected a number below 3.4e38, received '\(scalar.text.quotable)'", at: place)
      case .call(let function, let arguments):
        let least = max(function.argumentCount.lowerBound, function.operation.operandCount)
        try function.check(
          arguments.count, in: least...function.argumentCount.upperBound, at: place)
      default: continue
      }
    }
  }

  fileprivate static func number(_ scalar: Scalar) -> Double {
    switch scalar.resolved {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .hugeInteger: Double(scalar.text) ?? .infinity
    case .null, .boolean, .text: .infinity
    }
  }
}

extension FormulaTerms {
  /// Builds the terms of a formula. Returns them with the index of the result.
  ///
  /// - Parameters:
  ///   - examples: for each bottom, the axes of one example.
  ///   - exampleCount: the number of examples in the batch.
  ///   - statedCount: the value of N.
  /// - Throws: ``FormulaMistake`` if shapes do not fit or a name is unknown.
  package static func of(
    _ formula: Formula, _ names: FormulaNames, examples: [[Int]], exampleCount: Int,
    statedCount: Int
  ) throws(FormulaMistake) -> (terms: FormulaTerms, result: Int) {
    var binding = Binding(formula, terms: FormulaTerms(exampleCount: exampleCount))
    for (number, part) in formula.parts.enumerated() {
      binding.number = number
      let value =
        if case .name(let name) = part {
          try binding.value(named: name, names, examples, statedCount)
        } else {
          try binding.value(of: part)
        }
      binding.values.append(value)
    }
    return (binding.terms, binding.values[binding.values.count - 1])
  }
}

/// Converts a formula to terms, part by part.
private struct Binding {
  let formula: Formula
  var terms: FormulaTerms
  /// The term of each part of the formula.
  var values: [Int] = []
  /// The index of the part that is being converted.
  var number = 0

  init(_ formula: Formula, terms: FormulaTerms) {
    self.formula = formula
    self.terms = terms
  }

  mutating func value(
    named name: String, _ names: FormulaNames, _ examples: [[Int]], _ statedCount: Int
  ) throws(FormulaMistake) -> Int {
    switch names[name] {
    case .bottom(let place) where place < examples.count:
      return terms.input(place, shape: examples[place])
    case .number(let value): return terms.constant(value)
    case .exampleCount: return terms.constant(Double(statedCount))
    case .bottom, nil:
      throw mistake("the formula names '\(name.quotable)', which is not a bottom")
    }
  }

  mutating func value(of part: Formula.Part) throws(FormulaMistake) -> Int {
    switch part {
    case .number(let scalar): return terms.constant(Formula.number(scalar))
    case .name, .text: preconditionFailure("a name or a text where an operation is expected")
    case .prefix(let symbol, let operand):
      let value = values[operand]
      return symbol == .plus ? value : try join(symbol == .not ? .not : .negate, [value])
    case .binary(let symbol, let left, let right):
      return try value(of: symbol, values[left], values[right])
    case .choice(let value, let condition, let otherwise):
      return try join(.select, [values[condition], values[value], values[otherwise]])
    case .call(let function, let arguments):
      let operands = arguments.map { values[$0] }
      let count = function.operation.operandCount
      var result = try join(function.operation, Array(operands.prefix(count)))
      for operand in operands.dropFirst(count) {
        result = try join(function.operation, [result, operand])
      }
      return result
    case .reduction(let reduction, let operand, let axis, let keepsAxes):
      return try reduce(reduction, values[operand], axis: axis, keepsAxes: keepsAxes)
    }
  }

  private mutating func value(
    of symbol: FormulaOperator, _ a: Int, _ b: Int
  ) throws(FormulaMistake) -> Int {
    switch symbol {
    case .or: return try join(.or, [a, b])
    case .and: return try join(.and, [a, b])
    case .less: return try join(.less, [a, b])
    case .lessOrEqual: return try join(.lessOrEqual, [a, b])
    case .greater: return try join(.less, [b, a])
    case .greaterOrEqual: return try join(.lessOrEqual, [b, a])
    case .equal: return try join(.equal, [a, b])
    case .unequal: return try join(.unequal, [a, b])
    case .plus: return try join(.add, [a, b])
    case .minus: return try join(.subtract, [a, b])
    case .times: return try join(.multiply, [a, b])
    case .over: return try join(.divide, [a, b])
    case .wholeOver: return terms.apply(.floor, try join(.divide, [a, b]))
    case .remainder:
      let quotient = terms.apply(.floor, try join(.divide, [a, b]))
      return terms.apply(.subtract, a, terms.apply(.multiply, b, quotient))
    case .power: return try join(.power, [a, b])
    case .not: preconditionFailure("'not' has one operand")
    }
  }

  /// Applies an operation to terms, if their shapes fit.
  private mutating func join(
    _ operation: FormulaOperation, _ operands: [Int]
  ) throws(FormulaMistake) -> Int {
    guard terms.joined(operands) != nil else { throw misfit(operands) }
    return terms.apply(operation, of: operands)
  }

  private func mistake(_ message: String) -> FormulaMistake {
    FormulaMistake(message, at: formula.ranges[number].lowerBound)
  }

  private func misfit(_ operands: [Int]) -> FormulaMistake {
    let shapes = operands.map { Shape(terms.shapes[$0]).description }
    let overflows = operands.indices.allSatisfy { first in
      operands[..<first].allSatisfy { hasEqualAxes(operands[first], $0) }
    }
    return mistake(
      "in '\(formula.excerpt(of: number))' the examples are \(shapes.joined(separator: " and ")): "
        + "expected "
        + (overflows ? "fewer values in the result" : "equal axes, or 1, from the last on"))
  }

  private func hasEqualAxes(_ a: Int, _ b: Int) -> Bool {
    zip(terms.shapes[a].reversed(), terms.shapes[b].reversed()).allSatisfy {
      $0 == $1 || $0 == 1 || $1 == 1
    }
  }

  private mutating func reduce(
    _ reduction: FormulaReduction, _ term: Int, axis: Int?, keepsAxes: Bool
  ) throws(FormulaMistake) -> Int {
    let shape = terms.shapes[term]
    var (kept, removed) = ([Int](repeating: 1, count: shape.count), [Int]())
    if let axis {
      // Axis 0 counts the examples, but this is the shape of one example.
      let place = axis < 0 ? shape.count + axis : axis - 1
      guard shape.indices.contains(place) else {
        throw mistake(
          "in '\(formula.excerpt(of: number))' there is no axis \(axis): an example is "
            + (shape.isEmpty ? "a single value" : Shape(shape).description))
      }
      kept = shape
      kept[place] = 1
      removed = shape
      removed.remove(at: place)
    }
    let count = Shape(shape).count / max(Shape(kept).count, 1)
    guard reduction == .sum || count > 0 else {
      throw mistake(
        "in '\(formula.excerpt(of: number))' there is no value to take the mean of")
    }
    // A constant has no axes. The sum over the only value of an example is that value.
    let sum = terms.reshaped(terms.sum(term, keeping: kept), to: keepsAxes ? kept : removed)
    return reduction == .sum
      ? sum : terms.apply(.multiply, sum, terms.constant(1 / Double(count)))
  }
}
