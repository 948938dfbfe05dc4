/// Converts a parameter into the layout that a primitive chose.
package protocol WeightPacking: Sendable {
  /// The index of the parameter among the operands.
  var operand: Int { get }
  /// The elements of the packed parameter.
  var count: Int { get }
  /// Returns true if two primitives read the same packed elements.
  func isAlike(_ other: any WeightPacking) -> Bool
  /// Returns the kernel that packs the parameter.
  func kernel(from plain: FloatView, to packed: FloatView) throws(KernelError) -> any Kernel
}
