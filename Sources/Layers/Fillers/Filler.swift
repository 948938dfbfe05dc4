package import Fields
package import Kernels
package import Tensors

/// A rule for the initial values of a parameter.
package protocol Filler: CatalogType {
  /// Returns the values of a parameter of `shape`, row-major. A random value is a pure function of
  /// its index.
  ///
  /// - Throws: `KernelError` if the memory for the values is not available.
  func values(of shape: Shape, _ random: RandomStream) throws(KernelError) -> [Float]

  /// Returns the reason why the filler has no values for a parameter of `shape`. Nil if it has
  /// values.
  func mistake(for shape: Shape) -> String?
}

extension Filler {
  package func mistake(for shape: Shape) -> String? { nil }
}
