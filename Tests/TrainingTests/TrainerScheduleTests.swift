import Expressions
import Layers
import Networks
import Oracles
import RunOracles
import Runs
import Testing
import Training
import YAML

/// Rates, ends and averages that depend on the measurements of a training.
@Suite("A trainer's schedule") struct TrainerScheduleTests {
  /// Sixty examples in batches of twenty make three iterations per epoch.
  private func text(_ solver: String, test: Bool = true) -> String {
    let data = "{source: spiral, points_per_class: 20, batch_size: 20}"
    return spiralModel(train: data, test: test ? data : nil, solver: solver)
  }

  private func history(_ solver: String, test: Bool = true) throws -> (Trainer, Trainer.Outcome) {
    let made = try trainer(text(solver, test: test))
    return (made, made.run { _ in true })
  }

  @Test("multiplies the rate of a policy by the factor of the warm-up")
  func warmup() throws {
    let (trainer, outcome) = try history(
      "base_lr: 0.5, max_epochs: 3, lr_policy: {type: step, stepsize: 2, gamma: 0.5}, "
        + "warmup: {length: 4, start_factor: 0.2}")
    #expect(outcome == .completed)
    let expected = [0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1, 1].enumerated().map { iteration, factor in
      var rate = 0.5
      for _ in 0..<iteration / 2 { rate *= 0.5 }
      return rate * factor
    }
    #expect(trainer.history.learningRates.count == 9)
    for (rate, expected) in zip(trainer.history.learningRates, expected) {
      #expect(abs(rate - expected) < 1e-15)
    }
  }

  @Test("counts the epochs of a warm-up, and passes the length of the training to policies")
  func epochs() throws {
    let (trainer, _) = try history(
      "base_lr: 0.5, max_epochs: 4, lr_policy: linear, warmup: {length: 2 epochs, start_factor: 0}")
    let rates = trainer.history.learningRates
    #expect(rates.count == 12)
    for (iteration, rate) in rates.enumerated() {
      let factor = min(1, Double(iteration) / 6) * (1 - Double(iteration) / 12)
      #expect(abs(rate - 0.5 * factor) < 1e-15)
    }
  }

  /// A rate of 0 leaves the loss unchanged, so that no test is better than the first.
  @Test("cuts the rate on a plateau of a test, or of the training loss")
  func plateau() throws {
    let (trainer, outcome) = try history(
      "base_lr: 1e-30, max_epochs: 8, "
        + "lr_policy: {type: plateau, metric: test_accuracy, patience: 2, factor: 0.5}")
    #expect(outcome == .completed)
    // The first test counts as progress. The third and the sixth test after it cut the rate.
    let cuts = (0..<24).map { $0 / 3 < 4 ? 1e-30 : $0 / 3 < 7 ? 5e-31 : 2.5e-31 }
    #expect(trainer.history.learningRates == cuts)
    let (other, _) = try history(
      "base_lr: 1e-30, max_epochs: 4, lr_policy: {type: plateau, patience: 1, factor: 0.5, "
        + "threshold: 0.5}", test: false)
    #expect(
      other.history.learningRates == (0..<12).map { $0 / 3 < 3 ? 1e-30 : 5e-31 })
  }

  @Test("ends early after the given number of tests without progress, with a last row and test")
  func earlyStop() throws {
    let (trainer, outcome) = try history(
      "base_lr: 1e-30, max_epochs: 50, display: 100, early_stop: {metric: test_loss, patience: 3}")
    #expect(outcome == .stoppedEarly("test_loss did not improve in 3 tests"))
    #expect(trainer.history.iterations == [3, 6, 9, 12])
    #expect(trainer.history.tests.count == 4)
    #expect(!trainer.best.isEmpty)
    let (other, end) = try history(
      "base_lr: 1e-30, max_epochs: 50, display: 100, test_interval: 2, "
        + "early_stop: {metric: loss, patience: 1, min_delta: 10}", test: false)
    #expect(end == .stoppedEarly("loss did not improve in 1 test"))
    #expect(other.history.iterations == [4])
  }

  @Test("continues while tests improve, and does not report the regular end as early")
  func noEarlyStop() throws {
    let (_, outcome) = try history(
      "base_lr: 0.5, max_epochs: 3, early_stop: {metric: test_loss, patience: 3}")
    #expect(outcome == .completed)
    let (_, last) = try history(
      "base_lr: 1e-30, max_epochs: 2, early_stop: {metric: test_loss, patience: 1}")
    #expect(last == .completed)
  }

  @Test("records an early end")
  func record() throws {
    let folder = try TemporaryFolder()
    let summary = try run(
      text("base_lr: 1e-30, max_epochs: 50, early_stop: {metric: test_accuracy, patience: 2}"),
      in: folder)
    #expect(summary.iterations == 9)
    #expect(summary.value(of: "test_accuracy") != nil)
    let record = try folder.text("run/run.json")
    #expect(
      record.contains("\"stopped_early\": \"test_accuracy did not improve in 2 tests\""))
    #expect(folder.contents.contains("run/weights.safetensors"))
    #expect(folder.contents.contains("run/best.safetensors"))
  }

  /// The same training without averages gives the weights that are averaged.
  @Test("tests and saves averages, and trains the same weights as without them")
  func averages() throws {
    let plain = "base_lr: 0.5, max_epochs: 2, test_interval: 1"
    var averages: [[Double]] = []
    for length in 1...6 {
      let (trainer, _) = try history(plain.replacing("max_epochs: 2", with: "max_iter: \(length)"))
      let weights = (0..<4).map { trainer.store.rowMajor($0).map(Double.init) }
      averages =
        length == 1
        ? weights : zip(averages, weights).map { zip($0, $1).map { 0.75 * $0 + 0.25 * $1 } }
    }
    let (trainer, _) = try history(plain + ", ema: 0.75")
    let (reference, _) = try history(plain)
    #expect(trainer.history.losses == reference.history.losses)
    #expect(trainer.history.tests.last?.values != reference.history.tests.last?.values)
    for index in 0..<4 {
      for (value, expected) in zip(trainer.store.rowMajor(index), averages[index]) {
        #expect(abs(Double(value) - expected) < 1e-6)
      }
    }
    // The last test and a test with the saved weights both use the averages.
    let folder = try TemporaryFolder()
    let summary = try run(text(plain + ", ema: 0.75"), in: folder)
    var options = RunOptions()
    options.threads = 1
    let again = try SavedRun(path: folder.file("run"), options: options).test().metrics
    for metric in again { #expect(summary.value(of: metric.name) == metric.value) }
    #expect(again.count == 2)
  }

  @Test("does not average frozen parameters, and measures statistics anew")
  func averagesOfTrained() throws {
    func train(_ solver: String) throws -> Trainer {
      let network = [
        "name: ip1, type: Linear, num_output: 8, param: [{lr_mult: 0}]",
        "name: bn1, type: BatchNorm", "name: relu1, type: ReLU",
        "name: ip2, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
      ]
      let made = try trainer(
        spiralModel(network: network, solver: "base_lr: 0.5, max_epochs: 2\(solver)"))
      #expect(made.run { _ in true } == .completed)
      return made
    }
    let (plain, averaged) = (try train(""), try train(", ema: 0.75"))
    for (index, parameter) in plain.store.parameters.enumerated() {
      let isSame = plain.store.rowMajor(index) == averaged.store.rowMajor(index)
      let isFrozen = parameter.declaration.role.isTrained && !parameter.isTrainable
      #expect(isSame == isFrozen, "\(parameter.name)")
    }
    #expect(plain.store.parameters.contains { !$0.declaration.role.isTrained })
  }

  @Test("shows the regularizer's part of the objective before each update")
  func regularization() throws {
    let fields = "base_lr: 0.5, max_epochs: 1, weight_decay: 0.5, show_regularization: true"
    let (trainer, _) = try history(fields)
    let store = try RunOracles.trainer(text("base_lr: 0.5, max_epochs: 1")).store
    let squares = (0..<4).flatMap { store.rowMajor($0) }.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(trainer.history.regularizations[0] - 0.25 * squares) < 1e-7 * squares)
    let lines = trainer.history.csv.split(separator: "\n")
    #expect(
      lines[0] == "iteration,epoch,learning_rate,loss,regularization,test_loss,test_accuracy")
    #expect(lines.count == 4)
    for (line, value) in zip(lines.dropFirst(), trainer.history.regularizations) {
      #expect(line.split(separator: ",", omittingEmptySubsequences: false)[4] == "\(Float(value))")
    }
  }

  @Test("has the same bits with any number of threads", arguments: [2, 3, 7])
  func threads(count: Int) throws {
    let solver = """
      type: Adam, base_lr: 0.05, max_epochs: 6, ema: 0.9, weight_decay: 0.001, shards: 3,
        show_regularization: true, lr_policy: {type: plateau, metric: test_loss, patience: 1},
        early_stop: {metric: test_accuracy, patience: 4}
      """
    func bits(_ threads: Int) throws -> (String, [[UInt32]]) {
      let made = try trainer(text(solver), threads: threads)
      _ = made.run { _ in true }
      return (
        made.history.csv,
        made.store.parameters.indices.map { made.store.rowMajor($0).map(\.bitPattern) }
      )
    }
    #expect(try bits(count) == bits(1))
  }

  @Test(
    "refuses a metric that no test reports, and a warm-up longer than the training",
    arguments: [
      (
        "base_lr: 1, max_epochs: 1, lr_policy: {type: plateau, metric: test_acuracy}", true, 72,
        "lr_policy: no test of this model reports 'test_acuracy' "
          + "(known: loss, test_loss, test_accuracy); did you mean 'test_accuracy'?"
      ),
      (
        "base_lr: 1, max_epochs: 1, early_stop: {metric: test_loss}", false, 58,
        "early_stop: no test of this model reports 'test_loss' (known: loss)"
      ),
      (
        "base_lr: 1, max_epochs: 1, early_stop: {metric: accuracy}", true, 58,
        "early_stop: no test of this model reports 'accuracy' (known: loss, test_loss, "
          + "test_accuracy); did you mean 'test_accuracy'?"
      ),
      (
        "base_lr: 1, max_epochs: 1, snapshot_on: best", false, 50,
        "snapshot_on: expected a test part in data, because 'best' saves the best test"
      ),
      (
        "base_lr: 1, max_iter: 10, warmup: {length: 11}", true, 53,
        "warmup: expected a length of at most that of the training (10 iterations), received 11 "
          + "iterations"
      ),
      (
        "base_lr: 1, max_epochs: 2, warmup: {length: 3 epochs}", true, 54,
        "warmup: expected a length of at most that of the training (2 epochs), received 3 epochs"
      ),
      (
        "base_lr: 1, max_epochs: 2, warmup: {length: 7}", true, 54,
        "warmup: expected a length of at most that of the training (2 epochs), received 7 "
          + "iterations"
      ),
      (
        "base_lr: 1, max_iter: 5, warmup: {length: 2 epochs}", true, 52,
        "warmup: expected a length of at most that of the training (5 iterations), received 2 "
          + "epochs"
      ),
    ] as [(String, Bool, Int, String)])
  func refusals(solver: String, test: Bool, column: Int, message: String) {
    let line = test ? 5 : 4
    let headline = mistakes(in: text(solver, test: test)).split(separator: "\n").first
    #expect(headline.map(String.init) == "model.yaml:\(line):\(column): error: \(message)")
  }

  /// Sixty examples in batches of twenty. Lengths beyond every count are refused before the data
  /// are read.
  @Test(
    "refuses more iterations than the counter can hold",
    arguments: [
      ("max_iter: 1000000000000 epochs", 32, "1000000000000 epochs"),
      ("max_iter: 333333333334 epochs", 32, "333333333334 epochs"),
    ])
  func uncountable(length: String, column: Int, received: String) {
    let rendered = mistakes(in: text("base_lr: 1, \(length)", test: false))
    #expect(
      rendered == """
        model.yaml:4:\(column): error: max_iter: expected at most 1000000000000 iterations, received \
        \(received) of 3 batches
            4 | solver: {base_lr: 1, \(length)}
              |                                ^
        """)
    #expect(mistakes(in: text("base_lr: 1, max_iter: 333333333333 epochs", test: false)) == "")
  }

  @Test("refuses more epochs than the counter can hold, for data that must be read")
  func uncountableEpochs() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a,b,label\n" + String(repeating: "1,2,x\n3,-4,y\n", count: 501), to: "table.csv")
    let text = spiralModel(
      train: "{source: csv, file: table.csv, target: label, batch_size: 1}",
      network: [
        "name: ip1, type: Linear, num_output: 2", "name: loss, type: SoftmaxWithLoss",
      ], solver: "base_lr: 1, max_epochs: 1000000000")
    #expect(
      failure(of: text, in: folder) == """
        \(folder.file("model.yaml")):4:34: error: max_epochs: expected at most 1000000000000 \
        iterations, received 1000000000 epochs of 1002 batches
            4 | solver: {base_lr: 1, max_epochs: 1000000000}
              |                                  ^
        """)
    #expect(folder.contents == ["model.yaml", "table.csv"])
  }

  @Test("counts the epochs of a policy's lengths")
  func policyEpochs() throws {
    let (trainer, _) = try history(
      "base_lr: 0.5, max_epochs: 4, iter_size: 2, "
        + "lr_policy: {type: multistep, stepvalue: [1 epoch, 2 epochs], gamma: 0.5}")
    // Six iterations use twelve batches. An epoch ends within the second iteration.
    #expect(trainer.history.learningRates == [0.5, 0.5, 0.25, 0.125, 0.125, 0.125])
    let (steps, _) = try history(
      "base_lr: 0.5, max_iter: 8, lr_policy: {type: step, stepsize: 1 epoch, gamma: 0.5}")
    #expect(
      steps.history.learningRates == [0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125])
  }

  /// The number of batches of a table is known after it is read.
  @Test("refuses a warm-up that turns out too long when the data are read")
  func warmupOfATable() throws {
    let folder = try TemporaryFolder()
    try folder.write("a,b,label\n1,2,x\n3,-4,y\n5,6,x\n-7,8,y\n0,1,x\n", to: "table.csv")
    let text = spiralModel(
      train: "{source: csv, file: table.csv, target: label, batch_size: 2}",
      network: [
        "name: ip1, type: Linear, num_output: 2", "name: loss, type: SoftmaxWithLoss",
      ], solver: "base_lr: 1, max_epochs: 2, warmup: {length: 7}")
    #expect(
      failure(of: text, in: folder) == """
        \(folder.file("model.yaml")):4:54: error: warmup: expected a length of at most that of the \
        training (2 epochs), received 7 iterations
            4 | solver: {base_lr: 1, max_epochs: 2, warmup: {length: 7}}
              |                                                      ^
        """)
    #expect(folder.contents == ["model.yaml", "table.csv"])
  }
}
