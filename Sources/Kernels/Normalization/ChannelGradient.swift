/// result[c] = Σ of a term over all elements of channel c: the gradients of channel-wise parameters.
///
/// Sums are of double precision, in eight parts whose order is fixed.
package struct ChannelGradient: Kernel {
  /// What is added up, of dy and x.
  package enum Term: Sendable {
    /// dy: of a bias.
    case gradient
    /// x·dy: of a factor.
    case product
    /// min(x, 0)·dy: of a slope for negative inputs.
    case negativeProduct
  }

  private let term: Term
  private let dy: FloatView
  private let x: FloatView
  private let result: FloatView
  private let extent: ChannelExtent

  /// - Parameter x: not read where the term is the gradient alone, and may then be `dy`.
  package init(
    _ term: Term, dy: FloatView, x: FloatView, to result: FloatView, _ extent: ChannelExtent
  ) {
    self.term = term
    self.dy = dy.checked(extent.count)
    self.x = x.checked(extent.count)
    self.result = result.checked(extent.numberCount)
    self.extent = extent
  }

  package func run() {
    let (dy, x) = (dy, x)
    switch term {
    case .gradient: sum { dy.load(part: $0, count: $1) }
    case .product: sum { x.load(part: $0, count: $1) * dy.load(part: $0, count: $1) }
    case .negativeProduct:
      let zero = SIMD8<Float>(repeating: 0)
      sum {
        let (x, dy) = (x.load(part: $0, count: $1), dy.load(part: $0, count: $1))
        return (x * dy).replacing(with: zero, where: x .> zero)
      }
    }
  }

  /// - Parameter term: of up to eight elements from a place on; 0 beyond them.
  @inline(__always)
  private func sum(_ term: (_ place: Int, _ count: Int) -> SIMD8<Float>) {
    let runs = extent.runs
    let groups = extent.isOfExample ? runs.examples : 1
    let examples = extent.isOfExample ? 1 : runs.examples
    for group in 0..<groups {
      let start = group &* runs.channels &* runs.positions
      for block in 0..<runs.blocks {
        let first = start &+ block &* runs.positions &* runs.width
        let number = group &* runs.channels &+ block &* runs.width
        if runs.width == 1 {
          result[number] = rowSum(first: first, examples: examples, term)
        } else {
          sumLanes(first: first, number: number, examples: examples, term)
        }
      }
    }
  }

  /// The sum of one channel, whose positions lie together.
  @inline(__always)
  private func rowSum(
    first: Int, examples: Int, _ term: (_ place: Int, _ count: Int) -> SIMD8<Float>
  ) -> Float {
    let (positions, stride) = (extent.runs.positions, extent.runs.channels &* extent.runs.positions)
    var sums = SIMD8<Double>(repeating: 0)
    for example in 0..<examples {
      var position = 0
      while position < positions {
        let place = first &+ example &* stride &+ position
        sums += SIMD8<Double>(term(place, min(8, positions &- position)))
        position &+= 8
      }
    }
    return Float(sums.sum())
  }

  /// The sums of channels that lie together, eight at a time.
  @inline(__always)
  private func sumLanes(
    first: Int, number: Int, examples: Int,
    _ term: (_ place: Int, _ count: Int) -> SIMD8<Float>
  ) {
    let runs = extent.runs
    let stride = runs.channels &* runs.positions
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

extension View where Element == Float {
  /// The elements from `index` on, `count` of them up to eight, and 0 in the places that remain.
  @inline(__always)
  fileprivate func load(part index: Int, count: Int) -> SIMD8<Float> {
    guard count < 8 else { return load8(index) }
    var part = SIMD8<Float>(repeating: 0)
    for place in 0..<count { part[place] = self[index &+ place] }
    return part
  }
}
