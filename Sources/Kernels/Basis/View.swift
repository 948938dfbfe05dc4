package import Tensors

/// A run of elements in the memory of a plan.
///
/// Extents are checked once, where a kernel is prepared; loops index unchecked in release mode, checked in debug
/// mode. Inlinable, because the loops of other modules are made of it. The memory is owned by the plan, the parameters or the data set, each of which outlives the kernels.
@safe
package struct View<Element: BitwiseCopyable>: @unchecked Sendable {
  package let count: Int
  @usableFromInline let base: UnsafeMutablePointer<Element>

  /// - Parameter memory: not empty; held by somebody as long as the view is used.
  @unsafe
  package init(_ memory: UnsafeMutableBufferPointer<Element>) {
    guard let base = memory.baseAddress else { preconditionFailure("a view of no memory") }
    unsafe self.base = base
    count = memory.count
  }

  /// All elements of `storage`, or those in `range`.
  package init(_ storage: Storage<Element>, _ range: Range<Int>? = nil) {
    let range = range ?? 0..<storage.count
    precondition(
      range.lowerBound >= 0 && range.upperBound <= storage.count, "a view beyond its storage")
    let memory = unsafe storage.buffer
    unsafe self.init(UnsafeMutableBufferPointer(rebasing: memory[range]))
  }

  /// The elements in `range`.
  package subscript(range: Range<Int>) -> View {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "a view beyond its view")
    return unsafe View(
      UnsafeMutableBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// The view, once it is known to hold at least `count` elements: how a kernel checks its operands.
  package func checked(_ count: Int) -> View {
    precondition(self.count >= count, "a kernel's operand has \(self.count) of \(count) elements")
    return self
  }

  @inlinable @inline(__always)
  package subscript(index: Int) -> Element {
    get {
      assert(index >= 0 && index < count)
      return unsafe base[index]
    }
    nonmutating set {
      assert(index >= 0 && index < count)
      unsafe base[index] = newValue
    }
  }

  @inlinable @inline(__always)
  package var address: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(base) }

  /// Copies `count` elements of `source` from `start` on to `target` on; the two do not overlap.
  @inlinable
  package func copy(_ count: Int, of source: View, from start: Int, to target: Int) {
    assert(start >= 0 && start + count <= source.count)
    assert(target >= 0 && target + count <= self.count)
    unsafe (base + target).update(from: source.base + start, count: count)
  }

  @inlinable
  package func fill(with value: Element) {
    for index in 0..<count { self[index] = value }
  }
}

extension View where Element == Float {
  /// The four elements from `index` on, in one unaligned load.
  @inlinable @inline(__always)
  package func load4(_ index: Int) -> SIMD4<Float> {
    assert(index >= 0 && index + 4 <= count)
    return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: SIMD4<Float>.self)
  }

  /// The eight elements from `index` on, in one unaligned load.
  @inlinable @inline(__always)
  package func load8(_ index: Int) -> SIMD8<Float> {
    assert(index >= 0 && index + 8 <= count)
    return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: SIMD8<Float>.self)
  }

  /// Puts four elements at `index`, in one unaligned store.
  @inlinable @inline(__always)
  package func store(_ vector: SIMD4<Float>, _ index: Int) {
    assert(index >= 0 && index + 4 <= count)
    unsafe UnsafeMutableRawPointer(base + index).storeBytes(of: vector, as: SIMD4<Float>.self)
  }

  /// Puts eight elements at `index`, in one unaligned store.
  @inlinable @inline(__always)
  package func store(_ vector: SIMD8<Float>, _ index: Int) {
    assert(index >= 0 && index + 8 <= count)
    unsafe UnsafeMutableRawPointer(base + index).storeBytes(of: vector, as: SIMD8<Float>.self)
  }

  /// The sixteen elements from `index` on, in one unaligned load.
  @inlinable @inline(__always)
  package func load16(_ index: Int) -> SIMD16<Float> {
    assert(index >= 0 && index + 16 <= count)
    return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<Float>.self)
  }

  /// Puts sixteen elements at `index`, in one unaligned store.
  @inlinable @inline(__always)
  package func store(_ vector: SIMD16<Float>, _ index: Int) {
    assert(index >= 0 && index + 16 <= count)
    unsafe UnsafeMutableRawPointer(base + index).storeBytes(of: vector, as: SIMD16<Float>.self)
  }
}

package typealias FloatView = View<Float>
/// Sums that are too long, or too different in size, for 32 bits.
package typealias DoubleView = View<Double>
