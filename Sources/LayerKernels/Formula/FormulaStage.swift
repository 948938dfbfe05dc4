/// One loop of a formula over a batch: a sequence of instructions on registers that hold blocks.
///
/// All instructions process the elements of `axes`, example by example. Smaller operands and sums
/// have other axes, and the kernel accesses them with strides.
package struct FormulaStage: Sendable, Hashable {
  /// The place where an instruction reads or writes its block.
  package enum Place: Sendable, Hashable {
    case register(Int)
    /// An operand with the stage's elements in the stage's order.
    case operand(Int)
  }

  package enum Instruction: Sendable, Hashable {
    /// Broadcasts an operand with fewer elements over the block.
    ///
    /// Each axis of the stage has a stride of the operand, or 0 if the operand does not vary along
    /// it.
    case spread(operand: Int, strides: [Int], to: Int)
    case compute(FormulaOperation, [Place], to: Place)
    /// Adds the block into an operand with fewer elements. The strides of summed axes are 0.
    case sum(Place, strides: [Int], into: Int)
  }

  /// The extents of an example, without extents of 1.
  package var axes: [Int]
  /// The elements per example of each operand.
  package var operandCounts: [Int]
  /// The values of the first registers, which never change.
  package var constants: [Float]
  /// The number of registers, constants included.
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

  /// The elements of a register. Each takes a kilobyte, so that about thirty fit into the
  /// first-level cache.
  package static let blockLength = 256
}
