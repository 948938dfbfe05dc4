/// Runs several kernels one after the other.
package struct KernelSequence: Kernel {
  private let kernels: ContiguousArray<any Kernel>

  package init(_ kernels: [any Kernel]) { self.kernels = ContiguousArray(kernels) }

  package func run() {
    for kernel in kernels { kernel.run() }
  }
}
