package import Kernels

/// The k greatest elements along an axis: their places, their values, or both.
///
/// The first of equal elements ranks first, or the last one. A NaN ranks before any number, as in
/// PyTorch, so that it stays visible.
///
/// - Parameters:
///   - count: the number k, at most the extent of the axis.
///   - takesLast: true if the last of equal elements ranks first.
///   - found: memory for `count` numbers.
package func greatestElements(
  _ count: Int, of x: FloatView, _ extent: AxisExtent, _ result: GreatestElementsResult,
  takesLast: Bool = false, to y: FloatView, found: FloatView
) -> some Kernel {
  precondition(count <= extent.axis, "the axis has fewer elements than requested")
  let width = count * (result == .both ? 2 : 1)
  let (x, y) = (x.checked(extent.count), y.checked(extent.outer * extent.inner * width))
  let found = found.checked(count)
  return PreparedLoop {
    for outer in 0..<extent.outer {
      for inner in 0..<extent.inner {
        let first = outer &* extent.axis &* extent.inner &+ inner
        find(count, of: x, first: first, extent, takesLast: takesLast, to: found)
        let target = outer &* width &* extent.inner &+ inner
        for number in 0..<count {
          let value = x[first &+ Int(found[number]) &* extent.inner]
          let place = target &+ number &* extent.inner
          switch result {
          case .places: y[place] = found[number]
          case .values: y[place] = value
          case .both:
            y[place] = found[number]
            y[place &+ count &* extent.inner] = value
          }
        }
      }
    }
  }
}

/// Keeps the places of the greatest elements in order, by insertion.
@inline(__always)
private func find(
  _ count: Int, of x: FloatView, first: Int, _ extent: AxisExtent, takesLast: Bool,
  to found: FloatView
) {
  /// Returns true if an element ranks before an earlier one.
  @inline(__always)
  func comesBefore(_ a: Float, _ earlier: Int) -> Bool {
    let b = x[first &+ Int(found[earlier]) &* extent.inner]
    if a.isNaN { return takesLast || !b.isNaN }
    return a > b || (takesLast && a == b)
  }
  var kept = 0
  for index in 0..<extent.axis {
    let value = x[first &+ index &* extent.inner]
    if kept == count, !comesBefore(value, count &- 1) { continue }
    var place = min(kept, count &- 1)
    while place > 0, comesBefore(value, place &- 1) {
      found[place] = found[place &- 1]
      place &-= 1
    }
    found[place] = Float(index)
    kept = min(kept &+ 1, count)
  }
}
