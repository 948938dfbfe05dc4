internal import CVectors
internal import Kernels

/// The elements of a view, eight at a time: what the loops of updates read and write.
///
/// The view's count is a multiple of eight, and the view outlives the loop.
@safe
struct Lanes {
  typealias Vector = SIMD8<Float>

  private let base: UnsafeMutableRawPointer

  @inline(__always)
  init(_ view: FloatView) { unsafe base = view.address }

  /// The eight elements from `index` on.
  @inline(__always)
  subscript(index: Int) -> Vector {
    get { unsafe base.loadUnaligned(fromByteOffset: index &* 4, as: Vector.self) }
    nonmutating set {
      unsafe base.storeBytes(of: newValue, toByteOffset: index &* 4, as: Vector.self)
    }
  }
}

extension SIMD8<Float> {
  /// √x in every lane; NaN below 0.
  @inline(__always)
  var squareRoots: SIMD8<Float> { dl_square_roots(self) }
}
