/// A product of the rows of examples, of which each has several. Operands: left, right, (bias), result.
package struct RowProductShape: PrimitiveShape {
  private let product: ProductShape

  package init(_ product: ProductShape) { self.product = product }

  package func implementation() throws(KernelError) -> any PrimitiveImplementation {
    RowProduct(hasBias: product.hasBias, product: try product.implementation())
  }
}

private struct RowProduct: PrimitiveImplementation {
  let hasBias: Bool
  let product: any ProductImplementation

  var name: String { product.name }
  var scratchCount: Int { product.scratchCount }
  var packing: (any WeightPacking)? { nil }

  func kernel(_ operands: [FloatView], scratch: FloatView?) throws(KernelError) -> any Kernel {
    try product.kernel(
      ProductOperands(
        left: operands[0], right: operands[1], bias: hasBias ? operands[2] : nil,
        result: operands[operands.count - 1]), scratch: scratch)
  }
}
