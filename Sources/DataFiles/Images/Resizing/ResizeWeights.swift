/// The weights of the samples of one axis, for each sample of the resized axis.
///
/// The filter is a triangle whose half width is the factor of the reduction, and at least 1. A
/// weight is a multiple of 2⁻²², as in Pillow: the same operations in the same order give the same
/// bits.
struct ResizeWeights: Sendable {
  /// The first sample that a sample of the result reads.
  private(set) var starts: [Int] = []
  /// The number of samples that each sample of the result reads.
  private(set) var taps = 0
  /// `taps` weights for each sample of the result. Some at the end may be 0.
  private(set) var weights: [Int32] = []
  /// The range of samples that any sample of the result reads.
  private(set) var read = 0..<0

  /// The number of fractional bits of a weight.
  static let precision = 22

  /// Computes the weights of the samples `range` of an axis that is resized.
  ///
  /// - Parameters:
  ///   - count: the samples of the axis before.
  ///   - resized: the samples of the whole axis afterwards.
  ///   - isReversed: whether the last sample of `range` comes first.
  mutating func prepare(from count: Int, to resized: Int, _ range: Range<Int>, isReversed: Bool) {
    let axis = Axis(count: count, resized: resized)
    taps = 1
    for index in range { taps = max(taps, axis.samples(index).count) }
    starts.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    var (first, last) = (count, 0)
    for place in range {
      let index = isReversed ? range.upperBound - 1 - (place - range.lowerBound) : place
      let samples = axis.samples(index)
      // All of the `taps` samples lie within the axis.
      let start = min(samples.lowerBound, count - taps)
      (first, last) = (min(first, start), max(last, start + taps))
      starts.append(start)
      append(samples, from: start, axis, index)
    }
    read = first..<last
  }

  /// Appends the weights of one sample of the result, the first for the sample `start`.
  private mutating func append(_ samples: Range<Int>, from start: Int, _ axis: Axis, _ index: Int) {
    var sum = 0.0
    for sample in samples { sum += axis.weight(sample, index) }
    let unit = Double(1 << ResizeWeights.precision)
    for sample in start..<start + taps {
      let share = samples.contains(sample) ? axis.weight(sample, index) / sum : 0
      weights.append(Int32(0.5 + share * unit))
    }
  }

  /// The filter along an axis.
  private struct Axis {
    let count: Int
    let scale: Double
    /// The half width of the triangle, in samples.
    let support: Double

    init(count: Int, resized: Int) {
      self.count = count
      scale = Double(count) / Double(resized)
      support = max(scale, 1)
    }

    private func center(_ index: Int) -> Double { (Double(index) + 0.5) * scale }

    /// Returns the weight of a sample before all weights are divided by their sum.
    func weight(_ sample: Int, _ index: Int) -> Double {
      let distance = abs((Double(sample) - center(index) + 0.5) * (1 / support))
      return distance < 1 ? 1 - distance : 0
    }

    /// Returns the samples whose weight is above 0.
    func samples(_ index: Int) -> Range<Int> {
      let center = center(index)
      var first = max(0, Int(center - support + 0.5))
      var end = min(count, Int(center + support + 0.5))
      while first < end - 1, weight(first, index) == 0 { first += 1 }
      while end - 1 > first, weight(end - 1, index) == 0 { end -= 1 }
      return first..<end
    }
  }
}
