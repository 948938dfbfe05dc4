internal import Tensors

/// The limits for what a data file may hold.
package enum DataLimits {
  /// The greatest number of values in a file whose examples are read on demand: 2⁴⁰.
  package static let fileValueCount = 1 << 40

  /// The greatest number of values of a data set in memory: 2³⁰, which take 4 GiB.
  package static let valueCount = 1 << 30

  /// The free memory in bytes.
  package static var memory: Int { SystemLimits.current.availableMemory }

  /// Whether the process may use `bytes` of memory.
  ///
  /// The system grants more memory than it has, and kills a process that uses it.
  package static func fitsMemory(_ bytes: Int) -> Bool {
    bytes <= memory
  }
}
