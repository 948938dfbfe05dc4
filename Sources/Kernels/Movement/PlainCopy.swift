internal import COneDNN

/// A reorder that moves nothing.
struct PlainCopy: PrimitiveImplementation {
  let count: Int

  func kernel(_ operands: [FloatView], scratch: FloatView?) -> any Kernel {
    copy(operands[0], to: operands[1], count: count)
  }
}
