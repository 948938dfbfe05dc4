import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Operations of formulas") struct FormulaOperationTests {
  private static let extremes: [Float] = [
    0, -0.0, 1e-38, -1e-38, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 1e-4, -1e-4, 0.5, -0.5,
    1, -1, 1.5, -1.5, 2.5, 3, 20, -20, 87.3, -87.3, 88.7, 89, -100, -104, 1e30, -1e30,
    .greatestFiniteMagnitude, .infinity, -.infinity, .nan,
  ]

  /// Returns the results of an operation on `operands`, computed block by block.
  private static func run(_ operation: FormulaOperation, _ operands: [[Float]]) throws -> [Float] {
    let count = operands[0].count
    let memory = operands.map { GuardedMemory($0) }
    let result = GuardedMemory<Float>(count: count)
    let registers = GuardedMemory<Float>(count: FormulaStage.blockLength)
    let stage = FormulaStage(
      axes: count == 1 ? [] : [count],
      operandCounts: Array(repeating: count, count: operands.count + 1),
      constants: [], registerCount: 0,
      instructions: [
        .compute(
          operation, operands.indices.map { .operand($0) }, to: .operand(operands.count))
      ])
    let kernel = try FormulaShape(stage, examples: 1).implementation().kernel(
      memory.map(\.view) + [result.view], scratch: registers.view)
    withExtendedLifetime(memory) { Oracles.run(kernel, holding: result, registers) }
    #expect(result.isIntact && registers.isIntact)
    return result.values
  }

  private static func isNear(_ found: Float, _ expected: Double) -> Bool {
    let rounded = Float(expected)
    if found.isNaN || rounded.isNaN { return found.isNaN && rounded.isNaN }
    if found == rounded { return true }
    // Near the largest number, each of the two may be infinite.
    if abs(expected) > 3.4e38 { return abs(found) > 3.4e38 }
    return abs(Double(found) - expected) <= 4e-7 * abs(expected) + 1.2e-38
  }

  @Test(
    "agree with double precision, at every place in a block",
    arguments: FormulaOperation.allCases)
  func agreement(operation: FormulaOperation) throws {
    var numbers = SeededNumbers(seed: 3000 + Int(operation.rawValue))
    let count = operation.operandCount
    for length in [1, 7, 8, 9, 255, 256, 257, 600] {
      let operands = (0..<count).map { _ in numbers.floats(length, in: -5...5) }
      let found = try FormulaOperationTests.run(operation, operands)
      for index in 0..<length {
        let at = operands.map { Double($0[index]) }
        let expected = operation.value(at[0], count > 1 ? at[1] : 0, at[count - 1])
        // Near its zeros, a function of the C library may lose digits in its argument.
        #expect(
          FormulaOperationTests.isNear(found[index], expected), "\(operation) of \(at): \(expected)"
        )
      }
    }
  }

  @Test("agree at the ends of the range", arguments: FormulaOperation.allCases)
  func ends(operation: FormulaOperation) throws {
    // An operation either selects its third operand or ignores it. These values show both cases.
    let values = FormulaOperationTests.extremes
    let pairs = values.flatMap { a in values.map { (a, $0) } }
    let operands = [pairs.map(\.0), pairs.map(\.1), pairs.map { $0.1 * 2 }]
    let count = operation.operandCount
    let found = try FormulaOperationTests.run(operation, Array(operands.prefix(count)))
    for index in pairs.indices {
      let at = operands.prefix(count).map { Double($0[index]) }
      // The C library's functions are also exact for huge arguments, in float and in double.
      let expected = operation.value(at[0], count > 1 ? at[1] : 0, at[count - 1])
      #expect(
        FormulaOperationTests.isNear(found[index], expected),
        "\(operation) of \(at): \(found[index]), not \(expected)")
    }
  }

  @Test("take one, two or three operands")
  func counts() {
    #expect(Set(FormulaOperation.allCases.map(\.operandCount)) == [1, 2, 3])
  }
}
