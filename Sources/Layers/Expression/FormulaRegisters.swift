internal import Kernels
internal import LayerKernels

/// Assigns as few registers as possible to instructions that each write a register of their own.
///
/// A register is free again after the last instruction that needs its value. This instruction can
/// already write its result to the same register.
///
/// Registers of constants are negative, and −1 is the first. They precede all other registers and
/// are never reused.
struct FormulaRegisters {
  /// The instructions with their assigned registers.
  private(set) var renamed: [FormulaStage.Instruction] = []
  /// The number of registers, including those of constants.
  private(set) var total: Int
  /// For each register, the last instruction that reads it.
  private var lastUse: [Int]
  /// For each register of the instructions, the assigned register.
  private var numbers: [Int]
  /// Assigned registers that no later instruction needs.
  private var free: [Int] = []

  /// Assigns registers to the instructions of a stage.
  ///
  /// - Parameters:
  ///   - instructions: instructions that each write a new register.
  ///   - count: the number of registers in the instructions, without those of constants.
  ///   - constantCount: the number of constants.
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

  /// Returns the instruction with assigned registers, and frees the registers that it reads last.
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

  /// Returns a place with its assigned register.
  private func renamed(_ place: FormulaStage.Place) -> FormulaStage.Place {
    guard case .register(let register) = place else { return place }
    return .register(register < 0 ? -1 - register : numbers[register])
  }

  /// Assigns a free or a new register.
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
  /// The blocks that the instruction reads.
  fileprivate var sources: [FormulaStage.Place] {
    switch self {
    case .spread: []
    case .compute(_, let places, _): places
    case .sum(let place, _, _): [place]
    }
  }
}
