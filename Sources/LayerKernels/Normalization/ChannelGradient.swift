internal import Functions
package import Kernels

/// result[c] = Σ of a term over all elements of channel c, the gradient of a channel-wise
/// parameter.
///
/// Sums are in double precision, in eight parts with a fixed order.
///
/// - Parameter x: the input. The term `gradient` does not read it; `dy` may then take its place.
package func channelGradient(
  _ term: ChannelGradientTerm, dy: FloatView, x: FloatView, to result: FloatView,
  _ extent: ChannelExtent
) -> some Kernel {
  let (dy, x) = (dy.checked(extent.count), x.checked(extent.count))
  let result = result.checked(extent.numberCount)
  return PreparedLoop {
    switch term {
    case .gradient: sum(to: result, extent) { dy.load(part: $0, count: $1) }
    case .product:
      sum(to: result, extent) { x.load(part: $0, count: $1) * dy.load(part: $0, count: $1) }
    case .negativeProduct:
      let zero = SIMD8<Float>(repeating: 0)
      sum(to: result, extent) {
        let (x, dy) = (x.load(part: $0, count: $1), dy.load(part: $0, count: $1))
        return (x * dy).replacing(with: zero, where: x .> zero)
      }
    }
  }
}

/// Sums the terms of all channels.
///
/// - Parameter term: returns up to eight terms from a place, and 0 beyond them.
@inline(__always)
private func sum(
  to result: FloatView, _ extent: ChannelExtent,
  _ term: (_ place: Int, _ count: Int) -> SIMD8<Float>
) {
  let runs = extent.runs
  let groups = extent.isOfExample ? runs.examples : 1
  let examples = extent.isOfExample ? 1 : runs.examples
  let stride = runs.channels &* runs.positions
  for group in 0..<groups {
    for block in 0..<runs.blocks {
      let first = group &* stride &+ block &* runs.positions &* runs.width
      let number = group &* runs.channels &+ block &* runs.width
      if runs.width == 1 {
        // One channel, whose positions are adjacent.
        var sums = SIMD8<Double>(repeating: 0)
        for example in 0..<examples {
          var position = 0
          while position < runs.positions {
            let place = first &+ example &* stride &+ position
            sums += SIMD8<Double>(term(place, min(8, runs.positions &- position)))
            position &+= 8
          }
        }
        result[number] = Float(sums.pairwiseSum)
        continue
      }
      // Adjacent channels, eight at a time.
      var lane = 0
      while lane < runs.width {
        let lanes = min(8, runs.width &- lane)
        var sums = SIMD8<Double>(repeating: 0)
        for example in 0..<examples {
          for position in 0..<runs.positions {
            let place = first &+ example &* stride &+ position &* runs.width &+ lane
            sums += SIMD8<Double>(term(place, lanes))
          }
        }
        for index in 0..<lanes { result[number &+ lane &+ index] = Float(sums[index]) }
        lane &+= 8
      }
    }
  }
}

extension View where Element == Float {
  /// Loads up to eight elements from `index`. The other lanes are 0.
  @inline(__always)
  fileprivate func load(part index: Int, count: Int) -> SIMD8<Float> {
    guard count < 8 else { return load8(index) }
    var part = SIMD8<Float>(repeating: 0)
    for place in 0..<count { part[place] = self[index &+ place] }
    return part
  }
}
