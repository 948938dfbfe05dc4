package import Kernels
internal import Tensors

/// The operand of a kernel between guards of NaN: reading beyond it spoils the result, and writing
/// beyond it is found out.
package final class GuardedMemory<Element: BinaryFloatingPoint & BitwiseCopyable> {
  private let storage: Storage<Element>
  private let range: Range<Int>

  /// - Parameter shift: elements by which the operand misses a cache line's beginning.
  package init(_ values: [Element], shift: Int = 0) {
    guard let storage = Storage<Element>(count: values.count + 64 + shift) else {
      preconditionFailure("no memory for a test's operand")
    }
    self.storage = storage
    range = 32 + shift..<32 + shift + values.count
    for index in 0..<storage.count { storage[index] = .nan }
    for (index, value) in zip(range, values) { storage[index] = value }
  }

  /// Memory for a result: NaN, so that an element that no kernel writes is found out.
  package convenience init(count: Int, shift: Int = 0) {
    self.init(Array(repeating: .nan, count: count), shift: shift)
  }

  package var view: View<Element> { View(storage, range) }
  package var values: [Element] { range.map { storage[$0] } }

  /// Whether the guards are as they were.
  package var isIntact: Bool {
    (0..<storage.count).allSatisfy { range.contains($0) || storage[$0].isNaN }
  }
}

/// Runs a kernel while its operands' memory is held: views do not hold it.
package func run(_ kernel: any Kernel, holding memory: AnyObject...) {
  withExtendedLifetime(memory) { kernel.run() }
}

/// Whether two results have the same bits, a NaN's included.
package func haveSameBits(_ left: [Float], _ right: [Float]) -> Bool {
  left.map(\.bitPattern) == right.map(\.bitPattern)
}
