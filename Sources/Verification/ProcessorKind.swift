internal import Glibc
internal import Kernels
internal import Training

/// The properties of a machine that determine the bits of a training.
///
/// The instruction set selects the kernels, and the caches determine their blocks, so that another
/// processor sums in another order. Approximate instructions differ between vendors, and the C
/// library computes exponentials. The name, the speed and the number of cores have no influence.
package enum ProcessorKind {
  /// The kind of this processor.
  ///
  /// For example: `x86_64 GenuineIntel avx512_core_bf16, caches 49152 2097152, oneDNN 2.6.3, glibc
  /// 2.36`.
  package static var current: String {
    let caches = [_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE].map { sysconf(Int32($0)) }
    return [
      "\(architecture) \(Machine.vendor) \(KernelLibrary.instructionSet)",
      "caches \(caches[0]) \(caches[1])", KernelLibrary.version, cLibrary,
    ].joined(separator: ", ")
  }

  private static var cLibrary: String {
    var text = [CChar](repeating: 0, count: 64)
    let length = unsafe confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count)
    guard length > 0, length <= text.count else { return "another C library" }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "arm64"
    #else
      "other"
    #endif
  }
}
