internal import Kernels
internal import Tensors

/// Caches the chosen implementations, and the memory of weights in their layouts.
///
/// Plans of other batch sizes and phases use them again. Such plans never run at the same time.
package final class ImplementationCache {
  private var implementations: [AnyHashable: any PrimitiveImplementation] = [:]

  private var layouts: [Parameter: [(packing: any WeightPacking, storage: FloatStorage)]] = [:]

  private struct Parameter: Hashable {
    let name: String
    let address: UInt
  }

  package init() {}

  func implementation(
    of shape: any PrimitiveShape
  ) throws(KernelError) -> any PrimitiveImplementation {
    let key = AnyHashable(shape)
    if let known = implementations[key] { return known }
    let implementation = try shape.implementation()
    implementations[key] = implementation
    return implementation
  }

  /// Memory for a parameter in another layout. Plans that need the same layout share it, since each
  /// packs the weights before it runs.
  ///
  /// - Throws: `KernelError` if the memory is not available.
  func storage(
    of name: String, _ weights: FloatView, _ packing: any WeightPacking
  ) throws(KernelError) -> FloatStorage {
    let address = unsafe UInt(bitPattern: weights.address)
    let parameter = Parameter(name: name, address: address)
    if let known = layouts[parameter]?.first(where: { $0.packing.isAlike(packing) }) {
      return known.storage
    }
    guard let storage = FloatStorage(count: packing.count) else {
      throw KernelError("cannot allocate memory for weights in another layout")
    }
    layouts[parameter, default: []].append((packing, storage))
    return storage
  }
}
