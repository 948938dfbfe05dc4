internal import Expressions
package import Fields
package import Kernels
package import Plans
package import Tensors
package import YAML

/// y = f(x1, x2, …), the formula f being a field
///
/// The bottoms are [N, …] with equal N; over the other axes they are joined by NumPy's rules. y is [N, …] of the axes
/// that f gives an example. ∂x_i follows from f by reverse differentiation, see ``FormulaTerms``.
///
/// Formula and derivatives become straight-line programs on blocks of elements: a tree is never walked for an element.
///
/// Reference: A. Griewank, A. Walther, "Evaluating derivatives", 2008.
package struct Expression: BottomNaming {
  var formula = LayerFormula.none
  var constants = NamedConstants()
  /// By place; nil for one that no formula can name.
  private var bottomNames: [String?] = []

  package init() {}

  /// A formula of our own, which calls the bottoms x1, x2, ….
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
      Element by element, the axes of an example joined as NumPy does. The bottoms are called by their names, or x1,
      x2, … by place. Operators: + - * / // % ^ (or **), < <= > >= == != (1 or 0), and, or, not, a if c else b.
      Functions: abs atan ceil cos erf exp expm1 floor log log1p max min pow relu round sigmoid sign sin softplus sqrt
      square tan tanh where. sum and mean take an axis of an example (1, 2, … or negative; without one, all) and
      'keepdims'. Names: pi, e, N (the examples of the batch; in testing of a full training batch), and those of
      `constants`. With a loss_weight the sum of all values is minimised; divide by N for a mean. Derivatives: abs and
      relu have 0 at 0, min and max give half to each of equal values, a branch that `where` does not take gets exactly
      0.
      """,
    example:
      "{name: y, type: Expression, bottom: [data, label], formula: \"mean((data - label) ^ 2) / N\"}"
  )

  package static let fields: [Field<Expression>] = [
    .required("formula", \.formula, "What is computed of the bottoms."),
    .optional("constants", \.constants, "Numbers that the formula calls by name."),
  ]

  package var inputCount: ClosedRange<Int> { 1...100 }

  // MARK: Names

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

  private func names(count: Int) -> FormulaNames {
    let missing = max(0, count - bottomNames.count)
    return FormulaNames(
      bottoms: Array(bottomNames.prefix(count)) + Array(repeating: nil, count: missing),
      constants: constants.values.map { ($0.name, $0.value) })
  }

  private func terms(
    _ inputs: [Shape], exampleCount: Int? = nil
  ) throws(ShapeFailure) -> (terms: FormulaTerms, result: Int) {
    guard let count = inputs.first?.axes.first, inputs.allSatisfy({ $0.axes.first == count })
    else { throw ShapeFailure("expected bottoms of equally many examples") }
    do throws(FormulaMistake) {
      return try FormulaTerms.of(
        formula.formula, names(count: inputs.count), examples: inputs.map(\.example.axes),
        exampleCount: count, statedCount: exampleCount ?? count)
    } catch {
      throw ShapeFailure(error.message, at: formula.mark(ofByte: error.offset))
    }
  }

  /// The terms for shapes that `outputShapes` accepted.
  ///
  /// - Parameter exampleCount: what N stands for; nil: the examples of the bottoms.
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

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let (terms, result) = try terms(inputs)
    return [Shape([terms.exampleCount] + terms.shapes[result])]
  }

  /// Where all shapes are one, any order of the elements will do.
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

  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    let (terms, result) = checkedTerms(inputs)
    let schedule = FormulaSchedule(terms, results: [(result, terms.shapes[result])])
    return schedule.stages.reduce(0) { sum, stage in
      sum + Double(stage.axes.reduce(terms.exampleCount, *)) * Double(max(stage.terms.count, 1))
    }
  }

  // MARK: Both directions

  /// Returns the slots of the terms that backward reads instead of computing them again.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> [Int: Slot] {
    let (terms, result) = checkedTerms(
      pass.inputShapes, exampleCount: pass.phase.objectiveBatchSize)
    let schedule = FormulaSchedule(terms, results: [(result, terms.shapes[result])])
    var slots: [FormulaSchedule.Tensor: Slot] = [.result(0): pass.outputs[0]]
    for (number, slot) in pass.inputs.enumerated() { slots[.input(number)] = slot }
    plan.record("formula", schedule, &slots)
    // Sums cost more to make than to keep.
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
