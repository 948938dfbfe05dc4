import Foundation
import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Local response") struct LocalResponseTests {
  private static func naive(_ window: ResponseWindow, _ x: [Double]) -> [Double] {
    let (channels, height, width) = (window.channels, window.height, window.width)
    let reach = window.size / 2
    func near(_ index: Int, _ extent: Int) -> Range<Int> {
      max(0, index - reach)..<min(extent, index + reach + 1)
    }
    func at(_ example: Int, _ channel: Int, _ row: Int, _ column: Int) -> Double {
      x[((example * channels + channel) * height + row) * width + column]
    }
    var result: [Double] = []
    for example in 0..<window.examples {
      for channel in 0..<channels {
        for row in 0..<height {
          for column in 0..<width {
            var sum = 0.0
            switch window.region {
            case .acrossChannels:
              for other in near(channel, channels) {
                sum += pow(at(example, other, row, column), 2) / Double(window.size)
              }
            case .withinChannel:
              for otherRow in near(row, height) {
                for other in near(column, width) {
                  sum +=
                    pow(at(example, channel, otherRow, other), 2)
                    / pow(Double(window.size), 2)
                }
              }
            }
            result.append(
              at(example, channel, row, column)
                * pow(window.k + window.alpha * sum, -window.beta))
          }
        }
      }
    }
    return result
  }

  @Test(
    "agrees with the formula, and its gradient with differences, for random shapes", .tags(.slow),
    arguments: [false, true])
  func randomShapes(within: Bool) {
    var numbers = SeededNumbers(seed: within ? 406 : 407)
    for _ in 0..<200 {
      let window = ResponseWindow(
        within ? .withinChannel : .acrossChannels, examples: Int.random(in: 1...2, using: &numbers),
        channels: Int.random(in: 1...(within ? 2 : 5), using: &numbers),
        height: within ? Int.random(in: 1...3, using: &numbers) : 1,
        width: Int.random(in: 1...(within ? 11 : 9), using: &numbers),
        size: [1, 3, 5, 9][Int.random(in: 0..<4, using: &numbers)], alpha: 1.5,
        beta: [0.75, 0.5, 1][Int.random(in: 0..<3, using: &numbers)], k: 1.25)
      let count = window.examples * window.channels * window.height * window.width
      let (x, dy) = (numbers.floats(count, in: -2...2), numbers.floats(count))
      let (source, gradient) = (GuardedMemory(x), GuardedMemory(dy))
      let results = (0..<4).map { _ in GuardedMemory<Float>(count: count) }
      run(localResponse(window, source.view, to: results[0].view, scale: results[1].view))
      run(
        localResponseGradient(
          window, source.view, y: results[0].view, scale: results[1].view, dy: gradient.view,
          ratio: results[2].view, to: results[3].view), holding: gradient)
      let exact = x.map(Double.init)
      #expect(
        difference(results[0].values, LocalResponseTests.naive(window, exact)) == nil, "\(window)")
      let expected = numericGradient(at: exact, weights: dy.map(Double.init)) {
        LocalResponseTests.naive(window, $0)
      }
      #expect(difference(results[3].values, expected, 1e-4) == nil, "\(window)")
      #expect(results.allSatisfy(\.isIntact) && source.values == x)
    }
  }
}
