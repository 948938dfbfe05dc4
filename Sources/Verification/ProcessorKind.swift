internal import Glibc
internal import Kernels
internal import Training

/// What of a machine decides the bits of a training.
///
/// Kernels are chosen by the instruction set, and cut into blocks by the caches, so that sums have another order on
/// another processor; approximate instructions differ between vendors; exponentials are the C library's. The name and
/// the speed of the processor, and how many cores it has, decide nothing.
package enum ProcessorKind {
  /// `x86_64 GenuineIntel avx512_core_bf16, caches 49152 2097152, oneDNN 2.6.3, glibc 2.36`
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
