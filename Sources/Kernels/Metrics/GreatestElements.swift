/// The greatest elements along an axis: their places, their values, or both.
///
/// Of equal elements the first comes first, or the last. A NaN is greater than any number, as in PyTorch, so that it does not hide.
package struct GreatestElements: Kernel {
  package enum Result: Sendable, Hashable {
    case places
    case values
    /// First all places, then all values.
    case both
  }

  private let x: FloatView
  private let extent: AxisExtent
  private let count: Int
  private let result: Result
  private let takesLast: Bool
  private let y: FloatView
  /// The places found so far, in order.
  private let found: FloatView

  /// - Parameters:
  ///   - count: how many; at most the axis has.
  ///   - takesLast: of equal elements the last comes first.
  ///   - found: memory for `count` numbers.
  package init(
    _ count: Int, of x: FloatView, _ extent: AxisExtent, _ result: Result,
    takesLast: Bool = false, to y: FloatView, found: FloatView
  ) {
    precondition(count <= extent.axis, "more greatest elements than there are")
    self.x = x.checked(extent.count)
    self.extent = extent
    self.count = count
    self.result = result
    self.takesLast = takesLast
    self.y = y.checked(extent.outer * extent.inner * count * (result == .both ? 2 : 1))
    self.found = found.checked(count)
  }

  package func run() {
    let width = count &* (result == .both ? 2 : 1)
    for outer in 0..<extent.outer {
      for inner in 0..<extent.inner {
        let first = outer &* extent.axis &* extent.inner &+ inner
        find(first)
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

  /// Keeps the greatest in order: each element moves up past those that are less.
  @inline(__always)
  private func find(_ first: Int) {
    var kept = 0
    for index in 0..<extent.axis {
      let value = x[first &+ index &* extent.inner]
      if kept == count,
        !comesBefore(value, x[first &+ Int(found[count &- 1]) &* extent.inner])
      {
        continue
      }
      var place = min(kept, count &- 1)
      while place > 0,
        comesBefore(value, x[first &+ Int(found[place &- 1]) &* extent.inner])
      {
        found[place] = found[place &- 1]
        place &-= 1
      }
      found[place] = Float(index)
      kept = min(kept &+ 1, count)
    }
  }

  /// Whether an element comes before one that was met earlier.
  @inline(__always)
  private func comesBefore(_ a: Float, _ b: Float) -> Bool {
    if a.isNaN { return takesLast || !b.isNaN }
    return a > b || (takesLast && a == b)
  }
}
