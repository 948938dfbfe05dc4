internal import COneDNN
internal import CVectors

/// The properties of the kernel library that affect how results are rounded.
package enum KernelLibrary {
  /// The name and version, such as `oneDNN 2.6.3`.
  package static var version: String {
    guard let version = unsafe dnnl_version() else { return "oneDNN" }
    let (major, minor, patch) = unsafe (
      version.pointee.major, version.pointee.minor, version.pointee.patch
    )
    return "oneDNN \(major).\(minor).\(patch)"
  }

  /// The widest instructions that oneDNN's kernels use.
  ///
  /// The processor limits them, and so does the variable `ONEDNN_MAX_CPU_ISA`.
  package static var instructionSet: String {
    switch dnnl_get_effective_cpu_isa() {
    case dnnl_cpu_isa_sse41: "sse41"
    case dnnl_cpu_isa_avx: "avx"
    case dnnl_cpu_isa_avx2: "avx2"
    case dnnl_cpu_isa_avx512_core: "avx512_core"
    case dnnl_cpu_isa_avx512_core_vnni: "avx512_core_vnni"
    case dnnl_cpu_isa_avx512_core_bf16: "avx512_core_bf16"
    case let other: "instruction set \(other.rawValue)"
    }
  }

  /// True if the processor has the instructions of this module's own loops: AVX2 on x86.
  package static var canRun: Bool { dl_has_vectors() != 0 }

  /// True if oneDNN has convolution kernels for ``TensorLayout/blocked``, which need AVX-512.
  package static let hasWideBlocks =
    dnnl_get_effective_cpu_isa().rawValue & dnnl_cpu_isa_avx512_core.rawValue
    == dnnl_cpu_isa_avx512_core.rawValue
}
