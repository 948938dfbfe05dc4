internal import COneDNN
internal import CVectors

/// The library of dense kernels, as far as it decides how results are rounded.
package enum KernelLibrary {
  /// `oneDNN 2.6.3`
  package static var version: String {
    guard let version = unsafe dnnl_version() else { return "oneDNN" }
    let (major, minor, patch) = unsafe (
      version.pointee.major, version.pointee.minor, version.pointee.patch
    )
    return "oneDNN \(major).\(minor).\(patch)"
  }

  /// The widest instructions that its kernels are made of: what the processor has, or less where the variable
  /// `ONEDNN_MAX_CPU_ISA` says so.
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

  /// Whether the processor has the instructions that this module's own loops are compiled to: AVX2, where it is an x86.
  package static var canRun: Bool { dl_has_vectors() != 0 }

  /// Whether its convolutions have kernels for ``TensorLayout/blocked``: those are made of AVX-512.
  package static let hasWideBlocks =
    dnnl_get_effective_cpu_isa().rawValue & dnnl_cpu_isa_avx512_core.rawValue
    == dnnl_cpu_isa_avx512_core.rawValue
}
