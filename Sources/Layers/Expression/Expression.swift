internal import Expressions
package import Fields
package import Kernels
package import Plans
package import Tensors
package import YAML

/// y = f(x1, x2, …), the formula f being a field
///
/// The bottoms are [N, …] with equal N. Their other axes broadcast by NumPy's rules. y is [N, …]
/// with the axes of f's value for one example. ∂x_i follows from f by reverse differentiation; see
/// ``FormulaTerms``.
///
/// The formula and its derivatives become straight-line programs over blocks of elements. No loop
/// walks a tree for an element.
///
/// Reference: A. Griewank, A. Walther, "Evaluating derivatives", 2008.
package struct Expression: Layer {
  /// f.
  var formula = LayerFormula.none
  /// The numbers that the formula names.
  var constants = NamedConstants()
  /// The names of the bottoms, in their order. Nil for a bottom that a formula cannot name.
  private var bottomNames: [String?] = []

  package init() {}

  /// Makes a layer inside another layer. Its formula calls the bottoms x1, x2, ….
  init(_ formula: String) {
    do throws(FormulaMistake) {
      self.formula = try LayerFormula(formula)
    } catch {
      preconditionFailure("a wrong formula in a layer: \(error.message)")
    }
  }

  package static let reference = Reference(
    "Expression",
    formula: "y = f(x1, x2, …)",
    discussion: """
      Element by element; the axes of an example broadcast as in NumPy. The bottoms have their own
      names, or x1, x2, … by place. Operators: + - * / // % ^ (or **), < <= > >= == != (1 or 0),
      and, or, not, a if c else b. Functions: abs atan ceil cos erf exp expm1 floor log log1p max
      min pow relu round sigmoid sign sin softplus sqrt square tan tanh where. sum and mean take an
      axis of an example (1, 2, … or negative; without one, all axes) and 'keepdims'. Names: pi, e,
      N (the number of examples in the batch; in testing, in a full training batch), and those of
      `constants`. A loss_weight minimizes the sum of all values; divide by N for a mean.
      Derivatives: that of abs and relu at 0 is 0. min and max give each of two equal values one
      half. A branch that `where` does not choose gets exactly 0.
      """,
    example:
      "{name: y, type: Expression, bottom: [data, label], formula: \"mean((data - label) ^ 2) / N\"}"
  )

  package static let fields: [Field<Expression>] = [
    .required("formula", \.formula, "The formula of the bottoms."),
    .optional("constants", \.constants, "Numbers that the formula can name."),
  ]

  package var inputCount: ClosedRange<Int> { 1...100 }
  package var isFormula: Bool { true }
  package var namesBottoms: Bool { true }

  // MARK: Names

  /// Reports names in the formula that are unknown, and bottoms that it does not use.
  package mutating func takeNames(ofBottoms names: [String]?, _ diagnostics: inout Diagnostics) {
    bottomNames = names.map { $0.map(FormulaNames.name(ofBlob:)) } ?? [nil]
    for constant in constants.values where bottomNames.contains(constant.name) {
      diagnostics.error(
        "constants: '\(constant.name.quotable)' is the name of a bottom", at: constant.mark)
    }
    let known = self.names(count: bottomNames.count)
    var isUsed = [Bool](repeating: false, count: bottomNames.count)
    var unknown: Set<String> = []
    let parsed = formula.formula
    for (part, offset) in zip(parsed.parts, parsed.places) {
      guard case .name(let name) = part else { continue }
      if case .bottom(let place) = known[name] { isUsed[place] = true }
      guard known[name] == nil, unknown.insert(name).inserted else { continue }
      if diagnostics.isFull {
        diagnostics.omitErrors(1)
      } else {
        formula.report(known.unknown(name, at: offset), &diagnostics)
      }
    }
    guard unknown.isEmpty, let place = isUsed.firstIndex(of: false) else { return }
    let name = names.map { "'\($0[place].quotable)'" } ?? "'x'"
    formula.report(
      FormulaMistake("the bottom \(name) does not occur in it", at: 0), &diagnostics)
  }

  /// Returns the names that the formula may use.
  private func names(count: Int) -> FormulaNames {
    let missing = max(0, count - bottomNames.count)
    return FormulaNames(
      bottoms: Array(bottomNames.prefix(count)) + Array(repeating: nil, count: missing),
      constants: constants.values.map { ($0.name, $0.value) })
  }

  /// Returns the terms of the formula for these shapes.
  ///
  /// - Parameter exampleCount: the value of N. Nil for the number of examples in the bottoms.
  /// - Throws: ``ShapeFailure`` if the shapes do not broadcast, at the place in the formula.
  private func terms(
    _ inputs: [Shape], exampleCount: Int? = nil
  ) throws(ShapeFailure) -> (terms: FormulaTerms, result: Int) {
    guard let count = inputs.first?.axes.first, inputs.allSatisfy({ $0.axes.first == count })
    else { throw ShapeFailure("expected bottoms with the same number of examples") }
    do throws(FormulaMistake) {
      return try FormulaTerms.of(
        formula.formula, names(count: inputs.count), examples: inputs.map(\.example.axes),
        exampleCount: count, statedCount: exampleCount ?? count)
    } catch {
      throw ShapeFailure(error.message, at: formula.mark(ofByte: error.offset))
    }
  }

  /// Returns the terms for shapes that `outputShapes` accepted.
  ///
  /// - Parameter exampleCount: the value of N. Nil for the number of examples in the bottoms.
  private func checkedTerms(
    _ inputs: [Shape], exampleCount: Int? = nil
  ) -> (terms: FormulaTerms, result: Int) {
    do throws(ShapeFailure) {
      return try terms(inputs, exampleCount: exampleCount)
    } catch {
      preconditionFailure("shapes of a formula that were not checked: \(error.message)")
    }
  }

  // MARK: Shapes

  /// - Throws: ``ShapeFailure`` if the shapes of the bottoms do not fit the formula.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let (terms, result) = try terms(inputs)
    return [Shape([terms.exampleCount] + terms.shapes[result])]
  }

  /// The layout of the first bottom if all shapes are equal, and row-major otherwise.
  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts {
    let (terms, result) = checkedTerms(inputs)
    let shape = inputs[0].example.axes
    let isAlike =
      inputs.allSatisfy { $0 == inputs[0] } && terms.shapes[result] == shape
      && terms.shapes.allSatisfy { $0 == shape || $0.isEmpty }
    return isAlike ? .keeping(given) : .plain(inputs: inputs.count, outputs: topCount)
  }

  /// One operation for each term and element of its loop.
  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    let (terms, result) = checkedTerms(inputs)
    let schedule = FormulaSchedule(terms, results: [(result, terms.shapes[result])])
    return schedule.stages.reduce(0) { sum, stage in
      sum + Double(stage.axes.reduce(terms.exampleCount, *)) * Double(max(stage.terms.count, 1))
    }
  }

  // MARK: Both directions

  /// Records the formula, and returns the slots of the terms that backward reads instead of
  /// computing them again.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> [Int: Slot] {
    let (terms, result) = checkedTerms(
      pass.inputShapes, exampleCount: pass.phase.objectiveBatchSize)
    let schedule = FormulaSchedule(terms, results: [(result, terms.shapes[result])])
    var slots: [FormulaSchedule.Tensor: Slot] = [.result(0): pass.outputs[0]]
    for (number, slot) in pass.inputs.enumerated() { slots[.input(number)] = slot }
    plan.record("formula", schedule, &slots)
    // Computing a sum again costs more than keeping it.
    var kept: [Int: Slot] = [:]
    for term in terms.terms.indices where schedule.isSum(term) {
      if let slot = slots[.value(term)] { kept[term] = slot }
    }
    let origin = schedule.origin(of: result)
    if !schedule.isGiven(origin), !schedule.isSum(origin) {
      kept[origin] = pass.outputs[0]
    }
    return kept
  }

  /// Records the derivatives of the formula for all bottoms with gradients, in one schedule.
  package func backward(_ pass: inout BackwardPass, _ kept: [Int: Slot], _ plan: inout PlanBuilder)
  {
    guard let gradient = pass.outputGradients[0] else { return }
    var (terms, result) = checkedTerms(
      pass.inputShapes, exampleCount: pass.phase.objectiveBatchSize)
    let inputs = pass.inputShapes.indices.map { input in
      pass.inputGradients[input].map { _ in
        terms.input(input, shape: pass.inputShapes[input].example.axes)
      }
    }
    let seed = terms.resultGradient(shape: terms.shapes[result])
    let gradients = terms.gradients(of: result, seed, inputs: inputs)
    var slots: [FormulaSchedule.Tensor: Slot] = [.resultGradient: gradient]
    var results: [(term: Int, shape: [Int])] = []
    for (number, slot) in pass.inputs.enumerated() {
      slots[.input(number)] = slot
      guard let target = pass.inputGradients[number] else { continue }
      slots[.result(results.count)] = target
      let shape = pass.inputShapes[number].example.axes
      results.append((gradients[number] ?? terms.constant(0), shape))
    }
    var known: Set<Int> = []
    for term in terms.terms.indices {
      guard let slot = kept[term] else { continue }
      known.insert(term)
      slots[.value(term)] = slot
    }
    plan.record(
      "formula gradient", FormulaSchedule(terms, results: results, known: known), &slots)
  }
}
