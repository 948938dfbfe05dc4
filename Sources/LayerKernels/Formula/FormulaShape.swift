package import Kernels

/// A stage on a number of examples. Operands: those of the stage, in its order.
package struct FormulaShape: PrimitiveShape {
  package let stage: FormulaStage
  package let examples: Int

  package init(_ stage: FormulaStage, examples: Int) {
    self.stage = stage
    self.examples = examples
  }

  package func implementation() throws(KernelError) -> any PrimitiveImplementation {
    FormulaImplementation(shape: self)
  }
}

/// Binds a stage. The plan's scratch memory holds the registers.
private struct FormulaImplementation: PrimitiveImplementation {
  let shape: FormulaShape

  var name: String {
    let count = shape.stage.instructions.count
    return "loop of \(count) instruction\(count == 1 ? "" : "s")"
  }

  var scratchCount: Int { max(shape.stage.registerCount, 1) * FormulaStage.blockLength }

  func kernel(_ operands: [FloatView], scratch: FloatView?) throws(KernelError) -> any Kernel {
    guard let scratch else { preconditionFailure("a formula lacks its registers") }
    return FormulaKernel(
      shape.stage, examples: shape.examples, operands: operands,
      registers: scratch.checked(scratchCount))
  }
}
