package import Kernels
internal import Testing

extension AxisExtent: CustomTestStringConvertible {
  public var testDescription: String { "\(outer)x\(axis)x\(inner)" }

  package var positions: [(outer: Int, inner: Int)] {
    (0..<outer).flatMap { outer in (0..<inner).map { (outer, $0) } }
  }

  package func place(_ outer: Int, _ index: Int, _ inner: Int) -> Int {
    (outer * axis + index) * self.inner + inner
  }

  /// Every small axis, longer rows, and axes whose elements are not contiguous.
  package static let examples =
    (1...17).map { AxisExtent(outer: 3, axis: $0, inner: 1) } + [
      AxisExtent(outer: 0, axis: 3, inner: 1), AxisExtent(outer: 1, axis: 1, inner: 1),
      AxisExtent(outer: 2, axis: 5, inner: 3), AxisExtent(outer: 1, axis: 2, inner: 9),
      AxisExtent(outer: 20, axis: 100, inner: 1), AxisExtent(outer: 4, axis: 10, inner: 7),
    ]
}
