import Oracles
import RunOracles
import Runs
import Testing
import Training

@Suite("The reporter of warnings") struct WarningReporterTests {
  @Test("reports each warning once, and keeps all of them")
  func once() throws {
    let parts = try RunParts(
      spiralModel(
        network: [
          "name: ip1, type: Linear, num_output: 8, weight_filler: {type: constant, value: 0.1}",
          "name: relu1, type: ReLU", "name: ip2, type: Linear, num_output: 3",
          "name: loss, type: SoftmaxWithLoss",
        ]))
    let reporter = WarningReporter(
      try Doctor(of: parts.trainer), of: parts.trainer, parts.data, beginsWithWeights: false,
      previousModel: nil)
    var kinds: [Warning.Kind] = []
    for _ in 1...2 { reporter.reportNew { kinds.append($0.kind) } }
    #expect(kinds == [.equalWeights])
    #expect(reporter.warnings.map(\.kind) == kinds)
  }
}
