import Oracles
import RunOracles
import Runs
import Testing
import Training

@Suite("A loss that does not move") struct StagnantLossTests {
  private static let network = [
    "name: ip1, type: Linear, num_output: 8", "name: tanh1, type: TanH",
    "name: ip2, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
  ]

  private func told(
    _ solver: String, _ network: [String] = network, batchSize: Int = 16
  ) throws -> [String] {
    let train = "{source: spiral, points_per_class: 20, batch_size: \(batchSize)}"
    let text = spiralModel(train: train, network: network, solver: solver)
    return try warnings(of: text).filter { $0.kind == .stagnantLoss }.map { warning in
      #expect(warning.layer == "loss")
      return warning.text
    }
  }

  /// An epoch has four batches, so that a stretch has 13 epochs with 52 updates.
  @Test(
    "is reported after ten stretches, and at the end of a run of three",
    arguments: [(1000, 520), (530, 520), (520, 520), (519, 468), (156, 156)])
  func still(length: Int, seen: Int) throws {
    let told = try told("base_lr: 0, max_iter: \(length)")
    #expect(told.count == 1)
    let start = """
      model.yaml:9:5: warning: layer 'loss' (SoftmaxWithLoss): the loss has not moved in \(seen) \
      updates (mean 1.
      """
    #expect(told.first?.hasPrefix(start) == true, "\(told)")
    let end = """
       of the last 52), so that the network does not learn; try another base_lr, other weight \
      fillers, or look for frozen or dead layers
          9 |   - {name: loss, type: SoftmaxWithLoss}
            |     ^
      """
    #expect(told.first?.hasSuffix(end) == true, "\(told)")
  }

  @Test(
    "is reported for rates that are too small",
    arguments: [
      "base_lr: 1e-7, momentum: 0.9, max_iter: 600", "base_lr: 0, max_iter: 600, iter_size: 3",
      "type: Adam, base_lr: 1e-8, max_iter: 600",
      "base_lr: 0, max_iter: 700, warmup: {length: 100}",
    ])
  func slow(solver: String) throws {
    #expect(try told(solver).count == 1)
  }

  /// A stretch has ten rows of the history, which are 200 updates.
  @Test("is reported later for a history with few rows")
  func sparse() throws {
    let told = try told("base_lr: 0, max_iter: 3000, display: 20", batchSize: 60)
    #expect(
      told.first?.contains("has not moved in 2000 updates (mean 1.26 of the first 200,") == true)
    #expect(try self.told("base_lr: 0, max_iter: 599, display: 20", batchSize: 60) == [])
  }

  @Test(
    "is not reported if it moves, or if the history is too short",
    arguments: [
      "base_lr: 0.1, max_iter: 1000", "base_lr: 0.001, max_iter: 1000",
      "base_lr: 5, max_iter: 1000",
      // The run has fewer than three stretches after its warm-up.
      "base_lr: 0, max_iter: 155", "base_lr: 0, max_iter: 220, warmup: {length: 100}",
    ])
  func moving(solver: String) throws {
    #expect(try told(solver) == [])
  }

  /// The loss reaches its minimum within a few updates of the first stretch.
  @Test("is not reported if it fell at once")
  func quick() throws {
    let layers = [
      "name: x, type: Parameter, shape: [1], filler: {type: constant, value: 2}",
      "name: loss, type: Expression, bottom: x, formula: \"x * x + 40\", loss_weight: 1",
    ]
    #expect(try told("base_lr: 0.4, max_iter: 1000", layers, batchSize: 1) == [])
    #expect(try told("base_lr: 0, max_iter: 1000", layers, batchSize: 1).count == 1)
  }

  @Test("is not reported if it began at 0")
  func zero() throws {
    let layers = [
      "name: x, type: Parameter, shape: [1], filler: {type: constant, value: 0}",
      "name: loss, type: Expression, bottom: x, formula: \"x * x\", loss_weight: 1",
    ]
    #expect(try told("base_lr: 0.1, max_iter: 1000", layers, batchSize: 1) == [])
  }

  /// In both cases the loss may have converged before.
  @Test("is not reported for a resumed run, or one that begins with trained weights")
  func trained() throws {
    let folder = try TemporaryFolder()
    let still = spiralModel(
      network: StagnantLossTests.network, solver: "base_lr: 0, max_iter: 100, snapshot: 100")
    try run(still, in: folder, output: "first")
    let longer = still.replacing("max_iter: 100", with: "max_iter: 700")
    #expect(try warnings(of: longer, in: folder) { $0.output = folder.file("new") }.count == 1)
    let begun = try warnings(of: longer, in: folder) {
      $0.weights = folder.file("first/weights.safetensors")
    }
    #expect(begun.map(\.text) == [])
    let resumed = try warnings(of: longer, in: folder) {
      $0.output = nil
      $0.resume = .path(folder.file("first"))
    }
    #expect(resumed.map(\.text) == [])
  }
}
