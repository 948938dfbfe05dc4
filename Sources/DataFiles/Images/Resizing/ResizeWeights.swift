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
  /// `taps` weights for each sample of the result. Weights behind the last sample read are 0.
  private(set) var weights: [Int32] = []

  /// The number of fractional bits of a weight.
  static let precision = 22

  /// The range of samples that any sample of the result reads.
  private(set) var read = 0..<0

  /// Computes the weights of the samples `range` of an axis that is resized.
  ///
  /// - Parameters:
  ///   - count: the samples of the axis before.
  ///   - resized: the samples of the whole axis afterwards.
  ///   - isReversed: whether the last sample of `range` comes first.
  mutating func prepare(from count: Int, to resized: Int, _ range: Range<Int>, isReversed: Bool) {
    let scale = Double(count) / Double(resized)
    let support = max(scale, 1)
    // Pillow's own bound: the samples within the support on both sides, and the one in the middle.
    taps = min(2 * Int(support.rounded(.up)) + 1, count)
    starts.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    var (first, last) = (count, 0)
    for index in range {
      let index = isReversed ? range.upperBound - 1 - (index - range.lowerBound) : index
      let center = (Double(index) + 0.5) * scale
      let begin = max(0, Int(center - support + 0.5))
      let end = min(count, Int(center + support + 0.5))
      // The weights of the last samples would begin too late to read `taps` samples.
      let start = min(begin, count - taps)
      append(begin..<end, from: start, center: center, support: support)
      starts.append(start)
      (first, last) = (min(first, start), max(last, start + taps))
    }
    read = first..<last
  }

  /// Appends the weights of one sample of the result.
  ///
  /// - Parameters:
  ///   - samples: the samples within the support.
  ///   - start: the sample of the first weight.
  private mutating func append(
    _ samples: Range<Int>, from start: Int, center: Double, support: Double
  ) {
    func weight(_ sample: Int) -> Double {
      let distance = abs((Double(sample) - center + 0.5) * (1 / support))
      return distance < 1 ? 1 - distance : 0
    }
    var sum = 0.0
    for sample in samples { sum += weight(sample) }
    let unit = Double(1 << ResizeWeights.precision)
    for sample in start..<start + taps {
      let share = samples.contains(sample) && sum != 0 ? weight(sample) / sum : 0
      weights.append(Int32(0.5 + share * unit))
    }
  }
}
