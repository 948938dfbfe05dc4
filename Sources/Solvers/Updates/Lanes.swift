internal import CVectors
internal import Kernels

/// Reads and writes a view eight elements at a time, for the loops of updates.
///
/// The view's count must be a multiple of eight, and the view must outlive the loop.
@safe
struct Lanes {
  typealias Vector = SIMD8<Float>

  private let base: UnsafeMutableRawPointer

  @inline(__always)
  init(_ view: FloatView) { unsafe base = view.address }

  /// The eight elements that begin at `index`.
  @inline(__always)
  subscript(index: Int) -> Vector {
    get { unsafe base.loadUnaligned(fromByteOffset: index &* 4, as: Vector.self) }
    nonmutating set {
      unsafe base.storeBytes(of: newValue, toByteOffset: index &* 4, as: Vector.self)
    }
  }
}

extension SIMD8<Float> {
  /// √x in every lane, and NaN for negative x.
  @inline(__always)
  var squareRoots: SIMD8<Float> { dl_square_roots(self) }
}
