internal import Files
internal import Kernels
internal import Networks
internal import Tensors

/// Gradients that grow beyond what they were.
///
/// The norm of the raw gradient of all parameters, divided by `iter_size`, is compared with the median
/// of the first ten that were looked at. Gradients explode where it is more than 100 times that, above
/// 100, and the loss above the mean of those ten: where a flat beginning is left behind, gradients
/// grow while the loss falls.
struct GradientNorm {
  /// The norm, the usual one, and the parameter with the greatest part of it.
  struct Finding {
    let norm: Double
    let median: Double
    let parameter: Int
  }

  /// Looks that tell what is usual.
  private static let usual = 10
  static let factor = 100.0
  static let floor = 100.0

  private let sums: Storage<Double>
  private let kernels: [(parameter: Int, sum: SquareSum)]
  private let iterationSize: Double
  private var norms: [Double] = []
  private var lossSum = 0.0
  private var isTold = false

  /// - Throws: ``RunFailure/environment(_:)`` if the memory is not there.
  init(_ update: UpdatePlan, count: Int, iterationSize: Int) throws(RunFailure) {
    guard let sums = Storage<Double>(count: count) else {
      throw .environment("no memory to look at \(count) gradients")
    }
    self.sums = sums
    kernels = (0..<count).compactMap { index in
      update.gradient(index).map {
        (index, SquareSum(of: $0, to: DoubleView(sums, index..<index + 1)))
      }
    }
    self.iterationSize = Double(iterationSize)
    norms.reserveCapacity(GradientNorm.usual)
  }

  /// Looks at the gradients of an update; nil if they are as usual, or that was told.
  mutating func look(loss: Double) -> Finding? {
    if isTold { return nil }
    for (_, kernel) in kernels { kernel.run() }
    var squares = 0.0
    for (parameter, _) in kernels { squares += sums[parameter] }
    let norm = squares.squareRoot() / iterationSize
    // What is not finite ends the training, and is told then.
    guard norm.isFinite else { return nil }
    if norms.count < GradientNorm.usual {
      norms.append(norm)
      lossSum += loss
      if norms.count == GradientNorm.usual { norms.sort() }
      return nil
    }
    let median = (norms[(norms.count - 1) / 2] + norms[norms.count / 2]) / 2
    guard norm > max(GradientNorm.factor * median, GradientNorm.floor),
      loss > lossSum / Double(norms.count),
      let greatest = kernels.map(\.parameter).max(by: { sums[$0] < sums[$1] })
    else { return nil }
    isTold = true
    return Finding(norm: norm, median: median, parameter: greatest)
  }
}
