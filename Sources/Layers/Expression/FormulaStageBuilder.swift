internal import Expressions
internal import Kernels
internal import LayerKernels

/// Makes the instructions of one stage.
struct FormulaStageBuilder {
  /// The schedule of the stage.
  private let schedule: FormulaSchedule
  /// The number of the stage.
  private let number: Int
  /// The terms and results of the stage.
  private let stage: FormulaSchedule.Stage
  /// The instructions so far.
  private var instructions: [FormulaStage.Instruction] = []
  /// The tensors that are the operands of the stage.
  private(set) var tensors: [FormulaSchedule.Tensor] = []
  /// For each operand, the number of elements in one example.
  private var operandCounts: [Int] = []
  /// The constants of the stage.
  private var constants: [Float] = []
  /// For each origin, the place of its value in this stage.
  private var places: [Int: FormulaStage.Place] = [:]
  /// For each term and its strides, the register with the repeated value.
  private var spreads: [[Int]: Int] = [:]
  /// The number of registers so far. Each is written once. Registers of constants are negative, and
  /// −1 is the first.
  private var registerCount = 0
  /// The tensors that the stage writes.
  private(set) var written: Set<FormulaSchedule.Tensor> = []

  private init(_ schedule: FormulaSchedule, _ number: Int) {
    self.schedule = schedule
    self.number = number
    stage = schedule.stages[number]
  }

  /// Returns the stage, the tensors that are its operands, and those that it writes.
  static func build(
    _ schedule: FormulaSchedule, _ number: Int
  ) -> (
    stage: FormulaStage, tensors: [FormulaSchedule.Tensor], written: Set<FormulaSchedule.Tensor>
  ) {
    var builder = FormulaStageBuilder(schedule, number)
    for term in builder.stage.terms { builder.compute(term) }
    for result in builder.stage.results { builder.store(result) }
    let registers = FormulaRegisters(
      builder.instructions, count: builder.registerCount, constantCount: builder.constants.count)
    let stage = FormulaStage(
      axes: builder.stage.axes, operandCounts: builder.operandCounts, constants: builder.constants,
      registerCount: registers.total, instructions: registers.renamed)
    return (stage, builder.tensors, builder.written)
  }

  // MARK: Values

  /// Adds the instruction of a term.
  private mutating func compute(_ term: Int) {
    switch schedule.terms.terms[term] {
    case .operation(let operation, let operands):
      let shape = schedule.terms.shapes[term]
      let sources = operands.map { place(of: $0, in: shape) }
      let target = target(of: term)
      instructions.append(.compute(operation, sources, to: target))
      places[term] = target
    case .sum(let operand, let kept):
      let shape = schedule.terms.shapes[operand]
      let source = place(of: operand, in: shape)
      let tensor = self.operand(.value(term), count: kept.reduce(1, *))
      written.insert(.value(term))
      instructions.append(
        .sum(source, strides: FormulaStageBuilder.strides(of: kept, in: shape), into: tensor))
    case .repeated:
      if schedule.stored.contains(term) {
        let source = repeatedPlace(of: term)
        instructions.append(.compute(.copy, [source], to: target(of: term)))
      }
    case .constant, .input, .resultGradient, .reshaped:
      preconditionFailure("a term that no stage computes")
    }
  }

  /// Returns the place for the value of an operation: memory if another stage or the caller needs
  /// it, and a register otherwise.
  private mutating func target(of term: Int) -> FormulaStage.Place {
    let count = stage.axes.reduce(1, *)
    if schedule.stored.contains(term) {
      written.insert(.value(term))
      return .operand(operand(.value(term), count: count))
    }
    if let result = stage.results.first(where: { isResult($0, term) }) {
      written.insert(.result(result))
      return .operand(operand(.result(result), count: count))
    }
    registerCount += 1
    return .register(registerCount - 1)
  }

  /// True if the result is the term, apart from its axes.
  private func isResult(_ result: Int, _ term: Int) -> Bool {
    schedule.origin(of: schedule.results[result].term) == term
  }

  /// Copies a result that no operation has written.
  private mutating func store(_ result: Int) {
    guard !written.contains(.result(result)) else { return }
    let (term, shape) = schedule.results[result]
    let source = place(of: term, in: shape)
    written.insert(.result(result))
    let target = operand(.result(result), count: stage.axes.reduce(1, *))
    instructions.append(.compute(.copy, [source], to: .operand(target)))
  }

  // MARK: Operands

  /// Returns the place at which the loop over `shape` finds a term: a register, or memory with the
  /// same elements.
  private mutating func place(of term: Int, in shape: [Int]) -> FormulaStage.Place {
    let origin = schedule.origin(of: term)
    if let place = places[origin] { return place }
    if let value = schedule.terms.value(of: origin) {
      constants.append(Float(value))
      places[origin] = .register(-constants.count)
      return .register(-constants.count)
    }
    if case .repeated = schedule.terms.terms[origin], !schedule.isGiven(origin),
      schedule.axes(of: origin) == stage.axes
    {
      return repeatedPlace(of: origin)
    }
    return spread(term, in: shape)
  }

  /// Returns the place of a term that repeats another.
  private mutating func repeatedPlace(of term: Int) -> FormulaStage.Place {
    guard case .repeated(let operand, let shape) = schedule.terms.terms[term] else {
      preconditionFailure("a term that repeats nothing")
    }
    return spread(operand, in: shape)
  }

  /// Returns the place of a term that is in memory. This is the memory itself if the term has the
  /// shape of the stage. Otherwise a register receives the repeated elements.
  private mutating func spread(_ term: Int, in shape: [Int]) -> FormulaStage.Place {
    let origin = schedule.origin(of: term)
    let own = schedule.terms.shapes[term]
    let operand = operand(schedule.tensor(origin), count: own.reduce(1, *))
    if own.withoutOnes == stage.axes { return .operand(operand) }
    let strides = FormulaStageBuilder.strides(of: own, in: shape)
    let key = [origin] + strides
    if let register = spreads[key] { return .register(register) }
    let register = registerCount
    registerCount += 1
    spreads[key] = register
    instructions.append(.spread(operand: operand, strides: strides, to: register))
    return .register(register)
  }

  /// Returns the number of a tensor among the stage's operands.
  private mutating func operand(_ tensor: FormulaSchedule.Tensor, count: Int) -> Int {
    if let number = tensors.firstIndex(of: tensor) { return number }
    tensors.append(tensor)
    operandCounts.append(count)
    return tensors.count - 1
  }

  /// Returns the strides of a row-major operand of shape `own` along the axes of `shape`, without
  /// axes of 1.
  private static func strides(of own: [Int], in shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 0, count: shape.count)
    var stride = 1
    for (axis, extent) in zip(shape.indices.reversed(), own.reversed()) where extent != 1 {
      strides[axis] = stride
      stride *= extent
    }
    return zip(shape, strides).filter { $0.0 != 1 }.map(\.1)
  }
}
