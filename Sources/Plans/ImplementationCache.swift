internal import Kernels
internal import Tensors

/// Caches the chosen implementations, and the memory of packed weights.
///
/// Plans for other batch sizes and phases reuse them. Two such plans never run at the same time.
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

  /// Memory for a parameter in another layout. Plans that need the same layout share the memory,
  /// because each plan packs the weights before it runs.
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
