package import Kernels

/// The work between two barriers: independent items, each a flat list of kernels.
package final class Stage: Sendable {
  package typealias Item = ContiguousArray<any Kernel>

  package let items: ContiguousArray<Item>

  package init(_ items: [Item]) { self.items = ContiguousArray(items) }

  func run(_ index: Int) {
    for kernel in items[index] { kernel.run() }
  }
}
