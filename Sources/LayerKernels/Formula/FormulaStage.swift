/// One loop of a formula over the elements of a batch: straight-line instructions on registers, each of which holds a
/// block of elements.
///
/// All instructions see the same elements: those of `axes`, example by example. What has other axes (a smaller operand,
/// a sum) is memory that is walked with strides.
package struct FormulaStage: Sendable, Hashable {
  /// Where an instruction reads or writes its block.
  package enum Place: Sendable, Hashable {
    case register(Int)
    /// An operand that has the stage's elements in the stage's order.
    case operand(Int)
  }

  package enum Instruction: Sendable, Hashable {
    /// Spreads an operand of fewer elements over the block. A stride is one of the operand for each of the stage's
    /// axes, 0 where the operand's element is the same all along.
    case spread(operand: Int, strides: [Int], to: Int)
    case compute(FormulaOperation, [Place], to: Place)
    /// Adds the block into an operand of fewer elements; a stride is 0 along the axes that are summed.
    case sum(Place, strides: [Int], into: Int)
  }

  /// The extents of an example, those of 1 left out.
  package var axes: [Int]
  /// The elements of an example of each operand.
  package var operandCounts: [Int]
  /// What the first registers hold throughout.
  package var constants: [Float]
  /// With those of the constants.
  package var registerCount: Int
  package var instructions: [Instruction]

  package init(
    axes: [Int], operandCounts: [Int], constants: [Float], registerCount: Int,
    instructions: [Instruction]
  ) {
    self.axes = axes
    self.operandCounts = operandCounts
    self.constants = constants
    self.registerCount = registerCount
    self.instructions = instructions
  }

  /// Elements of a register: a kilobyte, so that some thirty of them stay in the first cache.
  package static let blockLength = 256
}
