internal import Kernels
internal import Tensors
internal import YAML

extension FormulaTerms {
  /// The terms of a formula whose bottoms have shapes, and the number of its value.
  ///
  /// - Parameter exampleCount: what N stands for; nil: the examples of the bottoms.
  /// - Throws: ``ShapeFailure`` where shapes do not fit, or a name means nothing.
  static func of(
    _ formula: Formula, _ names: FormulaNames, inputs: [Shape], exampleCount: Int? = nil
  ) throws(ShapeFailure) -> (terms: FormulaTerms, result: Int) {
    guard let count = inputs.first?.axes.first,
      inputs.allSatisfy({ $0.axes.first == count })
    else { throw ShapeFailure("expected bottoms of equally many examples") }
    var terms = FormulaTerms(exampleCount: count)
    // By part of the formula.
    var values: [Int] = []
    for (number, part) in formula.parts.enumerated() {
      switch part {
      case .number(let value): values.append(terms.constant(value))
      case .name(let name):
        switch names[name] {
        case .bottom(let place) where place < inputs.count:
          values.append(terms.input(place, shape: inputs[place].example.axes))
        case .number(let value): values.append(terms.constant(value))
        case .exampleCount: values.append(terms.constant(Double(exampleCount ?? count)))
        default:
          throw ShapeFailure(
            "the formula names '\(name.quotable)', which is no bottom", at: formula.mark(of: number)
          )
        }
      case .operation(let operation, let operands):
        let operands = operands.map { values[$0] }
        guard terms.joined(operands) != nil else {
          throw terms.misfit(operands, formula, number)
        }
        values.append(terms.apply(operation, of: operands))
      case .reduction(let reduction, let operand, let axis, let keepsAxes):
        values.append(
          try terms.reduce(
            reduction, values[operand], axis: axis, keepsAxes: keepsAxes, formula, number))
      }
    }
    guard let result = values.last else { preconditionFailure("a formula without parts") }
    return (terms, result)
  }

  /// - Parameter part: the part of the formula that joins the operands.
  private func misfit(_ operands: [Int], _ formula: Formula, _ part: Int) -> ShapeFailure {
    let shapes = operands.map { Shape(self.shapes[$0]).description }
    let overflows = operands.indices.allSatisfy { first in
      operands[..<first].allSatisfy { hasEqualAxes(operands[first], $0) }
    }
    return ShapeFailure(
      "in '\(formula.excerpt(of: part))' the examples are \(shapes.joined(separator: " and ")): "
        + "expected "
        + (overflows ? "fewer values than that makes" : "equal axes, or 1, from the last on"),
      at: formula.mark(of: part))
  }

  private func hasEqualAxes(_ a: Int, _ b: Int) -> Bool {
    zip(shapes[a].reversed(), shapes[b].reversed()).allSatisfy { $0 == $1 || $0 == 1 || $1 == 1 }
  }

  private mutating func reduce(
    _ reduction: FormulaReduction, _ term: Int, axis: Int?, keepsAxes: Bool, _ formula: Formula,
    _ part: Int
  ) throws(ShapeFailure) -> Int {
    let shape = shapes[term]
    var (kept, removed) = ([Int](repeating: 1, count: shape.count), [Int]())
    if let axis {
      // Axis 0 counts the examples, of which a shape here is one.
      let place = axis < 0 ? shape.count + axis : axis - 1
      guard shape.indices.contains(place) else {
        throw ShapeFailure(
          "in '\(formula.excerpt(of: part))' there is no axis \(axis): an example is "
            + (shape.isEmpty ? "a single value" : Shape(shape).description),
          at: formula.mark(of: part))
      }
      kept = shape
      kept[place] = 1
      removed = shape
      removed.remove(at: place)
    }
    let count = Shape(shape).count / max(Shape(kept).count, 1)
    guard reduction == .sum || count > 0 else {
      throw ShapeFailure(
        "in '\(formula.excerpt(of: part))' there is no value to take the mean of",
        at: formula.mark(of: part))
    }
    // A constant has no axes: the sum of an example's only value is that value.
    let sum = reshaped(sum(term, keeping: kept), to: keepsAxes ? kept : removed)
    return reduction == .sum ? sum : apply(.multiply, sum, constant(1 / Double(count)))
  }
}
