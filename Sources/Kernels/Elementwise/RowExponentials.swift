internal import Functions

/// The elements of a run of a softmax whose exponentials are computed together.
private let runLength = 64

/// The greatest of `count` elements from `first`, at a distance of `stride`. NaN elements after the
/// first are passed over.
@inline(__always)
func greatestElement(_ x: FloatView, first: Int, stride: Int, count: Int) -> Float {
  var greatest = x[first]
  var index = 1
  if stride == 1, count >= 16 {
    var lanes = SIMD8<Float>(repeating: greatest)
    index = 0
    while index &+ 8 <= count {
      let values = x.load8(first &+ index)
      lanes.replace(with: values, where: values .>= lanes)
      index &+= 8
    }
    greatest = lanes[0]
    for lane in 1..<8 { greatest = lanes[lane] >= greatest ? lanes[lane] : greatest }
  }
  while index < count {
    let value = x[first &+ index &* stride]
    greatest = value >= greatest ? value : greatest
    index &+= 1
  }
  return greatest
}

/// The greatest elements of at most 64 neighbouring columns along an axis. NaN elements after the
/// first of a column are passed over.
@inline(__always)
func greatestElements(
  _ x: FloatView, first: Int, stride: Int, axis: Int, _ length: Int
) -> InlineArray<64, Float> {
  var greatest = InlineArray<64, Float>(repeating: 0)
  for lane in 0..<length { greatest[lane] = x[first &+ lane] }
  for index in 1..<max(axis, 1) {
    let row = first &+ index &* stride
    for lane in 0..<length {
      let (value, best) = (x[row &+ lane], greatest[lane])
      greatest[lane] = value >= best ? value : best
    }
  }
  return greatest
}

/// Σ x_j·w_j of `count` elements, where w_j is 1 without weights.
///
/// Eight sums of every eighth element run side by side. They are added as ((0 + 4) + (2 + 6)) + ((1
/// + 5) + (3 + 7)). The elements after the last eight follow in order.
@inline(__always)
func rowSum(_ x: FloatView, times w: FloatView? = nil, first: Int, count: Int) -> Float {
  var lanes = SIMD8<Float>(repeating: 0)
  var index = first
  let end = first &+ count
  while index &+ 8 <= end {
    lanes += w.map { $0.load8(index) * x.load8(index) } ?? x.load8(index)
    index &+= 8
  }
  let four = lanes.lowHalf + lanes.highHalf
  let two = four.lowHalf + four.highHalf
  var sum = two[0] + two[1]
  while index < end {
    sum += w.map { $0[index] * x[index] } ?? x[index]
    index &+= 1
  }
  return sum
}

/// Σ e^(x_j − greatest) of `count` contiguous elements, in double precision and in order.
@inline(__always)
func exponentialSum(_ x: FloatView, first: Int, count: Int, greatest: Float) -> Double {
  var run = InlineArray<64, Float>(repeating: 0)
  var (start, sum) = (0, 0.0)
  while start < count {
    let length = min(runLength, count &- start)
    for index in 0..<length {
      run[index] = exponential(x[first &+ start &+ index] - greatest)
    }
    for index in 0..<length { sum += Double(run[index]) }
    start &+= length
  }
  return sum
}

/// Calls `visit` with the start and the length of each piece of at most 64 of `count` columns.
@inline(__always)
func forEachRun(of count: Int, _ visit: (_ start: Int, _ length: Int) -> Void) {
  var start = 0
  while start < count {
    let length = min(runLength, count &- start)
    visit(start, length)
    start &+= length
  }
}
