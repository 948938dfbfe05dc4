internal import Files
internal import Kernels
internal import Networks
internal import Tensors

/// Finds exploding gradients.
///
/// The check compares the norm of the raw gradient of all parameters, divided by `iter_size`, with
/// the median of the first ten inspected updates. Gradients explode when the norm exceeds 100 and
/// 100 times the median, and the loss exceeds the mean of those ten. The condition on the loss
/// excludes the end of a plateau, where gradients grow while the loss falls.
struct GradientNorm {
  /// The norm, the median of the first norms, and the parameter with the greatest gradient.
  struct Finding {
    let norm: Double
    let median: Double
    let parameter: Int
  }

  /// The number of inspected updates that define the usual norm.
  private static let usualCount = 10
  static let factor = 100.0
  static let floor = 100.0

  private let sums: Storage<Double>
  private let kernels: [(parameter: Int, sum: any Kernel)]
  private let iterationSize: Double
  private var norms: [Double] = []
  private var lossSum = 0.0
  private var isReported = false

  /// Allocates the memory.
  ///
  /// - Throws: ``RunFailure/environment(_:)`` when the memory is not available.
  init(_ update: UpdatePlan, count: Int, iterationSize: Int) throws(RunFailure) {
    guard let sums = Storage<Double>(count: count) else {
      throw .environment("not enough memory to inspect \(count) gradients")
    }
    self.sums = sums
    kernels = (0..<count).compactMap { index in
      update.gradient(index).map {
        (index, squareSum(of: $0, to: DoubleView(sums, index..<index + 1)))
      }
    }
    self.iterationSize = Double(iterationSize)
    norms.reserveCapacity(GradientNorm.usualCount)
  }

  /// Inspects the gradients of an update. Nil when they are as usual, or a finding was already
  /// reported.
  mutating func inspect(loss: Double) -> Finding? {
    if isReported { return nil }
    for (_, kernel) in kernels { kernel.run() }
    var squares = 0.0
    for (parameter, _) in kernels { squares += sums[parameter] }
    let norm = squares.squareRoot() / iterationSize
    // The trainer itself reports values that are not finite, and stops.
    guard norm.isFinite else { return nil }
    if norms.count < GradientNorm.usualCount {
      norms.append(norm)
      lossSum += loss
      if norms.count == GradientNorm.usualCount { norms.sort() }
      return nil
    }
    let median = (norms[(norms.count - 1) / 2] + norms[norms.count / 2]) / 2
    guard norm > max(GradientNorm.factor * median, GradientNorm.floor),
      loss > lossSum / Double(norms.count),
      let greatest = kernels.map(\.parameter).max(by: { sums[$0] < sums[$1] })
    else { return nil }
    isReported = true
    return Finding(norm: norm, median: median, parameter: greatest)
  }
}
