package import Kernels
internal import Tensors

/// The operand of a kernel between guards of NaN.
///
/// A read beyond the operand makes the result NaN. A write beyond it changes a guard.
package final class GuardedMemory<Element: BinaryFloatingPoint & BitwiseCopyable> {
  private let storage: Storage<Element>
  private let range: Range<Int>

  /// Makes an operand.
  ///
  /// - Parameter shift: the number of elements from the beginning of a cache line to the operand.
  package init(_ values: [Element], shift: Int = 0) {
    guard let storage = Storage<Element>(count: values.count + 64 + shift) else {
      preconditionFailure("no memory for a test's operand")
    }
    self.storage = storage
    range = 32 + shift..<32 + shift + values.count
    for index in 0..<storage.count { storage[index] = .nan }
    for (index, value) in zip(range, values) { storage[index] = value }
  }

  /// Makes memory for a result. It contains NaN, which reveals elements that no kernel writes.
  package convenience init(count: Int, shift: Int = 0) {
    self.init(Array(repeating: .nan, count: count), shift: shift)
  }

  package var view: View<Element> { View(storage, range) }
  package var values: [Element] { range.map { storage[$0] } }

  /// True if the guards are unchanged.
  package var isIntact: Bool {
    (0..<storage.count).allSatisfy { range.contains($0) || storage[$0].isNaN }
  }
}

/// Runs a kernel and keeps its operands' memory alive. Views do not keep it alive.
package func run(_ kernel: any Kernel, holding memory: AnyObject...) {
  withExtendedLifetime(memory) { kernel.run() }
}

/// Returns true if two results have the same bits, also in NaN.
package func haveSameBits(_ left: [Float], _ right: [Float]) -> Bool {
  left.map(\.bitPattern) == right.map(\.bitPattern)
}
