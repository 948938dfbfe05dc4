internal import Kernels

/// Gives instructions that write a new register each as few registers as go: one is used again once its value is no
/// longer needed, at once even by the instruction that needs it last.
///
/// Registers of constants are negative, −1 the first, and come before all others; they are never given away.
struct FormulaRegisters {
  /// The instructions with the registers that they got.
  private(set) var renamed: [FormulaStage.Instruction] = []
  /// With those of constants.
  private(set) var total: Int
  /// By register: the instruction that reads it last.
  private var lastUse: [Int]
  /// By register: the one that it got.
  private var numbers: [Int]
  private var free: [Int] = []

  init(_ instructions: [FormulaStage.Instruction], count: Int, constantCount: Int) {
    total = constantCount
    lastUse = Array(repeating: -1, count: count)
    numbers = Array(repeating: 0, count: count)
    for (number, instruction) in instructions.enumerated() {
      for case .register(let register) in instruction.sources where register >= 0 {
        lastUse[register] = number
      }
    }
    for (number, instruction) in instructions.enumerated() {
      renamed.append(rename(instruction, number))
    }
  }

  private mutating func rename(
    _ instruction: FormulaStage.Instruction, _ number: Int
  ) -> FormulaStage.Instruction {
    let sources = instruction.sources.map(renamed)
    for case .register(let register) in instruction.sources
    where register >= 0 && lastUse[register] == number {
      // An instruction may read a register twice.
      lastUse[register] = -1
      free.append(numbers[register])
    }
    switch instruction {
    case .spread(let operand, let strides, let register):
      take(register)
      return .spread(operand: operand, strides: strides, to: numbers[register])
    case .compute(let operation, _, let target):
      if case .register(let register) = target { take(register) }
      return .compute(operation, sources, to: renamed(target))
    case .sum(_, let strides, let operand):
      return .sum(sources[0], strides: strides, into: operand)
    }
  }

  private func renamed(_ place: FormulaStage.Place) -> FormulaStage.Place {
    guard case .register(let register) = place else { return place }
    return .register(register < 0 ? -1 - register : numbers[register])
  }

  private mutating func take(_ register: Int) {
    if let number = free.popLast() {
      numbers[register] = number
    } else {
      numbers[register] = total
      total += 1
    }
  }
}

extension FormulaStage.Instruction {
  /// What the instruction reads of blocks.
  fileprivate var sources: [FormulaStage.Place] {
    switch self {
    case .spread: []
    case .compute(_, let places, _): places
    case .sum(let place, _, _): [place]
    }
  }
}
