import Expressions
import Foundation
import ModelFiles
import Oracles
import Testing

/// Tests numbers at and beyond every limit, in every numeric field.
///
/// dlrun must run the model or refuse the number. It must neither trap nor use another number.
@Suite struct NumbersTests {
  private static let model = """
    name: numbers
    seed: 1
    data:
      train: {source: blobs, batch_size: 8, points_per_class: 10, class_count: 3, features: 3,
              deviation: 1, classes: 3}
    network:
      - name: ip1
        type: Linear
        num_output: 6
        weight_filler: {type: gaussian, mean: 0, std: 1}
        bias_filler: {type: constant, value: 0}
        param: [{lr_mult: 1, decay_mult: 1}]
      - {name: relu1, type: ReLU, negative_slope: 0}
      - {name: ip2, type: Linear, num_output: 3, weight_filler: {type: uniform, min: -1, max: 1}}
      - {name: flat, type: Flatten, axis: 1, end_axis: -1}
      - {name: loss, type: SoftmaxWithLoss, axis: 1, loss_weight: 1}
    solver:
      base_lr: 0.1
      momentum: 0.9
      weight_decay: 0.01
      clip_gradients: 5
      iter_size: 1
      max_iter: 6
      test_interval: 2
      display: 1
      shards: 2
      lr_policy: {type: step, gamma: 0.5, stepsize: 2}
    """

  private static let fields = [
    "seed", "data.train.batch_size", "data.train.points_per_class", "data.train.class_count",
    "data.train.features", "data.train.deviation", "data.train.classes",
    "network.ip1.num_output", "network.ip1.weight_filler.mean", "network.ip1.weight_filler.std",
    "network.ip1.bias_filler.value", "network.ip1.param.0.lr_mult",
    "network.ip1.param.0.decay_mult", "network.relu1.negative_slope",
    "network.ip2.weight_filler.min", "network.ip2.weight_filler.max", "network.flat.axis",
    "network.flat.end_axis", "network.loss.axis", "network.loss.loss_weight", "solver.base_lr",
    "solver.momentum", "solver.weight_decay", "solver.clip_gradients", "solver.iter_size",
    "solver.max_iter", "solver.test_interval", "solver.display", "solver.shards",
    "solver.lr_policy.gamma", "solver.lr_policy.stepsize",
  ]

  private static let numbers = [
    "0", "-1", "1", "3", "0.5", "1e30", "1e31", "1e-320", "2147483648", "99999999999",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808",
  ]

  private static let others = [".nan", ".inf", "-.inf", "text", "[1, 2]", "{a: 1}"]

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(NumbersTests.model, to: "numbers.yaml")
    return folder
  }

  /// Returns the value at `path`, whose parts are keys, item names or indices.
  private func value(at path: String, of document: Any) -> Any? {
    path.split(separator: ".").reduce(document as Any?) { part, key in
      if let mapping = part as? [String: Any] { return mapping[String(key)] }
      guard let items = part as? [Any] else { return nil }
      if let index = Int(key) { return items[index] }
      return items.first { ($0 as? [String: Any])?["name"] as? String == String(key) }
    }
  }

  @Test(.tags(.slow), arguments: fields)
  func areUsedExactlyOrRefused(field: String) throws {
    let folder = try folder()
    var refusals = 0
    for number in NumbersTests.numbers {
      let result = try Program.run(
        ["expand", "--json", "numbers.yaml", "--set", "\(field)=\(number)"], in: folder)
      guard result.exitCode == 0 else {
        refusals += 1
        #expect(result.exitCode == 1, "\(number): \(result.errors)")
        #expect(result.errors.contains("error: "), "\(number)")
        continue
      }
      let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
      let taken = try #require(value(at: field, of: document) as? NSNumber, "\(number)")
      #expect(taken.doubleValue == Double(number), "\(number) became \(taken)")
    }
    #expect((1..<NumbersTests.numbers.count).contains(refusals))
  }

  @Test(.tags(.slow), arguments: fields)
  func rejectOtherValues(field: String) throws {
    let folder = try folder()
    for other in NumbersTests.others {
      let result = try Program.run(
        ["check", "numbers.yaml", "--set", "\(field)=\(other)"], in: folder)
      // `classes` may also be a list of names.
      let isFine = field == "data.train.classes" && other == "[1, 2]" && result.exitCode == 0
      #expect(result.exitCode == 1 || isFine, "\(other)")
      #expect(result.errors.contains("error: ") || isFine, "\(other)")
    }
  }

  /// An accepted number runs: the run succeeds, diverges, or needs too much memory.
  @Test(arguments: [
    "network.ip1.weight_filler.mean=1e30", "network.ip1.weight_filler.std=1e-320",
    "network.ip1.bias_filler.value=-9223372036854775808", "solver.base_lr=0",
    "solver.clip_gradients=1e-320", "solver.lr_policy.gamma=0",
    "network.ip1.param.0.lr_mult=0", "data.train.deviation=0", "solver.shards=256",
    "data.train.batch_size=1000000", "solver.max_iter=1000000000000",
    "network.ip1.num_output=2147483647", "solver.display=1000000000",
  ])
  func trainAtExtremes(override: String) throws {
    let folder = try folder()
    let result = try Program.run(
      ["numbers.yaml", "--set", override, "--memory-limit", "1GiB", "--output", "run"],
      in: folder)
    #expect([0, 1, 3].contains(result.exitCode), "\(result.errors)")
    if result.exitCode == 1 {
      #expect(result.errors.contains(": error: model needs "))
      #expect(!folder.holds("run"))
    } else {
      #expect(folder.holds("run/history.csv"))
    }
  }
}
