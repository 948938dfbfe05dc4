/// Copies a tensor whose two layouts have the same order in memory.
struct PlainCopy: PrimitiveImplementation {
  let count: Int

  func kernel(_ operands: [FloatView], scratch: FloatView?) -> any Kernel {
    copy(operands[0], to: operands[1], count: count)
  }
}
