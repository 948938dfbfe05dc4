internal import Glibc

/// Memory for a fixed number of elements, aligned to 64 bytes and initialized to 0.
///
/// 64 bytes are one cache line and one AVX-512 vector. Another 64 readable bytes follow the last
/// element, so that a vector may begin at any element. The object owns the memory. Kernels keep plain
/// pointers into it, and the plan that holds the kernels keeps the object alive.
@safe
package final class Storage<Element: BitwiseCopyable>: @unchecked Sendable {
  package let count: Int
  private let base: UnsafeMutablePointer<Element>
  /// The owner of the memory, when this object is a part of another storage.
  private let whole: Storage?

  /// Allocates the memory. Nil when the system refuses it or the size overflows.
  package init?(count: Int) {
    precondition(count >= 0, "storage for a negative number of elements")
    let (elements, overflows) = max(count, 1).multipliedReportingOverflow(
      by: MemoryLayout<Element>.stride)
    let bytes = elements &+ 64
    var memory: UnsafeMutableRawPointer?
    guard !overflows, bytes > elements,
      unsafe posix_memalign(&memory, 64, bytes) == 0, let memory = unsafe memory
    else { return nil }
    unsafe memset(memory, 0, bytes)
    self.count = count
    unsafe base = memory.bindMemory(to: Element.self, capacity: max(count, 1))
    whole = nil
  }

  /// Makes a view of `range` of `whole`. It shares the memory. Its start need not be aligned.
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

  /// The elements. The pointer is valid while the storage is alive.
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

/// Memory for float32 values: parameters, gradients, activations, examples.
package typealias FloatStorage = Storage<Float>
