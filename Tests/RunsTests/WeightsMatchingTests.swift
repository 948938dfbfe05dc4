import Files
import Glibc
import Oracles
import RunOracles
import Runs
import Tensors
import Testing
import Training

@Suite("Trained weights with which a run begins") struct WeightsMatchingTests {
  private static func model(outputs: Int = 3, hidden: String = "ip1", iterations: Int = 1) -> String
  {
    spiralModel(
      network: [
        "name: \(hidden), type: Linear, num_output: 8", "name: relu1, type: ReLU",
        "name: ip2, type: Linear, num_output: \(outputs)", "name: loss, type: SoftmaxWithLoss",
      ],
      // A rate of 0 leaves the weights unchanged.
      solver: "base_lr: 0, max_iter: \(iterations), snapshot: 1")
  }

  /// Trains a run.
  private func trained() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let text = WeightsMatchingTests.model().replacing("base_lr: 0,", with: "base_lr: 0.5,")
    try run(text, in: folder, output: "trained")
    return folder
  }

  private func weights(_ folder: TemporaryFolder, _ run: String) throws -> Safetensors {
    let name = "\(run)/weights.safetensors"
    return try Safetensors(try folder.bytes(name), name: name)
  }

  @Test(
    "come from a run or a checkpoint",
    arguments: ["weights.safetensors", "checkpoints/00000001.safetensors"])
  func whole(file: String) throws {
    let folder = try trained()
    try run(WeightsMatchingTests.model(), in: folder) {
      $0.weights = folder.file("trained/\(file)")
    }
    let (before, after) = (try weights(folder, "trained"), try weights(folder, "run"))
    for tensor in before.tensors { #expect(after[tensor.name]?.values == tensor.values) }
    #expect(before.tensors.count == 4)
    let record = try folder.text("run/run.json")
    #expect(record.contains("\(file): 4 of 4 parameters\""))
  }

  @Test("are matched by name, and may be partial if the user allows that")
  func parts() throws {
    let folder = try trained()
    let text = WeightsMatchingTests.model(outputs: 4, hidden: "first")
    let path = folder.file("trained/weights.safetensors")
    let refusal = failure(of: text, in: folder) { $0.weights = path }
    let summary =
      "0 of 4 parameters; missing: 'first.weight', 'first.bias'; extra: 'ip1.bias', "
      + "'ip1.weight'; of another shape: 'ip2.weight' of 3x8, expected 4x8, 'ip2.bias' of 3, expected 4"
    #expect(!folder.contents.contains("run/"))
    #expect(refusal.hasPrefix("error: \(path) does not fit the model: 0 of 4 parameters; "))
    #expect(refusal.hasSuffix(summary.split(separator: "; ").last.map(String.init) ?? ""))
    let wider = WeightsMatchingTests.model(outputs: 4)
    let hint = " (--allow-missing loads the parameters that match)"
    #expect(
      failure(of: wider, in: folder) { $0.weights = path }
        == "error: \(path) does not fit the model: 2 of 4 parameters: 'ip1.weight', 'ip1.bias'; "
        + "of another shape: 'ip2.weight' of 3x8, expected 4x8, 'ip2.bias' of 3, expected 4\(hint)")
    try run(wider, in: folder) {
      $0.weights = path
      $0.allowsMissing = true
    }
    let record = try folder.text("run/run.json")
    #expect(record.contains("2 of 4 parameters: 'ip1.weight', 'ip1.bias'; of another shape: "))
    try run(wider, in: folder, output: "fresh")
    let (before, after) = (try weights(folder, "trained"), try weights(folder, "run"))
    let fresh = try weights(folder, "fresh")
    for name in ["ip1.weight", "ip1.bias"] {
      #expect(after[name]?.values == before[name]?.values)
    }
    for name in ["ip2.weight", "ip2.bias"] {
      #expect(after[name]?.values == fresh[name]?.values)
    }
  }

  @Test("can come from a file of a network that is many times larger")
  func larger() throws {
    let folder = try trained()
    let own = try weights(folder, "trained").tensors
    let count = 20_000_000
    let other = Safetensors.Tensor(
      name: "fc6.weight", shape: Shape([count]), values: Array(repeating: 0.5, count: count))
    try folder.write(Safetensors(own + [other]).bytes, to: "large.safetensors")
    func failure(_ limit: Int?) -> String {
      RunOracles.failure(of: WeightsMatchingTests.model(), in: folder) {
        $0.weights = folder.file("large.safetensors")
        $0.allowsMissing = true
        $0.memoryLimit = limit
      }
    }
    let refusal = "error: \(folder.file("large.safetensors")): expected at most "
    #expect(failure(80_000_000).hasPrefix(refusal))
    #expect(!folder.contents.contains("run/"))
    #expect(failure(nil) == "")
    for tensor in try weights(folder, "run").tensors {
      #expect(tensor.values == own.first { $0.name == tensor.name }?.values)
    }
    let record = try folder.text("run/run.json")
    #expect(record.contains("'ip2.bias'; extra: 'fc6.weight'"))
  }

  @Test(
    "are recorded by a run that is killed before its next checkpoint",
    arguments: ["snapshot: 100", "snapshot_on: best"])
  func killedEarly(snapshot: String) throws {
    let folder = try trained()
    let text = spiralModel(
      test: "{source: spiral, points_per_class: 10, batch_size: 30}",
      solver: "base_lr: 0.1, max_iter: 12, test_interval: 5, \(snapshot)")
    try OutputFile.write(text, to: folder.file("model.yaml"))
    var options = RunOptions()
    options.output = folder.file("run")
    options.weights = folder.file("trained/weights.safetensors")
    let whole = try TrainingRun(path: folder.file("model.yaml"), options: options)
    try ["killed", "killed/checkpoints"].forEach(folder.makeFolder)
    _ = try whole.run { progress in
      guard progress.iteration == 3 else { return }
      for name in folder.contents where name.hasPrefix("run/") && !name.hasSuffix("/") {
        _ = try? folder.write(
          folder.bytes(name), to: name.replacing("run/", with: "killed/", maxReplacements: 1))
      }
    }
    (options.output, options.weights, options.resume) = (folder.file("killed"), nil, .latest)
    let resumed = try TrainingRun(path: folder.file("model.yaml"), options: options)
    #expect(resumed.notes.last?.hasPrefix("resumes after iteration 0, from ") == true)
    _ = try resumed.run { _ in }
    for name in ["history.csv", "weights.safetensors", "best.safetensors"] {
      #expect(try folder.bytes("killed/\(name)") == folder.bytes("run/\(name)"), "\(name)")
    }
    let record = try folder.text("killed/run.json")
    #expect(record.contains("weights.safetensors: 4 of 4 parameters\""))
  }

  @Test("are required again if the run did not save them, and the run does not replace them")
  func askedAgain() throws {
    let folder = try trained()
    let text = spiralModel(solver: "base_lr: 0.1, max_iter: 3")
    let path = folder.file("trained/weights.safetensors")
    try run(text, in: folder) { $0.weights = path }
    for name in ["weights.safetensors", "run.json"] { unsafe unlink(folder.file("run/\(name)")) }
    #expect(
      refusal(folder, text)
        == "error: 'F/run' began with --weights, and has no checkpoint: give --weights again")
    try run(text, in: folder) {
      $0.weights = path
      $0.resume = .latest
    }
    let own = folder.file("run/weights.safetensors")
    #expect(
      failure(of: text, in: folder) {
        $0.weights = own
        $0.overwrites = true
      }.contains("which would be replaced"))
    #expect(folder.contents.contains("run/weights.safetensors"))
  }

  @Test("must not have a header longer than the model can need")
  func longHeader() throws {
    let folder = try trained()
    let header = "{" + String(repeating: " ", count: 6 << 20) + "}"
    let path = folder.file("long.safetensors")
    try folder.write(SafetensorsFormatTests.file(header), to: "long.safetensors")
    #expect(
      RunOracles.failure(of: WeightsMatchingTests.model(), in: folder) { $0.weights = path }
        == "error: \(path): expected a header of at most 4227072 bytes, received 6291458")
  }

  @Test("that are not finite or do not match the model at all are always refused")
  func refusals() throws {
    let folder = try trained()
    let other = WeightsMatchingTests.model(outputs: 4, hidden: "first")
    let path = folder.file("trained/weights.safetensors")
    #expect(
      failure(of: other, in: folder) {
        $0.weights = path
        $0.allowsMissing = true
      }.hasPrefix("error: \(path) does not fit the model: 0 of 4 parameters; missing: "))
    let file = try weights(folder, "trained")
    let broken = Safetensors(
      file.tensors.map { tensor in
        Safetensors.Tensor(
          name: tensor.name, shape: tensor.shape,
          values: tensor.name == "ip2.bias" ? [1, .nan, 2] : tensor.values)
      })
    try folder.write(broken.bytes, to: "broken.safetensors")
    let brokenPath = folder.file("broken.safetensors")
    #expect(
      failure(of: WeightsMatchingTests.model(), in: folder) {
        $0.weights = brokenPath
        $0.allowsMissing = true
      } == "error: \(brokenPath) does not fit the model: 3 of 4 parameters: 'ip1.weight', "
        + "'ip1.bias', 'ip2.weight'; not finite: 'ip2.bias'")
  }
}
