internal import Expressions
internal import Kernels

/// Makes the instructions of one stage.
struct FormulaStageBuilder {
  private let schedule: FormulaSchedule
  private let number: Int
  private let stage: FormulaSchedule.Stage
  private var instructions: [FormulaStage.Instruction] = []
  private(set) var tensors: [FormulaSchedule.Tensor] = []
  private var operandCounts: [Int] = []
  private var constants: [Float] = []
  /// By origin: where this stage has its value.
  private var places: [Int: FormulaStage.Place] = [:]
  /// By term and strides: the register in which it was spread.
  private var spreads: [[Int]: Int] = [:]
  /// Registers so far, each written once; those of constants are negative: −1 is the first.
  private var registerCount = 0
  /// What the stage writes.
  private(set) var written: Set<FormulaSchedule.Tensor> = []

  private init(_ schedule: FormulaSchedule, _ number: Int) {
    self.schedule = schedule
    self.number = number
    stage = schedule.stages[number]
  }

  /// The stage, with the tensors that are its operands.
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

  /// Where an operation puts its value: in memory where another stage or the caller wants it.
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

  private func isResult(_ result: Int, _ term: Int) -> Bool {
    schedule.origin(of: schedule.results[result].term) == term
  }

  /// Writes a result that no operation has put there.
  private mutating func store(_ result: Int) {
    guard !written.contains(.result(result)) else { return }
    let (term, shape) = schedule.results[result]
    let source = place(of: term, in: shape)
    written.insert(.result(result))
    let target = operand(.result(result), count: stage.axes.reduce(1, *))
    instructions.append(.compute(.copy, [source], to: .operand(target)))
  }

  // MARK: Operands

  /// Where the loop over `shape` finds a term: a register, or memory of the same elements.
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

  private mutating func repeatedPlace(of term: Int) -> FormulaStage.Place {
    guard case .repeated(let operand, let shape) = schedule.terms.terms[term] else {
      preconditionFailure("a term that repeats nothing")
    }
    return spread(operand, in: shape)
  }

  /// What is in memory: as it lies where it has the stage's elements, or spread over a register.
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

  /// The number of a tensor among the stage's operands.
  private mutating func operand(_ tensor: FormulaSchedule.Tensor, count: Int) -> Int {
    if let number = tensors.firstIndex(of: tensor) { return number }
    tensors.append(tensor)
    operandCounts.append(count)
    return tensors.count - 1
  }

  /// By axis of `shape` but those of 1: how far an operand of the shape `own`, row-major, goes on along it.
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
