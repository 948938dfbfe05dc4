/// How a parameter is brought into the layout that a primitive chose.
package protocol WeightPacking: Sendable {
  /// The place of the parameter among the operands.
  var operand: Int { get }
  /// Elements of the packed parameter.
  var count: Int { get }
  /// Whether two primitives take the same packed elements.
  func isAlike(_ other: any WeightPacking) -> Bool
  /// The kernel that packs.
  func kernel(from plain: FloatView, to packed: FloatView) throws(KernelError) -> any Kernel
}
