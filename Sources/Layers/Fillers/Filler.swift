package import Fields
package import Kernels
package import Tensors

/// A rule for the first values of a parameter.
package protocol Filler: CatalogType {
  /// The values of a parameter of `shape`, row-major; random ones are pure functions of their index.
  ///
  /// - Throws: `KernelError` if the memory for them is not there.
  func values(of shape: Shape, _ random: RandomStream) throws(KernelError) -> [Float]

  /// Why the filler has no values for a parameter of `shape`; nil if it has.
  func mistake(for shape: Shape) -> String?
}

extension Filler {
  package func mistake(for shape: Shape) -> String? { nil }
}
