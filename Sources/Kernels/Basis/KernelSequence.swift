/// Kernels that run one after the other as one.
package struct KernelSequence: Kernel {
  private let kernels: ContiguousArray<any Kernel>

  package init(_ kernels: [any Kernel]) { self.kernels = ContiguousArray(kernels) }

  package func run() {
    for kernel in kernels { kernel.run() }
  }
}
