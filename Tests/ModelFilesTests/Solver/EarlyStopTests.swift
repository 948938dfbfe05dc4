import Expressions
import ModelFiles
import ModelOracles
import Oracles
import Testing

@Suite("Early stops")
struct EarlyStopTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let values: [Double]
    var greater = false
    var patience = 2
    var difference = 0.0
    /// The test after which training ends, counted from 0.
    let end: Int?
    var testDescription: String { "\(values), patience \(patience), min_delta \(difference)" }
  }

  @Test(
    "end a training that does not improve",
    arguments: [
      Case(values: [5, 4, 3, 2, 1], end: nil),
      Case(values: [5, 4, 4, 4, 1], end: 3),
      Case(values: [5, 6, 4, 6, 3, 6, 2], end: nil),
      Case(values: [5, 5], patience: 1, end: 1),
      Case(values: [1, 2, 3, 3, 3], greater: true, end: 4),
      Case(values: [1, 0.9, 1.1, 0.9, 0.9], greater: true, end: 4),
      Case(values: [5, 4.9, 4.8, 4.7], difference: 0.5, end: 2),
      Case(values: [5, 4.25, 3.5, 2.75], difference: 0.5, end: nil),
      Case(values: [.nan, .nan], end: 1),
      Case(values: [.nan, 1, .nan, 0.5, .infinity, .nan], end: 5),
    ])
  func end(test: Case) {
    var rule = EarlyStop()
    (rule.patience, rule.leastDifference) = (test.patience, test.difference)
    var state = EarlyStop.State()
    let end = test.values.firstIndex {
      state.observe($0, isBetterWhenGreater: test.greater, rule)
    }
    #expect(end == test.end)
  }
}
