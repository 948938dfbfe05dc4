import DataSources
import Expressions
import Files
import Layers
import Networks
import Oracles
import RunOracles
import Testing
import Training
import YAML

@Suite("Batches of one value per channel") struct SingleValueBatchesTests {
  private static let network = [
    "name: ip1, type: Linear, num_output: 4", "name: bn, type: BatchNorm",
    "name: ip2, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
    "name: accuracy, type: Accuracy, phase: test",
  ]

  private static func model(
    points: Int = 20, batchSize: Int, norm: String = "", form: String = "max_epochs: 2",
    test: String? = nil
  ) -> String {
    var network = network
    network[1] += norm
    return spiralModel(
      train: "{source: spiral, points_per_class: \(points), batch_size: \(batchSize)}",
      test: test, network: network, solver: "base_lr: 0.1, \(form)")
  }

  private static func refusal(
    _ phase: String, _ cause: String, layer: String = "bn, type: BatchNorm", line: Int = 7
  ) -> String {
    """
    model.yaml:\(line):5: error: layer 'bn' (BatchNorm): every \(phase) batch has one value per channel (\(cause)), which has no variance; expected at least 2 values: set a larger batch_size, or use a layer that normalizes each example, such as LayerNorm
        \(line) |   - {name: \(layer)}
          |     ^
    """
  }

  @Test(
    "are refused if they are the only batches, in either form", arguments: ["", ", form: caffe"])
  func refused(norm: String) {
    let text = SingleValueBatchesTests.model(batchSize: 1, norm: norm)
    #expect(
      mistakes(in: text)
        == SingleValueBatchesTests.refusal(
          "train", "batch_size is 1", layer: "bn, type: BatchNorm\(norm)"))
  }

  @Test("are refused in tests that use the statistics of the batch")
  func refusedInTests() {
    let norm = ", use_global_stats: false"
    let text = SingleValueBatchesTests.model(
      batchSize: 4, norm: norm, test: "{source: spiral, points_per_class: 4, batch_size: 1}")
    #expect(
      mistakes(in: text)
        == SingleValueBatchesTests.refusal(
          "test", "batch_size is 1", layer: "bn, type: BatchNorm\(norm)", line: 8))
  }

  @Test("are accepted with running statistics or with several positions")
  func accepted() throws {
    #expect(
      mistakes(in: SingleValueBatchesTests.model(batchSize: 1, norm: ", use_global_stats: true"))
        == "")
    var network = SingleValueBatchesTests.network
    network.insert("name: image, type: Reshape, shape: [0, 2, 2]", at: 1)
    let text = spiralModel(
      train: "{source: spiral, points_per_class: 20, batch_size: 1}", network: network,
      solver: "base_lr: 0.1, max_iter: 3")
    #expect(mistakes(in: text) == "")
    // A test of single examples uses the running statistics.
    #expect(
      mistakes(
        in: SingleValueBatchesTests.model(
          batchSize: 4, test: "{source: spiral, points_per_class: 4, batch_size: 1}")) == "")
  }

  @Test("are refused after reading a table with one example")
  func oneExample() throws {
    let folder = try TemporaryFolder()
    try folder.write("a,b,label\n1,2,x\n", to: "t.csv")
    let text = spiralModel(
      train: "{source: csv, file: t.csv, target: label, batch_size: 4, classes: [x, y, z]}",
      network: SingleValueBatchesTests.network, solver: "base_lr: 0.1, max_iter: 3")
    #expect(
      failure(of: text, in: folder).replacing("\(folder.path)/", with: "")
        == SingleValueBatchesTests.refusal("train", "the data have 1 example"))
  }

  @Test("lead to a warning before the first update if only the last batch is affected")
  func warned() throws {
    let told = try warnings(of: SingleValueBatchesTests.model(batchSize: 59))
    #expect(told.map(\.kind) == [.singleValues])
    #expect(told.first?.layer == "bn")
    #expect(
      told.first?.text == """
        model.yaml:7:5: warning: layer 'bn' (BatchNorm): the last train batch of an epoch has one value per channel (60 examples in batches of 59), which has no variance: it is normalized to 0, and left out of the running averages; try another batch_size
            7 |   - {name: bn, type: BatchNorm}
              |     ^
        """)
    #expect(try warnings(of: SingleValueBatchesTests.model(batchSize: 58)).isEmpty)
    #expect(
      try warnings(
        of: SingleValueBatchesTests.model(batchSize: 59, norm: ", use_global_stats: true")
      ).isEmpty)
  }

  /// Returns the running statistics after each update.
  private static func statistics(_ text: String) throws -> [[String: [Float]]] {
    let trainer = try trainer(text)
    var seen: [[String: [Float]]] = []
    _ = trainer.run { _ in
      var values: [String: [Float]] = [:]
      for (index, parameter) in trainer.store.parameters.enumerated()
      where parameter.declaration.role == .statistic {
        values[parameter.declaration.name] = trainer.store.rowMajor(index)
      }
      seen.append(values)
      return true
    }
    return seen
  }

  @Test(
    "leave the running statistics unchanged, with slices too",
    arguments: ["", ", form: caffe"], ["max_epochs: 2", "max_epochs: 2, shards: 3"])
  func excluded(norm: String, solver: String) throws {
    let seen = try SingleValueBatchesTests.statistics(
      SingleValueBatchesTests.model(batchSize: 59, norm: norm, form: solver))
    #expect(seen.count == 4)
    #expect(seen[1] == seen[0] && seen[3] == seen[2])
    #expect(seen[2] != seen[1])
    #expect(seen[0].values.allSatisfy { $0.allSatisfy { $0.isFinite } })
  }

  /// With a rate of 0 the batches of both epochs have the same moments, and only the weights of the
  /// batches differ.
  @Test("short last batches have the weight of their examples, also in Caffe's form")
  func weights() throws {
    func means(_ batchSize: Int, _ norm: String) throws -> [Float] {
      let text = SingleValueBatchesTests.model(
        batchSize: batchSize, norm: norm, form: "max_epochs: 1"
      ).replacing("base_lr: 0.1", with: "base_lr: 0")
      return try SingleValueBatchesTests.statistics(text).compactMap { $0["running_mean"]?.first }
    }
    // The batches have 40 and 20 examples. A full batch leaves r = 0.1·m.
    let parts = try means(40, "")
    let whole = try means(60, "")
    let (first, second) = (Double(parts[0]), Double(parts[1]))
    let mean = Double(whole[0]) * 10
    // The mean over all examples is (2·m₁ + m₂)/3.
    let ofFirst = first * 10
    let ofSecond = 3 * mean - 2 * ofFirst
    #expect(abs(second - (0.95 * first + 0.05 * ofSecond)) < 1e-6 * max(1, abs(second)))
    let caffe = try means(40, ", form: caffe").map(Double.init)
    #expect(abs(caffe[1] - (0.9 * ofFirst + ofSecond) / 1.9) < 1e-6 * max(1, abs(caffe[1])))
  }

  @Test(
    "are refused by layers that normalize each example",
    arguments: [
      ("LayerNorm", [2, 1]), ("{type: LayerNorm, axis: 2}", [2, 5, 1]),
      ("{type: GroupNorm, num_groups: 4}", [2, 4]),
      ("{type: GroupNorm, num_groups: 4}", [2, 4, 1]),
      ("MVN", [2, 3]), ("{type: MVN, normalize_variance: false}", [2, 3, 1]),
      ("{type: MVN, across_channels: true}", [2, 1]),
    ])
  func rows(yaml: String, axes: [Int]) throws {
    let name = yaml.hasPrefix("{") ? String(yaml.dropFirst().dropLast()) : "type: \(yaml)"
    let text = spiralModel(
      network: [
        "name: ip1, type: Linear, num_output: \(axes.dropFirst().reduce(1, *))",
        "name: image, type: Reshape, shape: \([0] + axes.dropFirst())", "name: norm, \(name)",
        "name: ip2, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
      ])
    let type = String(name.dropFirst(6).prefix { $0 != "," })
    #expect(
      mistakes(in: text).hasPrefix(
        "model.yaml:8:5: error: layer 'norm' (\(type)): each mean covers only one value, so that "
          + "the result is always 0; expected at least 2 values to normalize; received "))
  }
}
