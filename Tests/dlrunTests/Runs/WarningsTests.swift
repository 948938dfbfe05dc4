import Foundation
import Oracles
import Testing

/// Tests the doctor's warnings on the command line.
@Suite struct WarningsTests {
  private static let model = """
    data: {train: {source: moons, points_per_class: 20}}
    network:
      - {name: ip1, type: Linear, num_output: 8, weight_filler: {type: constant, value: 0.5}}
      - {name: tanh1, type: TanH}
      - {name: ip2, type: Linear, num_output: 2}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0, max_iter: 600}
    """

  private static let equal = """
    m.yaml:3:61: warning: layer 'ip1' (Linear): all 16 weights begin as 0.5, so that its 8 units \
    are copies of each other and stay equal during training; try weight_filler: xavier, or msra
        3 |   - {name: ip1, type: Linear, num_output: 8, weight_filler: {type: constant, value: 0.5}}
          |                                                             ^

    """

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(WarningsTests.model, to: "m.yaml")
    return folder
  }

  @Test func areMessagesOnStandardError() throws {
    let folder = try folder()
    let result = try Program.run(["m.yaml", "--output", "run"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.errors.hasPrefix(WarningsTests.equal))
    let rest = result.errors.dropFirst(WarningsTests.equal.count)
    #expect(
      rest.hasPrefix(
        "m.yaml:6:5: warning: layer 'loss' (SoftmaxWithLoss): the loss has not moved in "))
    #expect(rest.split(separator: "\n").count == 3)
    #expect(!result.output.contains("warning"))
    let quiet = try Program.run(["m.yaml", "--output", "quiet", "--quiet"], in: folder)
    #expect(quiet.exitCode == 0)
    #expect(quiet.errors.isEmpty && quiet.output.isEmpty)
  }

  @Test func areInTheRunDirectory() throws {
    let folder = try folder()
    #expect(try Program.run(["m.yaml", "--output", "run", "-q"], in: folder).exitCode == 0)
    let record = try JSONSerialization.jsonObject(with: Data(try folder.bytes("run/run.json")))
    let warnings = try #require((record as? [String: Any])?["warnings"] as? [[String: String]])
    #expect(warnings.map { $0["kind"] } == ["equal_weights", "still_loss"])
    #expect(warnings.map { $0["layer"] } == ["ip1", "loss"])
    #expect(warnings.map { $0["place"] } == ["m.yaml:3:61", "m.yaml:6:5"])
    let page = try folder.text("run/report.html")
    #expect(page.contains("<h2>Warnings</h2>"))
    for warning in warnings {
      let message = try #require(warning["message"]).replacing("'", with: "&#39;")
      #expect(page.contains("</span> \(message)</li>"))
    }
    #expect(!(try folder.text("run/history.csv")).contains("warning"))
  }

  @Test func areOnlyPrintedByTraining() throws {
    let folder = try folder()
    for arguments in [["check"], ["record"], ["verify"], ["time"], ["gradcheck"]] {
      let result = try Program.run(arguments + ["m.yaml"], in: folder)
      #expect(result.exitCode == 0, "\(arguments): \(result.errors)")
      // `verify` still prints the line of the model.
      let lines = result.errors.split(separator: "\n").filter { !$0.hasPrefix("m.yaml: same, ") }
      #expect(lines.isEmpty, "\(arguments): \(lines)")
      #expect(!result.output.contains("warning"), "\(arguments)")
    }
  }
}
