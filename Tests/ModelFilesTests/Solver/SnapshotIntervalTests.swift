import ModelFiles
import ModelOracles
import Oracles
import Solvers
import Testing
import YAML

@Suite("The interval between two checkpoints")
struct SnapshotIntervalTests {
  private func text(_ field: String) -> String {
    """
    data: {train: {source: spiral}}
    network: [{name: ip, type: Linear, num_output: 3}, {name: loss, type: SoftmaxWithLoss}]
    solver: {base_lr: 1, max_iter: 5\(field)}

    """
  }

  @Test(
    "is a length, or a name",
    arguments: [
      ("", .automatic), (", snapshot: ~", .automatic), (", snapshot: auto", .automatic),
      (", snapshot: AUTO", .automatic), (", snapshot: none", .never),
      (", snapshot: 500", .every(.iterations(500))), (", snapshot: 2 epochs", .every(.epochs(2))),
    ] as [(String, SnapshotInterval)])
  func values(field: String, expected: SnapshotInterval) throws {
    let file = try model(text(field))
    #expect(file.solver.snapshot == expected)
    #expect(try model(file.resolved().yaml).solver.snapshot == expected)
    #expect(file.solver.writesCheckpoints == (expected.duration != nil))
  }

  @Test(
    "refuses other values",
    arguments: [
      ("0", "received '0'"), ("off", "received 'off'"), ("10 minutes", "received '10 minutes'"),
      ("[1]", "received a list of 1"), ("-5", "received '-5'"),
      ("auot", "received 'auot'; did you mean 'auto'?"),
    ])
  func refusals(value: String, received: String) {
    #expect(
      headlines(in: text(", snapshot: \(value)")) == [
        "model.yaml:3:45: error: snapshot: expected auto, none, a number of iterations from 1 to "
          + "1000000000000, or a text such as '10 epochs', \(received)"
      ])
  }
}
