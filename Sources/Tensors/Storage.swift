internal import Glibc

/// Memory for a fixed number of elements, zero at first, aligned to 64 bytes (a cache line, and AVX-512's width).
///
/// Owned by whoever holds the object; kernels keep plain pointers into it, and the plan that holds the kernels keeps
/// the storage alive.
@safe
package final class Storage<Element: BitwiseCopyable>: @unchecked Sendable {
  package let count: Int
  private let base: UnsafeMutablePointer<Element>
  /// Who owns the memory, where this is a part of it.
  private let whole: Storage?

  /// Nil if the system has not that much memory, or the size overflows.
  package init?(count: Int) {
    precondition(count >= 0, "storage for a negative number of elements")
    let (bytes, overflows) = max(count, 1).multipliedReportingOverflow(
      by: MemoryLayout<Element>.stride)
    var memory: UnsafeMutableRawPointer?
    guard !overflows, unsafe posix_memalign(&memory, 64, bytes) == 0, let memory = unsafe memory
    else { return nil }
    unsafe memset(memory, 0, bytes)
    self.count = count
    unsafe base = memory.bindMemory(to: Element.self, capacity: max(count, 1))
    whole = nil
  }

  /// The elements of `whole` in `range`: the same memory, which is not aligned then.
  package init(_ range: Range<Int>, of whole: Storage) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= whole.count, "a part beyond its storage")
    count = range.count
    unsafe base = whole.base + range.lowerBound
    self.whole = whole
  }

  deinit {
    if whole == nil { unsafe free(base) }
  }

  /// The elements. Valid while the storage is held.
  package var buffer: UnsafeMutableBufferPointer<Element> {
    unsafe UnsafeMutableBufferPointer(start: base, count: count)
  }

  package subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "index beyond the storage")
      return unsafe base[index]
    }
    set {
      precondition(index >= 0 && index < count, "index beyond the storage")
      unsafe base[index] = newValue
    }
  }

  /// A copy of the elements.
  package var array: [Element] { unsafe Array(buffer) }
}

/// 32-bit floating-point memory: parameters, gradients, activations, examples.
package typealias FloatStorage = Storage<Float>
