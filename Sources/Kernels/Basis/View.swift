package import Tensors

/// A contiguous range of elements in the memory of a plan.
///
/// The function that prepares a kernel checks all extents. Loops check indices only in debug
/// builds. The plan, the parameters or the data set owns the memory and outlives the kernels. It is a
/// part of a ``Storage``, behind which 64 bytes are readable.
///
/// The members that loops call are public, because the compiler inlines only public members into
/// other modules.
@safe
public struct View<Element: BitwiseCopyable>: @unchecked Sendable {
  public let count: Int
  @usableFromInline let base: UnsafeMutablePointer<Element>

  /// Makes a view of memory that another object owns.
  ///
  /// - Parameter memory: memory that is not empty and outlives the view.
  @unsafe
  package init(_ memory: UnsafeMutableBufferPointer<Element>) {
    guard let base = memory.baseAddress else { preconditionFailure("a view needs memory") }
    unsafe self.base = base
    count = memory.count
  }

  /// Makes a view of all elements of `storage`, or of those in `range`.
  package init(_ storage: Storage<Element>, _ range: Range<Int>? = nil) {
    let range = range ?? 0..<storage.count
    precondition(
      range.lowerBound >= 0 && range.upperBound <= storage.count, "a view exceeds its storage")
    let memory = unsafe storage.buffer
    unsafe self.init(UnsafeMutableBufferPointer(rebasing: memory[range]))
  }

  /// Returns a view of the elements in `range`.
  package subscript(range: Range<Int>) -> View {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "a view exceeds its parent")
    return unsafe View(
      UnsafeMutableBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// Returns the view after a check that it holds at least `count` elements. Kernels check their
  /// operands with it.
  package func checked(_ count: Int) -> View {
    precondition(self.count >= count, "an operand has \(self.count) elements, expected \(count)")
    return self
  }

  @inlinable @inline(__always)
  public subscript(index: Int) -> Element {
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
  public var address: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(base) }

  /// Copies `count` elements of `source` from `start` to `target`. The ranges do not overlap.
  @inlinable
  public func copy(_ count: Int, of source: View, from start: Int, to target: Int) {
    assert(start >= 0 && start + count <= source.count)
    assert(target >= 0 && target + count <= self.count)
    unsafe (base + target).update(from: source.base + start, count: count)
  }

  @inlinable
  public func fill(with value: Element) {
    for index in 0..<count { self[index] = value }
  }
}

extension View where Element == Float {
  /// Loads four elements from `index`, without an alignment requirement.
  @inlinable @inline(__always)
  public func load4(_ index: Int) -> SIMD4<Float> {
    assert(index >= 0 && index + 4 <= count)
    return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: SIMD4<Float>.self)
  }

  /// Loads eight elements from `index`, without an alignment requirement.
  @inlinable @inline(__always)
  public func load8(_ index: Int) -> SIMD8<Float> {
    assert(index >= 0 && index + 8 <= count)
    return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: SIMD8<Float>.self)
  }

  /// Stores four elements at `index`, without an alignment requirement.
  @inlinable @inline(__always)
  public func store(_ vector: SIMD4<Float>, _ index: Int) {
    assert(index >= 0 && index + 4 <= count)
    unsafe UnsafeMutableRawPointer(base + index).storeBytes(of: vector, as: SIMD4<Float>.self)
  }

  /// Stores eight elements at `index`, without an alignment requirement.
  @inlinable @inline(__always)
  public func store(_ vector: SIMD8<Float>, _ index: Int) {
    assert(index >= 0 && index + 8 <= count)
    unsafe UnsafeMutableRawPointer(base + index).storeBytes(of: vector, as: SIMD8<Float>.self)
  }

  /// Loads sixteen elements from `index`, without an alignment requirement.
  @inlinable @inline(__always)
  public func load16(_ index: Int) -> SIMD16<Float> {
    assert(index >= 0 && index + 16 <= count)
    return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<Float>.self)
  }

  /// Stores sixteen elements at `index`, without an alignment requirement.
  @inlinable @inline(__always)
  public func store(_ vector: SIMD16<Float>, _ index: Int) {
    assert(index >= 0 && index + 16 <= count)
    unsafe UnsafeMutableRawPointer(base + index).storeBytes(of: vector, as: SIMD16<Float>.self)
  }
}

public typealias FloatView = View<Float>
/// A view of double-precision values, for sums whose terms are many or differ widely in size.
public typealias DoubleView = View<Double>
