/// ∂x = f′(x)·∂y, element by element, with f′ from y. Operands: y, ∂y, ∂x.
package struct NonlinearityGradientShape: PrimitiveShape {
  package let function: Nonlinearity
  package let count: Int

  package init(_ function: Nonlinearity, count: Int) {
    self.function = function
    self.count = count
  }

  package func implementation() -> any PrimitiveImplementation { Loop(shape: self) }

  private struct Loop: PrimitiveImplementation {
    let shape: NonlinearityGradientShape

    func kernel(_ operands: [FloatView], scratch: FloatView?) -> any Kernel {
      nonlinearityGradient(
        shape.function, y: operands[0], dy: operands[1], to: operands[2], count: shape.count)
    }
  }
}
