import Glibc
import Models
import Testing
import Training
import YAML

@Suite("The checkpoints of a run") struct CheckpointTests {
  private static let data = (
    train: "{source: spiral, points_per_class: 20, batch_size: 16, shuffle: true}",
    test: "{source: spiral, points_per_class: 10, batch_size: 16}"
  )

  private static func model(_ solver: String) -> String {
    spiralModel(
      train: data.train, test: data.test, solver: "type: Adam, base_lr: 0.01, \(solver)")
  }

  private static let model = model("max_iter: 20, snapshot: 6, snapshot_on: best")

  private func summary(_ folder: TemporaryFolder, _ text: String, _ resume: RunOptions.Resume)
    throws(RunFailure) -> [String]
  {
    try OutputFile.write(text, to: folder.file("model.yaml"))
    var options = RunOptions()
    options.threads = 2
    options.output = folder.file("run")
    options.resume = resume
    let run = try TrainingRun(path: folder.file("model.yaml"), options: options)
    _ = try run.run { _ in }
    return (run.damages + run.notes).map { $0.replacing(folder.path, with: "F") }
  }

  private func refusal(
    _ folder: TemporaryFolder, _ text: String, _ resume: RunOptions.Resume = .latest
  ) -> String {
    do {
      _ = try summary(folder, text, resume)
      return ""
    } catch {
      return error.rendered.replacing(folder.path, with: "F")
    }
  }

  @Test("are the last two and the best; every file of the run is as without them")
  func kept() throws {
    let folder = try TemporaryFolder()
    try run(CheckpointTests.model, in: folder)
    #expect(
      folder.contents.filter { $0.hasPrefix("run/checkpoints/0") }.sorted() == [
        "run/checkpoints/00000018.safetensors", "run/checkpoints/00000020.safetensors",
      ])
    #expect(folder.contents.contains("run/checkpoints/best.safetensors"))
    try run(CheckpointTests.model("max_iter: 20"), in: folder, output: "plain")
    for name in ["history.csv", "weights.safetensors", "best.safetensors"] {
      #expect(try folder.bytes("run/\(name)") == folder.bytes("plain/\(name)"), "\(name)")
    }
    #expect(!folder.contents.contains("plain/checkpoints"))
  }

  @Test("are written by epochs where that is said")
  func epochs() throws {
    let folder = try TemporaryFolder()
    // Sixty examples in four batches.
    try run(CheckpointTests.model("max_epochs: 5, snapshot: 2 epochs"), in: folder)
    #expect(
      folder.contents.filter { $0.hasPrefix("run/checkpoints/0") }.sorted() == [
        "run/checkpoints/00000016.safetensors", "run/checkpoints/00000020.safetensors",
      ])
  }

  @Test("are looked for in the last run that has anything")
  func latest() throws {
    let folder = try TemporaryFolder()
    for name in ["", "/m", "/m/001", "/m/002", "/m/010", "/m/011"] {
      try folder.makeFolder("runs\(name)")
    }
    for name in ["001", "002", "010"] { try folder.write("", to: "runs/m/\(name)/model.yaml") }
    #expect(RunDirectory.latest(of: "m", in: folder.file("runs")) == folder.file("runs/m/010"))
  }

  /// A run that was killed after its first checkpoint, in the middle of writing more of its history.
  private func killed(_ folder: TemporaryFolder) throws {
    try run(CheckpointTests.model("max_iter: 20, snapshot: 6"), in: folder)
    for name in ["weights.safetensors", "best.safetensors", "run.json"] {
      unsafe unlink(folder.file("run/\(name)"))
    }
    unsafe unlink(folder.file("run/checkpoints/00000020.safetensors"))
  }

  @Test("let a run go on to the files that it would have, its history torn or not")
  func resume() throws {
    let folder = try TemporaryFolder()
    try run(CheckpointTests.model("max_iter: 20, snapshot: 6"), in: folder, output: "whole")
    for torn in ["", "19,5,0.01,0.9", "19,5,0.01,0.9,,\n20,5,0"] {
      try killed(folder)
      let history = try #require(try folder.text("run/history.csv"))
      let lines = history.split(separator: "\n", omittingEmptySubsequences: false)
      try folder.write(lines[...18].joined(separator: "\n") + "\n" + torn, to: "run/history.csv")
      try folder.write("x", to: "run/weights.safetensors.77-0.tmp")
      #expect(
        try summary(folder, CheckpointTests.model("max_iter: 20, snapshot: 6"), .latest) == [
          "goes on after iteration 18, from F/run/checkpoints/00000018.safetensors"
        ])
      for name in ["history.csv", "weights.safetensors", "best.safetensors", "model.yaml"] {
        #expect(try folder.bytes("run/\(name)") == folder.bytes("whole/\(name)"), "\(name)")
      }
      #expect(!folder.contents.contains { $0.hasSuffix(".tmp") })
      TemporaryFolder.remove(folder.file("run"))
    }
  }

  @Test("that are damaged are passed over, and told; one that was asked for is refused")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let text = CheckpointTests.model("max_iter: 20, snapshot: 6")
    try run(text, in: folder)
    let last = "run/checkpoints/00000020.safetensors"
    var bytes = try #require(try folder.bytes(last))
    // In a tensor: the header is in front.
    bytes[bytes.count - 9] ^= 4
    try OutputFile.write(bytes, to: folder.file(last))
    let damage = "error: F/\(last): damaged: the content does not match the checksum"
    #expect(refusal(folder, text, .path(folder.file(last))) == damage)
    #expect(
      try summary(folder, text, .latest) == [
        damage, "goes on after iteration 18, from F/run/checkpoints/00000018.safetensors",
      ])
    // Trained again from there.
    #expect(try summary(folder, text, .path(folder.file(last))).count == 1)
    for name in [last, "run/checkpoints/00000018.safetensors"] {
      try OutputFile.write([1, 2, 3], to: folder.file(name))
    }
    #expect(
      refusal(folder, text)
        == "error: 'F/run' has no checkpoint that can be read: error: F/\(last): 3 bytes are no "
        + "safetensors file; error: F/run/checkpoints/00000018.safetensors: 3 bytes are no safetensors file"
    )
  }

  @Test("go on with the model that they were made with, save its length, intervals and bounds")
  func changedModel() throws {
    let folder = try TemporaryFolder()
    try run(CheckpointTests.model("max_iter: 20, snapshot: 6"), in: folder)
    let changed = CheckpointTests.model("max_iter: 20, snapshot: 6, momentum: 0.8")
      .replacing("num_output: 8", with: "num_output: 9")
    #expect(
      refusal(folder, changed)
        == "error: the model was changed since F/run/checkpoints/00000020.safetensors: "
        + "network.ip1.num_output: 8, now 9; solver.momentum: nothing, now 0.8")
    let longer = CheckpointTests.model("max_iter: 30, snapshot: 7, display: 2, test_interval: 5")
    #expect(
      try summary(folder, longer, .latest) == [
        "goes on after iteration 20, from F/run/checkpoints/00000020.safetensors"
      ])
    let rows = try #require(try folder.text("run/history.csv")).split(separator: "\n").dropFirst()
    let iterations = rows.compactMap { $0.split(separator: ",").first.flatMap { Int($0) } }
    #expect(iterations == Array(1...20) + [22, 24, 25, 26, 28, 30])
  }

  @Test("go on with the examples that they were made with")
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
    #expect(try summary(folder, text, .latest) == ["no run to resume: begins a new one"])
    let longer = text.replacing("max_iter: 6", with: "max_iter: 9")
    try write(lastValue: "5")
    let received = refusal(folder, longer)
    let start =
      "error: F/run/checkpoints/00000006.safetensors: was made with other examples: their checksum was crc32:"
    #expect(received.hasPrefix(start) && received.contains(", and is crc32:"), "\(received)")
    // Going back would cut it.
    let history = try folder.bytes("run/history.csv")
    let earlier = folder.file("run/checkpoints/00000003.safetensors")
    #expect(refusal(folder, longer, .path(earlier)).contains("was made with other examples"))
    #expect(try folder.bytes("run/history.csv") == history)
    try write(lastValue: "4.0")
    #expect(
      try summary(folder, longer, .latest) == [
        "goes on after iteration 6, from F/run/checkpoints/00000006.safetensors"
      ])
  }

  @Test("are refused where they are none, or of a finished run")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let plain = CheckpointTests.model("max_iter: 3")
    #expect(try summary(folder, plain, .latest) == ["no run to resume: begins a new one"])
    #expect(
      refusal(folder, plain)
        == "error: 'F/run' has ended, and has no checkpoint to go on from, which 'snapshot' of the "
        + "solver writes")
    // As of a run that diverged.
    unsafe unlink(folder.file("run/weights.safetensors"))
    #expect(
      refusal(folder, plain)
        == "error: 'F/run' has ended, and has no checkpoint to go on from, which 'snapshot' of the "
        + "solver writes")
    unsafe unlink(folder.file("run/run.json"))
    let other = plain.replacing("base_lr: 0.01", with: "base_lr: 0.02")
    let before = folder.contents
    #expect(
      refusal(folder, other)
        == "error: the model was changed since F/run/model.yaml: solver.base_lr: 0.01, now 0.02")
    #expect(folder.contents == before)
    #expect(
      try summary(folder, plain.replacing("max_iter: 3", with: "max_iter: 4"), .latest)
        == ["'F/run' has no checkpoint: begins anew"])
    let weights = folder.file("run/weights.safetensors")
    #expect(
      refusal(folder, plain, .path(weights))
        == "error: 'F/run/weights.safetensors' is in no folder 'checkpoints' of a run")
    #expect(
      refusal(folder, plain, .path(folder.file("elsewhere")))
        == "error: 'F/elsewhere' is no folder of a run")
  }

  /// As after going back to an earlier one, and being killed.
  @Test("that count more than the history has are passed over")
  func shortHistory() throws {
    let folder = try TemporaryFolder()
    let text = CheckpointTests.model("max_iter: 20, snapshot: 6")
    try run(text, in: folder)
    let whole = try folder.bytes("run/history.csv")
    let lines = try #require(try folder.text("run/history.csv")).split(separator: "\n")
    try folder.write(lines[...18].joined(separator: "\n") + "\n", to: "run/history.csv")
    #expect(
      try summary(folder, text, .latest) == [
        "error: F/run/checkpoints/00000020.safetensors: counts more than 'F/run/history.csv' has",
        "goes on after iteration 18, from F/run/checkpoints/00000018.safetensors",
      ])
    #expect(try folder.bytes("run/history.csv") == whole)
  }

  @Test("are the best one's where there is no other")
  func bestAlone() throws {
    let folder = try TemporaryFolder()
    let text = CheckpointTests.model("max_iter: 20, snapshot_on: best")
    try run(text, in: folder, output: "whole")
    try run(text, in: folder)
    unsafe unlink(folder.file("run/weights.safetensors"))
    let notes = try summary(folder, text, .latest)
    #expect(notes.count == 1 && notes[0].hasPrefix("goes on after iteration "))
    #expect(notes[0].hasSuffix(", from F/run/checkpoints/best.safetensors"))
    for name in ["history.csv", "weights.safetensors", "best.safetensors"] {
      #expect(try folder.bytes("run/\(name)") == folder.bytes("whole/\(name)"), "\(name)")
    }
  }

  @Test("do not go on with layers in another order, which read others")
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

  @Test("of others are refused where they hold what no training makes")
  func hostileContent() throws {
    let folder = try TemporaryFolder()
    let text = CheckpointTests.model("max_iter: 20, snapshot: 6, ema: 0.5")
    try run(text, in: folder)
    let name = "run/checkpoints/00000020.safetensors"
    let whole = try Safetensors(try #require(try folder.bytes(name)), name: name)
    let numbers = whole.metadata.filter { Double($0.value) != nil }.keys
    #expect(numbers.count == 12)
    let scores: Set = ["best_rank", "rate_best", "stop_best"]
    for key in numbers.sorted() {
      for value in ["9223372036854775807", "-1e400", "nan"] where !scores.contains(key) {
        var metadata = whole.metadata
        metadata[key] = value
        // A number of its own kind, which nothing is counted up from.
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

  @Test("are looked for in a run's folder alone, of which nothing else goes")
  func foreignFolder() throws {
    let folder = try TemporaryFolder()
    let text = CheckpointTests.model("max_iter: 3")
    try folder.makeFolder("run")
    for name in ["thesis.txt", "model.yaml", "history.csv", "old.tmp"] {
      try folder.write("mine", to: "run/\(name)")
    }
    #expect(
      refusal(folder, text)
        == "error: output 'F/run' holds 'old.tmp', which is no run's: choose another folder")
    #expect(try folder.text("run/model.yaml") == "mine")
    TemporaryFolder.remove(folder.file("run"))
    let saved = CheckpointTests.model("max_iter: 3, snapshot: 1")
    try run(saved, in: folder)
    for name in ["notes.tmp", "weights.safetensors.77-0.tmp", "thesis.safetensors.77-0.tmp"] {
      try folder.write("mine", to: "run/\(name)")
    }
    #expect(try summary(folder, saved, .latest).count == 1)
    #expect(
      folder.contents.filter { $0.hasSuffix(".tmp") }.sorted()
        == ["run/notes.tmp", "run/thesis.safetensors.77-0.tmp"])
  }

  @Test("and histories that are links are not followed")
  func links() throws {
    let folder = try TemporaryFolder()
    let text = CheckpointTests.model("max_iter: 20, snapshot: 6")
    try run(text, in: folder)
    let earlier = folder.file("run/checkpoints/00000018.safetensors")
    unsafe rename(folder.file("run/history.csv"), folder.file("history"))
    try folder.makeLink("run/history.csv", to: "../history")
    let before = try folder.bytes("history")
    #expect(
      refusal(folder, text, .path(earlier)).hasPrefix("error: cannot cut 'F/run/history.csv': "))
    #expect(try folder.bytes("history") == before)
    unsafe rename(folder.file("run/checkpoints"), folder.file("saved"))
    try folder.makeLink("run/checkpoints", to: "../saved")
    #expect(
      refusal(folder, text)
        == "error: 'F/run/checkpoints' is a link: checkpoints are written below the run only")
    try folder.makeLink("elsewhere", to: "run")
    #expect(
      refusal { () throws(RunFailure) in
        try RunDirectory(at: folder.file("elsewhere/"), overwrites: true)
      }
      .hasSuffix("elsewhere' is no folder"))
  }

  @Test("and other files are never written in the place of a link of the system's")
  func systemLinks() throws {
    let folder = try TemporaryFolder()
    for target in ["/proc/self/fd/1", "/dev/null"] {
      try folder.makeLink("out", to: target)
      #expect(
        refusal { () throws(RunFailure) in try OutputFile.write("x", to: folder.file("out")) }
          == "error: cannot write '\(folder.file("out"))': it is a link of the system's")
      unsafe unlink(folder.file("out"))
    }
  }

  @Test("and a model file that lies in the output stay where that is written anew")
  func modelInOutput() throws {
    let folder = try TemporaryFolder()
    let text = CheckpointTests.model("max_iter: 3")
    try OutputFile.write(text, to: folder.file("model.yaml"))
    var options = RunOptions()
    (options.output, options.overwrites) = (folder.path, true)
    #expect(
      refusal { () throws(RunFailure) in
        try TrainingRun(path: folder.file("model.yaml"), options: options)
      }
        == "error: output '\(folder.path)' holds the model file itself, which would be replaced: "
        + "choose another folder")
    #expect(try folder.text("model.yaml") == text)
    (options.overwrites, options.resume) = (false, .latest)
    #expect(
      refusal { () throws(RunFailure) in
        try TrainingRun(path: folder.file("model.yaml"), options: options)
      }.contains("the model was changed since"))
    #expect(try folder.text("model.yaml") == text)
    // That of a run is no loss.
    options.output = folder.file("run")
    _ = try TrainingRun(path: folder.file("model.yaml"), options: options).run { _ in }
    let resolved = try folder.text("run/model.yaml")
    (options.overwrites, options.resume) = (true, nil)
    _ = try TrainingRun(path: folder.file("run/model.yaml"), options: options).run { _ in }
    #expect(try folder.text("run/model.yaml") == resolved)
    // It may be trained for longer.
    let saved = CheckpointTests.model("max_iter: 3, snapshot: 3")
    try OutputFile.write(saved, to: folder.file("model.yaml"))
    _ = try TrainingRun(path: folder.file("model.yaml"), options: options).run { _ in }
    (options.overwrites, options.resume) = (false, .latest)
    let length = try folder.text("run/model.yaml")?.replacing("max_iter: 3", with: "max_iter: 5")
    try OutputFile.write(try #require(length), to: folder.file("run/model.yaml"))
    let longer = try TrainingRun(path: folder.file("run/model.yaml"), options: options)
    #expect(try longer.run { _ in }.iterations == 5)
  }

  @Test("take memory when they are read, which is compared with the limit")
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
    // With the two copies of a file of weights and momentum it fits.
    #expect(
      failure(of: text, in: folder) {
        ($0.memoryLimit, $0.resume) = (limit + 20 << 20, .latest)
      }.contains("has ended"))
  }

  @Test("of a run's link to the last are found, and none of more updates than there are to be")
  func latestLink() throws {
    let folder = try TemporaryFolder()
    let text = CheckpointTests.model("max_iter: 6, snapshot: 3")
    try run(text, in: folder, output: "003")
    try folder.makeLink("latest", to: "003")
    for link in ["latest", "latest/"] {
      let notes = try summary(folder, text, .path(folder.file(link)))
      #expect(
        notes == ["goes on after iteration 6, from F/003/checkpoints/00000006.safetensors"])
    }
    try folder.makeLink("other", to: "003")
    #expect(
      refusal(folder, text, .path(folder.file("other")))
        == "error: 'F/other' is no folder of a run")
    let shorter = text.replacing("max_iter: 6", with: "max_iter: 5")
    #expect(
      refusal(folder, shorter, .path(folder.file("latest")))
        == "error: F/003/checkpoints/00000006.safetensors: 6 iterations were made, and the training "
        + "ends after 5")
  }

  @Test("before a divergence stay, and are finite")
  func divergence() throws {
    let folder = try TemporaryFolder()
    let text = CheckpointTests.model("max_iter: 2000, snapshot: 2")
      .replacing("type: Adam, base_lr: 0.01", with: "type: SGD, base_lr: 1e6, weight_decay: 1")
    let outcome = try run(text, in: folder).outcome
    guard case .diverged = outcome else {
      Issue.record("\(outcome)")
      return
    }
    let names = folder.contents.filter { $0.hasPrefix("run/checkpoints/0") }.sorted()
    let last = try #require(names.last)
    let checkpoint = try Safetensors(try #require(try folder.bytes(last)), name: last)
    #expect(checkpoint.tensors.allSatisfy { $0.values.allSatisfy(\.isFinite) })
    // It goes on from there to the same end.
    let history = try folder.bytes("run/history.csv")
    let notes = try summary(folder, text, .latest)
    let count = checkpoint.metadata["updates"] ?? ""
    #expect(notes.last == "goes on after iteration \(count), from F/\(last)")
    #expect(try folder.bytes("run/history.csv") == history)
  }

  @Test("are not needed to begin anew, which removes nothing of others")
  func beginsAnew() throws {
    let folder = try TemporaryFolder()
    let text = CheckpointTests.model("max_iter: 12")
    try run(text, in: folder, output: "plain")
    try run(text, in: folder)
    for name in ["weights.safetensors", "run.json"] { unsafe unlink(folder.file("run/\(name)")) }
    try folder.makeFolder("run/checkpoints")
    try folder.write([1], to: "run/checkpoints/notes.txt")
    let notes = try summary(folder, text, .latest)
    #expect(notes == ["'F/run' has no checkpoint: begins anew"])
    // Of a folder that only looks like one nothing is replaced.
    for name in ["model.yaml", "history.csv"] {
      let place = "like_\(name)"
      try folder.makeFolder(place)
      try folder.write("mine", to: "\(place)/\(name)")
      #expect(!refusal(folder, text, .path(folder.file(place))).isEmpty)
      #expect(try folder.text("\(place)/\(name)") == "mine")
    }
    #expect(try folder.bytes("run/history.csv") == folder.bytes("plain/history.csv"))
    #expect(try folder.bytes("run/checkpoints/notes.txt") == [1])
  }

  private func refusal(of body: () throws(RunFailure) -> some Any) -> String {
    do {
      _ = try body()
      return ""
    } catch {
      return error.rendered
    }
  }

  @Test("a run's folder is taken by one process at a time, and free when that is gone")
  func lock() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    var directory: RunDirectory? = try RunDirectory(at: path, overwrites: false)
    #expect(directory?.path == path)
    let refusal = failure(of: CheckpointTests.model("max_iter: 3"), in: folder)
    #expect(refusal == "error: output '\(path)' is in use by process \(getpid())")
    directory = nil
    #expect(failure(of: CheckpointTests.model("max_iter: 3"), in: folder) == "")
  }
}
