import Fields
import Files
import Networks
import Oracles
import RunOracles
import Runs
import Solvers
import Testing
import Training

/// A training, and the iterations after which it is interrupted.
struct Interruption: CustomTestStringConvertible {
  let name: String
  /// The `solver:` fields without the length.
  let solver: String
  /// The iterations after which another process resumes.
  var points = [5]

  var testDescription: String { "\(name) after \(points)" }

  /// Sixty points in batches of 16: four batches per epoch, the last one short, with noise,
  /// statistics and a test.
  var text: String {
    spiralModel(
      train: "{source: spiral, points_per_class: 20, batch_size: 16, shuffle: true}",
      test: "{source: spiral, points_per_class: 10, batch_size: 16}",
      network: [
        "name: noise, type: GaussianNoise, std: 0.1", "name: ip1, type: Linear, num_output: 8",
        "name: norm, type: BatchNorm", "name: relu, type: ReLU", "name: drop, type: Dropout",
        "name: ip2, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
        "name: accuracy, type: Accuracy, phase: test",
      ],
      solver: "\(solver), max_iter: 19, test_interval: 1 epoch, display: 3")
  }

  static let all =
    solvers
    + [
      "fixed", "{type: step, gamma: 0.5, stepsize: 3}", "{type: exp, gamma: 0.9}",
      "{type: inv, gamma: 0.1, power: 0.75}", "{type: multistep, gamma: 0.1, stepvalue: [4, 9]}",
      "{type: poly, power: 2}", "{type: sigmoid, gamma: 0.5, stepsize: 8}",
      "{type: cosine, length: 3, t_mult: 2}", "{type: one_cycle}", "{type: linear}",
      "{type: inverse_sqrt}", "{type: plateau, metric: test_loss, factor: 0.5, patience: 1}",
      "{type: plateau, metric: loss, factor: 0.5, patience: 1, cooldown: 1}",
    ].map { policy in
      Interruption(name: policy, solver: "base_lr: 0.2, lr_policy: \(policy)", points: [7])
    }
    + [
      "warmup: {length: 9}", "iter_size: 3", "ema: 0.9", "clip_gradients: 0.1",
      "weight_decay: 0.01, show_regularization: true",
      "early_stop: {metric: test_loss, patience: 2, min_delta: 0.5}",
      "iter_size: 2, ema: 0.5, early_stop: {metric: loss, patience: 4, min_delta: 0.5}",
    ].flatMap { fields in
      // Interruptions in the middle of an epoch, at its end, and twice.
      [[6], [8], [3, 11]].map { points in
        Interruption(
          name: fields, solver: "base_lr: 0.2, momentum: 0.9, \(fields)", points: points)
      }
    }

  private static let solvers = [
    "SGD, momentum: 0.9", "SGD, momentum: 0.9, momentum_form: caffe", "Nesterov, momentum: 0.9",
    "AdaGrad", "AdaDelta", "RMSProp, centered: true, momentum: 0.5", "Adam", "Adam, form: caffe",
    "AdamW, weight_decay: 0.1", "AMSGrad", "NAdam", "Adamax", "Lion", "LARS", "LAMB", "Muon",
  ].flatMap { solver in
    [[5], [1, 8]].map { points in
      Interruption(name: solver, solver: "type: \(solver), base_lr: 0.01", points: points)
    }
  }
}

@Suite("A training that resumes from a checkpoint", .tags(.slow)) struct ResumeTests {
  /// All results of a training, compared bit by bit.
  private struct Result: Equatable {
    let outcome: Trainer.Outcome
    let history: String
    let parameters: [[UInt32]]
    let best: [[UInt32]]
    let bestScores: [Double]

    init(_ outcome: Trainer.Outcome, of trainer: Trainer) {
      self.outcome = outcome
      history = trainer.history.csv
      func bits(_ values: [[Float]]) -> [[UInt32]] { values.map { $0.map(\.bitPattern) } }
      parameters = bits(trainer.store.parameters.indices.map { trainer.store.rowMajor($0) })
      best = bits(trainer.best)
      bestScores = trainer.bestScores.map(\.value)
    }
  }

  /// Resumes the training in another trainer, through the bytes of a checkpoint and of a history.
  private func resumed(_ trainer: Trainer, _ text: String) throws -> Trainer {
    let bytes = trainer.checkpoint(model: text, history: Checkpoint.HistoryLength())
      .file(of: trainer).bytes
    let other = try RunOracles.trainer(text, threads: 2)
    var history = other.history
    let isRead = history.append(csv: trainer.history.csv[...])
    #expect(isRead)
    let checkpoint = try Checkpoint(
      try Safetensors(bytes, name: "checkpoint"), for: other, name: "checkpoint")
    try other.restore(checkpoint, history: history, name: "checkpoint")
    return other
  }

  @Test("ends with the same bits as one that was never interrupted", arguments: Interruption.all)
  func sameBits(test: Interruption) throws {
    let undisturbed = try RunOracles.trainer(test.text)
    let expected = Result(undisturbed.run { _ in true }, of: undisturbed)
    var trainer = try RunOracles.trainer(test.text)
    for point in test.points {
      let outcome = trainer.run { $0.iteration < point }
      #expect(outcome == .interrupted)
      trainer = try resumed(trainer, test.text)
    }
    #expect(Result(trainer.run { _ in true }, of: trainer) == expected)
    // At least one iteration and one test remain.
    #expect(expected.history.split(separator: "\n").count > 3)
    #expect(!expected.best.isEmpty)
  }

  @Test("is tested with every solver and schedule, and both forms of momentum")
  func isComplete() {
    let texts = Interruption.all.map(\.solver)
    func isThere(_ key: String, _ name: String) -> Bool {
      texts.contains { text in
        ["\(key): \(name)", "\(key): {type: \(name)"].contains { start in
          text.ranges(of: start).contains { text[$0.upperBound...].first?.isLetter != true }
        }
      }
    }
    for name in SolverCatalog.all.names { #expect(isThere("type", name), "\(name)") }
    for name in PolicyCatalog.all.names { #expect(isThere("lr_policy", name), "\(name)") }
    #expect(texts.contains { $0.contains("momentum_form: caffe") })
  }

  @Test(
    "ends with the same bits as one whose tests were never interrupted",
    arguments: [
      "base_lr: 0.2", "type: Adam, base_lr: 0.01, ema: 0.9, iter_size: 2",
      "base_lr: 0.2, weight_decay: 0.01, show_regularization: true",
      "base_lr: 0.2, lr_policy: {type: plateau, metric: test_loss, factor: 0.5, patience: 1}",
      "base_lr: 0.2, ema: 0.9, early_stop: {metric: loss, patience: 2, min_delta: 0.5}",
    ])
  func leftTests(solver: String) throws {
    let text = Interruption(name: "", solver: solver).text
    let undisturbed = try RunOracles.trainer(text)
    let expected = Result(undisturbed.run { _ in true }, of: undisturbed)
    // Interrupt each test before each of its batches in turn.
    for place in 1... {
      let trainer = try RunOracles.trainer(text)
      var asked = 0
      func isStopped() -> Bool {
        asked += 1
        return asked == place
      }
      let outcome = trainer.run(isStopped: isStopped) { _ in true }
      guard outcome == .interrupted else {
        #expect(place > 6)
        break
      }
      let other = try resumed(trainer, text)
      #expect(Result(other.run { _ in true }, of: other) == expected, "\(place)")
    }
  }

  @Test("ends even if its repeated last test is interrupted")
  func leftAtTheEnd() throws {
    let text = Interruption(name: "", solver: "base_lr: 0.2, ema: 0.9").text
    let undisturbed = try RunOracles.trainer(text)
    let expected = Result(undisturbed.run { _ in true }, of: undisturbed)
    let trainer = try RunOracles.trainer(text)
    #expect(trainer.run { $0.iteration < 19 } == .interrupted)
    let left = try resumed(trainer, text)
    #expect(left.run(isStopped: { true }, { _ in true }) == .interrupted)
    let other = try resumed(left, text)
    #expect(Result(other.run { _ in true }, of: other) == expected)
    #expect(other.lastTest?.values == undisturbed.lastTest?.values)
  }

  @Test("ends at once if it had ended before", arguments: [19, 8])
  func atTheEnd(iterations: Int) throws {
    // The second training stops early.
    let stop =
      iterations == 19 ? "" : ", early_stop: {metric: test_loss, patience: 1, min_delta: 9}"
    let text = Interruption(name: "", solver: "base_lr: 0.2\(stop)").text
    var last: Trainer?
    let undisturbed = try RunOracles.trainer(text)
    let expected = Result(undisturbed.run { _ in true }, of: undisturbed)
    let trainer = try RunOracles.trainer(text)
    let outcome = trainer.run { progress in
      if progress.iteration == iterations { last = try? resumed(trainer, text) }
      return true
    }
    let other = try #require(last)
    #expect(Result(other.run { _ in true }, of: other) == expected)
    #expect(outcome == expected.outcome)
    #expect(other.lastTest?.values == trainer.lastTest?.values)
  }
}
