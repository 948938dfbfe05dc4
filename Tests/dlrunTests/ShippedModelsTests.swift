import Expressions
import Files
import Foundation
import Oracles
import Testing
import Training

/// The models of the folder `models` meet their expectations, in some seconds.
@Suite(.tags(.slow)) struct ShippedModelsTests {
  /// A model's metric and its least value.
  struct Goal: Sendable, CustomTestStringConvertible {
    let model: String
    let metric: String
    let bound: Double

    var testDescription: String { "\(model): \(metric) >= \(bound)" }
  }

  private static let goals = [
    Goal(model: "spiral", metric: "train_accuracy", bound: 0.97),
    Goal(model: "spiral_momentum", metric: "train_accuracy", bound: 0.95),
    Goal(model: "spiral_adam", metric: "train_accuracy", bound: 0.98),
    Goal(model: "iris", metric: "test_accuracy", bound: 0.93),
    Goal(model: "wine", metric: "test_accuracy", bound: 0.95),
    Goal(model: "digits", metric: "test_accuracy", bound: 0.95),
    Goal(model: "diabetes", metric: "test_r2", bound: 0.42),
    Goal(model: "linear_regression", metric: "test_r2", bound: 0.45),
    Goal(model: "svm_spiral", metric: "test_accuracy", bound: 0.95),
    Goal(model: "spiral_dropout_batchnorm", metric: "test_accuracy", bound: 0.95),
    Goal(model: "penguins", metric: "test_accuracy", bound: 0.98),
    Goal(model: "penguins_mass", metric: "test_r2", bound: 0.85),
    Goal(model: "digits_cnn", metric: "test_accuracy", bound: 0.98),
  ]

  private func metric(
    _ name: String, of model: String, options: [String] = []
  ) throws -> (value: Double, output: String, errors: String) {
    let folder = try TemporaryFolder()
    let result = try Program.run(
      [Program.model(model), "--output", "run"] + options, in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
    let record = try JSONSerialization.jsonObject(with: Data(try folder.bytes("run/run.json")))
    let metrics = try #require((record as? [String: Any])?["metrics"] as? [String: Any])
    return (try #require(metrics[name] as? Double), result.output, result.errors)
  }

  /// The file states this expectation, and meets it without a warning.
  @Test(arguments: goals)
  func reachesItsGoal(goal: Goal) throws {
    let text = try String(contentsOfFile: Program.model(goal.model), encoding: .utf8)
    #expect(text.hasSuffix("expect:\n  \(goal.metric): \">= \(goal.bound)\"\n"))
    let (value, output, errors) = try metric(goal.metric, of: goal.model)
    #expect(value >= goal.bound)
    // A run of more than ten seconds, on a slow machine, prints its progress.
    #expect(errors.split(separator: "\n").allSatisfy { $0.hasPrefix("epoch ") }, "\(errors)")
    #expect(output.contains("(expected >= \(goal.bound): met)"))
    #expect(!output.contains("NOT MET"))
  }

  /// The records hold bit for bit only if they are of the program's arithmetic.
  @Test("keeps records of the current arithmetic") func arithmetic() throws {
    let folder = Program.model("spiral").replacing("spiral.yaml", with: "")
    let records = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
      $0.hasSuffix(".expected.csv")
    }
    #expect(records.count >= 16)
    for record in records {
      let text = try String(contentsOfFile: folder + record, encoding: .utf8)
      #expect(text.contains("\n# arithmetic: \(Version.arithmetic)\n"), "\(record)")
    }
  }

  /// Averages over twenty seeds, because a run takes only 30 ms. The article's library reaches
  /// 0.962 without momentum.
  @Test(arguments: [
    Goal(model: "spiral", metric: "train_accuracy", bound: 0.955),
    Goal(model: "spiral_momentum", metric: "train_accuracy", bound: 0.93),
  ])
  func reachesItsGoalOnAverage(goal: Goal) throws {
    let values = try (1...20).map { seed in
      let options = ["--set", "seed=\(seed)", "--set", "expect=~"]
      return try metric(goal.metric, of: goal.model, options: options).value
    }
    #expect(values.reduce(0, +) / 20 >= goal.bound, "\(values)")
    #expect(Set(values).count > 5, "seeds that do not matter")
  }

  /// The folds test every wine once: three folds of 36 and two of 35.
  @Test func testsEveryWineInOneFold() throws {
    let folds = try (0..<5).map { index in
      let options = ["--set", "data.fold.index=\(index)", "--set", "expect=~"]
      return try metric("test_accuracy", of: "wine_folds", options: options).value
    }
    #expect(folds.reduce(0, +) / 5 >= 0.95, "\(folds)")
    let right = zip(folds, [36, 36, 36, 35, 35]).map { $0 * $1 }
    for count in right { #expect(abs(count - count.rounded()) < 1e-5, "\(folds)") }
  }

  /// The mean over five splits exceeds the bound.
  @Test(arguments: [
    Goal(model: "penguins", metric: "test_accuracy", bound: 0.98),
    Goal(model: "penguins_mass", metric: "test_r2", bound: 0.85),
  ])
  func reachesItsGoalOverSplits(goal: Goal) throws {
    let values = try (1...5).map { seed in
      let options = ["--set", "data.split.seed=\(seed)", "--set", "expect=~"]
      return try metric(goal.metric, of: goal.model, options: options).value
    }
    #expect(values.reduce(0, +) / 5 >= goal.bound, "\(values)")
    #expect(Set(values).count > 1, "splits that do not matter")
  }

  /// The models of images read CIFAR-10's binary files. Without a data folder, they generate images.
  @Test(arguments: ["cifar10_quick", "resnet20", "cifar10_augmented"])
  func readsImagesOfAFolder(model: String) throws {
    let folder = try TemporaryFolder()
    try folder.makeFolder("cifar")
    // Each file has two records with a label and equal image bytes.
    for (number, name) in [
      "data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4",
      "data_batch_5", "test_batch",
    ].enumerated() {
      let records = (0..<2).flatMap { record in
        let value = UInt8(number * 2 + record)
        return [value % 10] + [UInt8](repeating: 10 * value, count: 3072)
      }
      try folder.write(records, to: "cifar/\(name).bin")
    }
    let result = try Program.run(
      [
        Program.model(model), "--set", "variables.data=\(folder.path)/cifar", "--set", "expect=~",
        "--set", "solver.max_epochs=1", "--output", "run",
      ], in: folder)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(try folder.text("run/model.yaml").contains("\n    source: cifar\n"))
    let generated = try Program.run(["expand", Program.model(model)], in: folder)
    #expect(generated.output.contains("\n    source: generated_images\n"))
  }

  /// The script writes the images of the table, which reach the model's goal.
  @Test func readsDigitsInImageFiles() throws {
    let folder = try TemporaryFolder()
    let script = try Program.shell(
      "python3 '\(Program.package)/models/data/write_digit_images.py' digits", in: folder)
    #expect(script.exitCode == 0, "\(script.errors)")
    let (value, _, errors) = try metric(
      "test_accuracy", of: "digits_images",
      options: ["--set", "variables.data=\(folder.path)/digits"])
    #expect(value >= 0.96)
    #expect(errors.split(separator: "\n").allSatisfy { $0.hasPrefix("epoch ") }, "\(errors)")
  }

  /// Every shipped table has the documented rows, columns and classes.
  @Test func shipsItsTables() throws {
    let folder = try TemporaryFolder()
    let counts = try Program.shell(
      "cd '\(Program.package)/models/data' && wc --lines *.csv | head --lines -1", in: folder)
    #expect(
      counts.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) } == [
        ["570", "breast_cancer.csv"], ["443", "diabetes.csv"], ["1798", "digits.csv"],
        ["151", "iris.csv"], ["345", "penguins.csv"], ["179", "wine.csv"],
      ])
  }
}
