internal import Functions
package import Kernels
package import Tensors

/// y = x + std·N(0, 1) with an independent number for every element.
///
/// x and y may be the same memory.
///
/// - Parameters:
///   - step: memory that holds the number of the step when the kernel runs.
///   - order: the indices of the elements, from which the numbers are drawn.
package func addGaussianNoise(
  _ x: FloatView, to y: FloatView, _ stream: RandomStream, step: View<Int>, deviation: Double,
  _ order: LogicalOrder
) -> some Kernel {
  let (x, y) = (x.checked(order.count), y.checked(order.count))
  let (step, deviation, numbers) = (step.checked(1), Float(deviation), NormalNumbers())
  return PreparedLoop {
    let stream = stream.step(step[0])
    if let runs = order.runs {
      order.forEachRun(runs) { first, start in
        for channel in 0..<runs.width {
          numbers.draw(stream, first &+ channel &* runs.positions, runs.positions) {
            let place = start &+ $0 &* runs.width &+ channel
            y[place] = x[place] + deviation * $1
          }
        }
      }
    } else {
      numbers.draw(stream, order.first, order.count) { y[$0] = x[$0] + deviation * $1 }
    }
  }
}

/// Normal numbers in single precision, 64 at a time.
///
/// Four numbers belong to each block of the random stream: √(−2 ln u)·cos(2πv) and √(−2 ln u)·sin(2πv)
/// of the words 0 and 1, and of the words 2 and 3. The magnitude of a number is at most 6.7.
///
/// Reference: G. E. P. Box, M. E. Muller, "A note on the generation of random normal deviates",
/// 1958.
private struct NormalNumbers: Sendable {
  private static let count = 64

  /// The numbers in order, and before that the even and odd words of the blocks and the numbers of
  /// each lane.
  private let numbers: FloatView
  private let lanes: FloatView
  private let words: View<UInt32>
  private let memory: (FloatStorage, FloatStorage, Storage<UInt32>)

  init() {
    guard let numbers = FloatStorage(count: NormalNumbers.count),
      let lanes = FloatStorage(count: NormalNumbers.count),
      let words = Storage<UInt32>(count: NormalNumbers.count)
    else { preconditionFailure("no memory for 64 random numbers") }
    memory = (numbers, lanes, words)
    self.numbers = FloatView(numbers)
    self.lanes = FloatView(lanes)
    self.words = View(words)
  }

  /// Calls `body` with 0 to `count` − 1 and the numbers from index `first`.
  @inline(__always)
  func draw(
    _ stream: RandomStream, _ first: Int, _ count: Int, _ body: (_ offset: Int, Float) -> Void
  ) {
    var offset = 0
    while offset < count {
      let lane = (first &+ offset) & (NormalNumbers.count &- 1)
      fill(stream.words(from: (first &+ offset &- lane) &>> 2))
      let length = min(NormalNumbers.count &- lane, count &- offset)
      for index in 0..<length { body(offset &+ index, numbers[lane &+ index]) }
      offset &+= length
    }
  }

  private func fill(_ blocks: Philox.Blocks) {
    for lane in 0..<16 {
      words[lane] = blocks.first[lane]
      words[16 &+ lane] = blocks.third[lane]
      words[32 &+ lane] = blocks.second[lane]
      words[48 &+ lane] = blocks.fourth[lane]
    }
    for lane in 0..<32 {
      // u is in (0, 1], and v in [0, 1). A signed integer has a vector conversion.
      let u = (Float(Int32(truncatingIfNeeded: words[lane] >> 1)) + 0.5) * 0x1p-31
      let angle = Float(Int32(truncatingIfNeeded: words[32 &+ lane] >> 8)) * (2 * .pi * 0x1p-24)
      let radius = (-2 * logarithm(u)).squareRoot()
      lanes[lane] = radius * moderateCosine(angle)
      lanes[32 &+ lane] = radius * moderateSine(angle)
    }
    for block in 0..<16 {
      numbers[4 &* block] = lanes[block]
      numbers[4 &* block &+ 1] = lanes[32 &+ block]
      numbers[4 &* block &+ 2] = lanes[16 &+ block]
      numbers[4 &* block &+ 3] = lanes[48 &+ block]
    }
  }
}
