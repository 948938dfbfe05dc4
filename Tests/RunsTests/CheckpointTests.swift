import Files
import Glibc
import Networks
import Oracles
import RunOracles
import Runs
import Testing
import Training
import YAML

@Suite("The checkpoints of a run") struct CheckpointTests {
  private static let model = snapshotModel("max_iter: 20, snapshot: 6, snapshot_on: best")

  @Test("are the last two and the best, and change no other file of the run")
  func kept() throws {
    let folder = try TemporaryFolder()
    try run(CheckpointTests.model, in: folder)
    #expect(
      folder.contents.filter { $0.hasPrefix("run/checkpoints/0") }.sorted() == [
        "run/checkpoints/00000018.safetensors", "run/checkpoints/00000020.safetensors",
      ])
    #expect(folder.contents.contains("run/checkpoints/best.safetensors"))
    try run(snapshotModel("max_iter: 20"), in: folder, output: "plain")
    for name in ["history.csv", "weights.safetensors", "best.safetensors"] {
      #expect(try folder.bytes("run/\(name)") == folder.bytes("plain/\(name)"), "\(name)")
    }
    #expect(!folder.contents.contains("plain/checkpoints"))
  }

  @Test("can be written by epochs")
  func epochs() throws {
    let folder = try TemporaryFolder()
    // Sixty examples make four batches.
    try run(snapshotModel("max_epochs: 5, snapshot: 2 epochs"), in: folder)
    #expect(
      folder.contents.filter { $0.hasPrefix("run/checkpoints/0") }.sorted() == [
        "run/checkpoints/00000016.safetensors", "run/checkpoints/00000020.safetensors",
      ])
  }

  /// Leaves a run that was killed after its first checkpoint, in the middle of writing more
  /// history.
  private func killed(_ folder: TemporaryFolder) throws {
    try run(snapshotModel("max_iter: 20, snapshot: 6"), in: folder)
    for name in ["weights.safetensors", "best.safetensors", "run.json"] {
      unsafe unlink(folder.file("run/\(name)"))
    }
    unsafe unlink(folder.file("run/checkpoints/00000020.safetensors"))
  }

  @Test("let a killed run end with the same files, even if its history is torn")
  func resume() throws {
    let folder = try TemporaryFolder()
    try run(snapshotModel("max_iter: 20, snapshot: 6"), in: folder, output: "whole")
    for torn in ["", "19,5,0.01,0.9", "19,5,0.01,0.9,,\n20,5,0"] {
      try killed(folder)
      let history = try folder.text("run/history.csv")
      let lines = history.split(separator: "\n", omittingEmptySubsequences: false)
      try folder.write(lines[...18].joined(separator: "\n") + "\n" + torn, to: "run/history.csv")
      try folder.write("x", to: "run/weights.safetensors.77-0.tmp")
      #expect(
        try resumed(folder, snapshotModel("max_iter: 20, snapshot: 6"), .latest) == [
          "resumes after iteration 18, from F/run/checkpoints/00000018.safetensors"
        ])
      for name in ["history.csv", "weights.safetensors", "best.safetensors", "model.yaml"] {
        #expect(try folder.bytes("run/\(name)") == folder.bytes("whole/\(name)"), "\(name)")
      }
      #expect(!folder.contents.contains { $0.hasSuffix(".tmp") })
      folder.remove("run")
    }
  }

  @Test("that are damaged are skipped with a note, but refused when the user names them")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let text = snapshotModel("max_iter: 20, snapshot: 6")
    try run(text, in: folder)
    let last = "run/checkpoints/00000020.safetensors"
    var bytes = try folder.bytes(last)
    // This byte belongs to a tensor, because the header comes first.
    bytes[bytes.count - 9] ^= 4
    try OutputFile.write(bytes, to: folder.file(last))
    let damage = "error: F/\(last): damaged: the content does not match the checksum"
    #expect(refusal(folder, text, .path(folder.file(last))) == damage)
    #expect(
      try resumed(folder, text, .latest) == [
        damage, "resumes after iteration 18, from F/run/checkpoints/00000018.safetensors",
      ])
    // The run trains again from that checkpoint.
    #expect(try resumed(folder, text, .path(folder.file(last))).count == 1)
    for name in [last, "run/checkpoints/00000018.safetensors"] {
      try OutputFile.write([1, 2, 3], to: folder.file(name))
    }
    #expect(
      refusal(folder, text)
        == "error: 'F/run' has no checkpoint that can be read: error: F/\(last): 3 bytes are too few "
        + "for a safetensors file; error: F/run/checkpoints/00000018.safetensors: 3 bytes are too few for a safetensors file"
    )
  }

  @Test("require the same model, except for its length, intervals and expectations")
  func changedModel() throws {
    let folder = try TemporaryFolder()
    try run(snapshotModel("max_iter: 20, snapshot: 6"), in: folder)
    let changed = snapshotModel("max_iter: 20, snapshot: 6, momentum: 0.8")
      .replacing("num_output: 8", with: "num_output: 9")
    #expect(
      refusal(folder, changed)
        == "error: the model was changed since F/run/checkpoints/00000020.safetensors: "
        + "network.ip1.num_output: 8, now 9; solver.momentum: nothing, now 0.8")
    let longer = snapshotModel("max_iter: 30, snapshot: 7, display: 2, test_interval: 5")
    #expect(
      try resumed(folder, longer, .latest) == [
        "resumes after iteration 20, from F/run/checkpoints/00000020.safetensors"
      ])
    let rows = try folder.text("run/history.csv").split(separator: "\n").dropFirst()
    let iterations = rows.compactMap { $0.split(separator: ",").first.flatMap { Int($0) } }
    #expect(iterations == Array(1...20) + [22, 24, 25, 26, 28, 30])
  }

  @Test("require the same examples")
  func changedData() throws {
    let folder = try TemporaryFolder()
    func write(lastValue: String) throws {
      let rows = (0..<19).map { "\($0),\($0 * $0 % 7),\($0 % 3)" } + ["19,\(lastValue),1"]
      try OutputFile.write("a,b,class\n" + rows.joined(separator: "\n"), to: folder.file("d.csv"))
    }
    let text = spiralModel(
      train: "{source: csv, file: d.csv, target: class, classes: ['0', '1', '2'], batch_size: 5}",
      test: nil, solver: "type: SGD, base_lr: 0.01, max_iter: 6, snapshot: 3")
    try write(lastValue: "4")
    #expect(try resumed(folder, text, .latest) == ["no run to resume: starts a new one"])
    let longer = text.replacing("max_iter: 6", with: "max_iter: 9")
    try write(lastValue: "5")
    let received = refusal(folder, longer)
    let start =
      "error: F/run/checkpoints/00000006.safetensors: the checkpoint was made with "
      + "other examples: their checksum was crc32:"
    #expect(received.hasPrefix(start) && received.contains(", and is crc32:"), "\(received)")
    // Resuming from an earlier checkpoint would cut the history.
    let history = try folder.bytes("run/history.csv")
    let earlier = folder.file("run/checkpoints/00000003.safetensors")
    #expect(refusal(folder, longer, .path(earlier)).contains("was made with other examples"))
    #expect(try folder.bytes("run/history.csv") == history)
    try write(lastValue: "4.0")
    #expect(
      try resumed(folder, longer, .latest) == [
        "resumes after iteration 6, from F/run/checkpoints/00000006.safetensors"
      ])
  }

  @Test("are required to resume a finished run or a named path")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let plain = snapshotModel("max_iter: 3")
    #expect(try resumed(folder, plain, .latest) == ["no run to resume: starts a new one"])
    #expect(
      refusal(folder, plain)
        == "error: 'F/run' has ended, and has no checkpoint to resume from: set "
        + "'snapshot' in the solver")
    // The run now looks like one that diverged.
    unsafe unlink(folder.file("run/weights.safetensors"))
    #expect(
      refusal(folder, plain)
        == "error: 'F/run' has ended, and has no checkpoint to resume from: set "
        + "'snapshot' in the solver")
    unsafe unlink(folder.file("run/run.json"))
    let other = plain.replacing("base_lr: 0.01", with: "base_lr: 0.02")
    let before = folder.contents
    #expect(
      refusal(folder, other)
        == "error: the model was changed since F/run/model.yaml: solver.base_lr: 0.01, now 0.02")
    #expect(folder.contents == before)
    #expect(
      try resumed(folder, plain.replacing("max_iter: 3", with: "max_iter: 4"), .latest)
        == ["'F/run' has no checkpoint: begins anew"])
    let weights = folder.file("run/weights.safetensors")
    #expect(
      refusal(folder, plain, .path(weights))
        == "error: 'F/run/weights.safetensors' is not in a folder 'checkpoints' of a run")
    #expect(
      refusal(folder, plain, .path(folder.file("elsewhere")))
        == "error: 'F/elsewhere' is not the folder of a run")
  }

  /// This state arises when a run goes back to an earlier checkpoint and is killed.
  @Test("that count more rows than the history has are skipped")
  func shortHistory() throws {
    let folder = try TemporaryFolder()
    let text = snapshotModel("max_iter: 20, snapshot: 6")
    try run(text, in: folder)
    let whole = try folder.bytes("run/history.csv")
    let lines = try folder.text("run/history.csv").split(separator: "\n")
    try folder.write(lines[...18].joined(separator: "\n") + "\n", to: "run/history.csv")
    #expect(
      try resumed(folder, text, .latest) == [
        "error: F/run/checkpoints/00000020.safetensors: the checkpoint counts more rows than "
          + "'F/run/history.csv' has",
        "resumes after iteration 18, from F/run/checkpoints/00000018.safetensors",
      ])
    #expect(try folder.bytes("run/history.csv") == whole)
  }

  @Test(
    "whose history rows were changed are skipped, but refused when the user names them",
    arguments: [20, 19, 18, 5, 1])
  func changedHistory(row: Int) throws {
    let folder = try TemporaryFolder()
    let text = snapshotModel("max_iter: 20, snapshot: 6")
    try run(text, in: folder)
    let whole = try folder.bytes("run/history.csv")
    var lines = try folder.text("run/history.csv").split(separator: "\n")
    // Writes the same number in another notation of equal length, so that the row remains valid.
    let cells = lines[row].split(separator: ",", omittingEmptySubsequences: false)
    lines[row] = "\(cells[0]),\(cells[1]),1e-2,\(cells[3...].joined(separator: ","))"[...]
    let changed = lines.joined(separator: "\n") + "\n"
    try folder.write(changed, to: "run/history.csv")
    func damage(_ count: Int) throws -> String {
      let name = "run/checkpoints/000000\(count).safetensors"
      let bytes = try folder.bytes(name)
      let recorded = try Safetensors(bytes, name: name).metadata["history_checksum"] ?? ""
      #expect(recorded.hasPrefix("crc32:") && recorded.count == 14)
      return "error: F/\(name): the first \(count) rows of 'F/run/history.csv' were changed: "
        + "their checksum was \(recorded), and is crc32:"
    }
    let last = folder.file("run/checkpoints/00000020.safetensors")
    #expect(refusal(folder, text, .path(last)).hasPrefix(try damage(20)))
    #expect(try folder.text("run/history.csv") == changed)
    guard row > 18 else {
      let refused = refusal(folder, text)
      #expect(
        refused.hasPrefix(
          "error: 'F/run' has no checkpoint that can be read: \(try damage(20))"))
      #expect(refused.contains("; \(try damage(18))"))
      #expect(try folder.text("run/history.csv") == changed)
      return
    }
    let notes = try resumed(folder, text, .latest)
    #expect(notes.count == 2)
    #expect(notes[0].hasPrefix(try damage(20)))
    #expect(
      notes[1] == "resumes after iteration 18, from F/run/checkpoints/00000018.safetensors")
    #expect(try folder.bytes("run/history.csv") == whole)
  }

  @Test("include the best one, from which a run resumes if there is no other")
  func bestAlone() throws {
    let folder = try TemporaryFolder()
    let text = snapshotModel("max_iter: 20, snapshot_on: best")
    try run(text, in: folder, output: "whole")
    try run(text, in: folder)
    unsafe unlink(folder.file("run/weights.safetensors"))
    let notes = try resumed(folder, text, .latest)
    #expect(notes.count == 1 && notes[0].hasPrefix("resumes after iteration "))
    #expect(notes[0].hasSuffix(", from F/run/checkpoints/best.safetensors"))
    for name in ["history.csv", "weights.safetensors", "best.safetensors"] {
      #expect(try folder.bytes("run/\(name)") == folder.bytes("whole/\(name)"), "\(name)")
    }
  }

  @Test("are refused if layers have another order and other bottoms")
  func changedOrder() throws {
    let folder = try TemporaryFolder()
    let layers = [
      "name: ip1, type: Linear, num_output: 8", "name: a, type: ReLU", "name: b, type: TanH",
      "name: ip2, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
    ]
    let solver = "type: SGD, base_lr: 0.01, max_iter: 6, snapshot: 3"
    try run(spiralModel(network: layers, solver: solver), in: folder)
    var swapped = layers
    swapped.swapAt(1, 2)
    #expect(
      refusal(folder, spiralModel(network: swapped, solver: solver))
        == "error: the model was changed since F/run/checkpoints/00000006.safetensors: "
        + "order of network: ip1, a, b, ip2, loss, now ip1, b, a, ip2, loss")
  }

  @Test("are refused if they contain values that no training produces")
  func hostileContent() throws {
    let folder = try TemporaryFolder()
    let text = snapshotModel("max_iter: 20, snapshot: 6, ema: 0.5")
    try run(text, in: folder)
    let name = "run/checkpoints/00000020.safetensors"
    let whole = try Safetensors(try folder.bytes(name), name: name)
    let numbers = whole.metadata.filter { Double($0.value) != nil }.keys
    #expect(numbers.count == 13)
    let scores: Set = ["best_rank", "rate_best", "stop_best"]
    for key in numbers.sorted() {
      for value in ["9223372036854775807", "-1e400", "nan"] where !scores.contains(key) {
        var metadata = whole.metadata
        metadata[key] = value
        // Any finite number is valid here, because the program does not count from it.
        if ["rate", "loss_sum"].contains(key), value.hasPrefix("9") { continue }
        try OutputFile.write(
          Safetensors(whole.tensors, metadata: metadata).bytes, to: folder.file(name))
        let message = refusal(folder, text, .path(folder.file(name)))
        #expect(message.hasPrefix("error: F/\(name): "), "\(key): \(value): \(message)")
      }
    }
    for (index, tensor) in whole.tensors.enumerated() {
      var (tensors, values) = (whole.tensors, tensor.values)
      values[values.count - 1] = .nan
      tensors[index] = Safetensors.Tensor(name: tensor.name, shape: tensor.shape, values: values)
      try OutputFile.write(
        Safetensors(tensors, metadata: whole.metadata).bytes, to: folder.file(name))
      #expect(
        refusal(folder, text, .path(folder.file(name)))
          == "error: F/\(name): '\(tensor.name)' has values that are not finite")
    }
  }

  @Test("need memory while they are read, which counts for the limit", .tags(.slow))
  func memory() throws {
    let folder = try TemporaryFolder()
    let text = spiralModel(
      network: [
        "name: ip1, type: Linear, num_output: 1000", "name: ip2, type: Linear, num_output: 1000",
        "name: ip3, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
      ], solver: "base_lr: 0, momentum: 0.9, max_iter: 2")
    let limit = Int(try prepared(text).memoryEstimate(dataBytes: nil).total) + 1 << 20
    #expect(failure(of: text, in: folder) { $0.memoryLimit = limit } == "")
    let refused = failure(of: text, in: folder) {
      ($0.memoryLimit, $0.resume) = (limit, .latest)
    }
    #expect(refused.contains("model needs "), "\(refused)")
    // It fits with the two copies of a file of weights and momentum.
    #expect(
      failure(of: text, in: folder) {
        ($0.memoryLimit, $0.resume) = (limit + 20 << 20, .latest)
      }.contains("has ended"))
  }

  @Test("remain after a divergence, and are finite")
  func divergence() throws {
    let folder = try TemporaryFolder()
    let text = snapshotModel("max_iter: 2000, snapshot: 2")
      .replacing("type: Adam, base_lr: 0.01", with: "type: SGD, base_lr: 1e6, weight_decay: 1")
    let outcome = try run(text, in: folder).outcome
    guard case .diverged = outcome else {
      Issue.record("\(outcome)")
      return
    }
    let names = folder.contents.filter { $0.hasPrefix("run/checkpoints/0") }.sorted()
    let last = try #require(names.last)
    let checkpoint = try Safetensors(try folder.bytes(last), name: last)
    #expect(checkpoint.tensors.allSatisfy { $0.values.allSatisfy(\.isFinite) })
    // The run resumes from there and ends in the same way.
    let history = try folder.bytes("run/history.csv")
    let notes = try resumed(folder, text, .latest)
    let count = checkpoint.metadata["updates"] ?? ""
    #expect(notes.last == "resumes after iteration \(count), from F/\(last)")
    #expect(try folder.bytes("run/history.csv") == history)
  }
}
