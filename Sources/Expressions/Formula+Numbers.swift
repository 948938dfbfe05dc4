internal import LayerKernels
internal import YAML

/// Evaluates `$(…)`, which computes numbers, truth values and texts.
extension Formula {
  /// Refuses parts that `$(…)` does not support.
  ///
  /// - Throws: ``FormulaMistake`` at a number beyond its range, and at a sum over axes.
  package func checkNumbers() throws(FormulaMistake) {
    for (part, place) in zip(parts, places) {
      switch part {
      case .number(let scalar) where FormulaValue(scalar) == nil:
        throw FormulaMistake("'\(scalar.text.quotable)' is too large a number", at: place)
      case .reduction(let reduction, _, _, _):
        throw FormulaMistake(
          "'\(reduction.rawValue)' needs a tensor: only the formula of a layer has it, "
            + "'$(…)' computes single values", at: place)
      default: continue
      }
    }
  }

  /// Evaluates the formula. `lookUp` returns the values of names.
  ///
  /// Each part has a value or a mistake. A mistake is thrown only if the formula needs the value of
  /// its part. `and`, `or` and choices do not need all operands.
  package func value(
    _ lookUp: (_ name: String, _ place: Int) throws(FormulaMistake) -> FormulaValue
  ) throws(FormulaMistake) -> FormulaValue {
    var values: [Result<FormulaValue, FormulaMistake>] = []
    for (part, place) in zip(parts, places) {
      do throws(FormulaMistake) {
        values.append(.success(try Formula.value(of: part, at: place, values, lookUp)))
      } catch {
        values.append(.failure(error))
      }
    }
    return try values[values.count - 1].get()
  }

  private static func value(
    of part: Part, at place: Int, _ values: [Result<FormulaValue, FormulaMistake>],
    _ lookUp: (_ name: String, _ place: Int) throws(FormulaMistake) -> FormulaValue
  ) throws(FormulaMistake) -> FormulaValue {
    func condition(_ part: Int, of word: String) throws(FormulaMistake) -> Bool {
      try values[part].get().condition(of: word, at: place)
    }
    switch part {
    case .number(let scalar):
      guard let value = FormulaValue(scalar) else {
        preconditionFailure("a number that was not checked")
      }
      return value
    case .text(let text): return .text(text)
    case .name(let name):
      if let value = FormulaValue(word: name) { return value }
      return try lookUp(name, place)
    case .prefix(.not, let operand): return .truth(try !condition(operand, of: "not"))
    case .prefix(let symbol, let operand):
      let value = try values[operand].get()
      guard value.number != nil else {
        throw FormulaMistake(
          "'\(symbol.rawValue)': expected a number, received \(value.received)", at: place)
      }
      return symbol == .minus ? try FormulaValue.integer(0).number(.minus, value, at: place) : value
    case .binary(.and, let left, let right):
      guard try condition(left, of: "and") else { return .truth(false) }
      return .truth(try condition(right, of: "and"))
    case .binary(.or, let left, let right):
      guard try !condition(left, of: "or") else { return .truth(true) }
      return .truth(try condition(right, of: "or"))
    case .binary(let symbol, let left, let right):
      let (left, right) = (try values[left].get(), try values[right].get())
      return symbol.level == .comparison
        ? .truth(try left.compared(symbol, right, at: place))
        : try left.number(symbol, right, at: place)
    case .choice(let value, let chooser, let otherwise):
      return try values[condition(chooser, of: "if") ? value : otherwise].get()
    case .call(let function, let arguments) where function.operation == .select:
      let holds = try condition(arguments[0], of: function.name)
      return try values[arguments[holds ? 1 : 2]].get()
    case .call(let function, let arguments):
      var numbers: [FormulaValue] = []
      for argument in arguments { numbers.append(try values[argument].get()) }
      return try function.value(of: numbers, at: place)
    case .reduction: preconditionFailure("a sum over axes that was not refused")
    }
  }
}
