internal import Kernels

/// The implementations chosen so far: plans of other batch sizes and phases use them again.
package final class ImplementationCache {
  private var products: [ProductShape: any ProductImplementation] = [:]
  private var primitives: [AnyHashable: any PrimitiveImplementation] = [:]

  package init() {}

  func product(_ shape: ProductShape) throws(KernelError) -> any ProductImplementation {
    if let known = products[shape] { return known }
    let implementation = try shape.implementation()
    products[shape] = implementation
    return implementation
  }

  func primitive(_ shape: any PrimitiveShape) throws(KernelError) -> any PrimitiveImplementation {
    let key = AnyHashable(shape)
    if let known = primitives[key] { return known }
    let implementation = try shape.implementation()
    primitives[key] = implementation
    return implementation
  }
}
