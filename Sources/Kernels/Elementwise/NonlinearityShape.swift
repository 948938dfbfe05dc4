/// y = f(x), element by element. Operands: x, y.
package struct NonlinearityShape: PrimitiveShape {
  package let function: Nonlinearity
  package let count: Int

  package init(_ function: Nonlinearity, count: Int) {
    self.function = function
    self.count = count
  }

  package func implementation() -> any PrimitiveImplementation { Loop(shape: self) }

  private struct Loop: PrimitiveImplementation {
    let shape: NonlinearityShape

    func kernel(_ operands: [FloatView], scratch: FloatView?) -> any Kernel {
      nonlinearity(shape.function, from: operands[0], to: operands[1], count: shape.count)
    }
  }
}
