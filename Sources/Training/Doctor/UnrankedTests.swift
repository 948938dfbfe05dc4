internal import ModelFiles
internal import Networks
internal import YAML

/// Warns of tests that cannot be the best, because the deciding value is NaN or a loss is not
/// finite.
enum UnrankedTests {
  /// Returns a warning for each score that excluded tests from the comparison.
  static func warnings(_ model: PreparedModel, _ trainer: Trainer) -> [Warning] {
    let tests = trainer.history.tests
    guard let board = trainer.evaluator?.emptyBoard, !tests.isEmpty else { return [] }
    let obstacles = tests.map { board.obstacle(in: $0.values) }
    return board.names.indices.compactMap { score in
      guard let first = obstacles.firstIndex(of: score) else { return nil }
      let count = obstacles.count { $0 == score }
      let declaration = model.testing.nodes.first { node in
        node.tops.contains { model.testing.blobs[$0].name == board.names[score] }
      }?.declaration
      let consequence =
        trainer.best.isEmpty ? "; dlrun writes no best.safetensors" : ""
      return Warning(
        .unrankedTests, layer: declaration?.name,
        "\(declaration?.subject ?? "network"): 'test_\(board.names[score].quotable)' was "
          + "\(tests[first].values[score].singlePrecision) in \(count) of \(tests.count) tests; such a "
          + "test is never the best\(consequence)",
        at: (declaration?.node ?? model.file.network[0].node).mark)
    }
  }
}
