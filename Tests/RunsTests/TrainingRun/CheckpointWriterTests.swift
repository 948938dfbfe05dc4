import Files
import Networks
import Oracles
import RunOracles
import Runs
import Testing
import Training

/// A situation after an iteration, and the checkpoints that are then due.
struct DueCase: CustomTestStringConvertible {
  var solver = ""
  let iteration: Int
  var isRequested = false
  var isStopping = false
  var isTimeUp = false
  let due: CheckpointWriter.Due

  var testDescription: String {
    "\(solver) \(iteration) requested \(isRequested) stopping \(isStopping) time \(isTimeUp)"
  }

  /// Four batches make an epoch, so that the first test follows iteration 4.
  static let all = [
    DueCase(solver: "snapshot: 3", iteration: 2, due: []),
    DueCase(solver: "snapshot: 3", iteration: 3, due: .scheduled),
    DueCase(solver: "snapshot: 3", iteration: 3, isStopping: true, due: []),
    DueCase(solver: "snapshot: 3", iteration: 2, isTimeUp: true, due: []),
    DueCase(solver: "snapshot: 3", iteration: 2, isRequested: true, due: .requested),
    DueCase(
      solver: "snapshot: 3", iteration: 3, isRequested: true, due: [.requested, .scheduled]),
    DueCase(
      solver: "snapshot: 2, snapshot_on: best", iteration: 4, due: [.best, .scheduled]),
    DueCase(
      solver: "snapshot: 2, snapshot_on: best", iteration: 4, isStopping: true, due: .best),
    DueCase(solver: "snapshot: none", iteration: 4, isTimeUp: true, due: []),
    DueCase(solver: "snapshot: none", iteration: 4, isRequested: true, due: .requested),
    DueCase(solver: "snapshot: auto", iteration: 1, due: []),
    DueCase(solver: "snapshot: auto", iteration: 1, isTimeUp: true, due: .automatic),
    DueCase(
      solver: "snapshot: auto", iteration: 1, isRequested: true, isTimeUp: true, due: .requested),
    DueCase(
      solver: "snapshot: auto", iteration: 1, isRequested: true, isStopping: true, isTimeUp: true,
      due: []),
    DueCase(
      solver: "snapshot_on: best", iteration: 4, isTimeUp: true, due: [.best, .automatic]),
    DueCase(solver: "snapshot: auto", iteration: 5, due: []),
  ]
}

@Suite("The writer of checkpoints") struct CheckpointWriterTests {
  @Test("decides what is due", arguments: DueCase.all)
  func due(test: DueCase) throws {
    let folder = try TemporaryFolder()
    let parts = try RunParts(snapshotModel("max_iter: 5, \(test.solver)"))
    let writer = parts.checkpoints(in: try parts.files(in: folder))
    var due: CheckpointWriter.Due?
    _ = parts.trainer.run { progress in
      guard progress.iteration == test.iteration else { return true }
      due = writer.due(
        after: progress, isRequested: test.isRequested, isStopping: test.isStopping,
        isTimeUp: test.isTimeUp)
      return false
    }
    #expect(due == test.due)
    #expect(folder.checkpoints.isEmpty)
  }

  @Test("ends a training with an automatic checkpoint if the training wrote one before")
  func automaticEnd() throws {
    let folder = try TemporaryFolder()
    let parts = try RunParts(snapshotModel("max_iter: 3"))
    let writer = parts.checkpoints(in: try parts.files(in: folder))
    var last: CheckpointWriter.Due?
    let outcome = try parts.trainer.run { (progress) throws(RunFailure) in
      last = writer.due(
        after: progress, isRequested: false, isStopping: false, isTimeUp: progress.iteration == 1)
      let isWritten = try writer.write(last ?? [], note: { _ in })
      #expect(isWritten == (progress.iteration != 2))
      return true
    }
    #expect(outcome == .completed)
    #expect(last == .automatic)
    #expect(folder.checkpoints == ["00000001", "00000003"])
  }

  @Test("saves the history with a state that was interrupted")
  func interruption() throws {
    let folder = try TemporaryFolder()
    let parts = try RunParts(snapshotModel("max_iter: 5, snapshot: none"))
    let writer = parts.checkpoints(in: try parts.files(in: folder))
    #expect(parts.trainer.run { $0.iteration < 3 } == .interrupted)
    try writer.writeInterruption()
    #expect(folder.checkpoints == ["00000003"])
    let path = folder.file("run/checkpoints/00000003.safetensors")
    let state = try Checkpoint(
      try Safetensors(folder.bytes("run/checkpoints/00000003.safetensors"), name: path),
      for: parts.trainer, name: path)
    #expect((state.iteration, state.history.rows, state.model) == (3, 3, "model"))
    #expect(try folder.text("run/history.csv") == parts.trainer.history.csv)
  }

  @Test(
    "saves the initial weights of a run that writes checkpoints",
    arguments: [
      ("snapshot: 3", ["00000000"]), ("snapshot: 3, snapshot_on: best", ["00000000"]),
      ("snapshot_on: best", ["best"]), ("snapshot: auto", []), ("snapshot: none", []),
    ])
  func initial(solver: String, names: [String]) throws {
    let folder = try TemporaryFolder()
    let parts = try RunParts(snapshotModel("max_iter: 5, \(solver)"))
    try parts.checkpoints(in: try parts.files(in: folder)).writeInitial()
    #expect(folder.checkpoints == names)
  }

  @Test("notes the first obstacle of automatic checkpoints, and fails at that of all others")
  func obstacle() throws {
    let folder = try TemporaryFolder()
    let parts = try RunParts(snapshotModel("max_iter: 5"))
    let writer = parts.checkpoints(in: try parts.files(in: folder))
    try folder.write("", to: "run/checkpoints")
    let reason = "cannot make the folder '\(folder.path)/run/checkpoints': File exists"
    var notes: [String] = []
    for _ in 1...2 {
      let isTried = try writer.write(.automatic, note: { notes.append($0) })
      #expect(isTried)
    }
    #expect(notes == ["no automatic checkpoint after iteration 0: \(reason)"])
    for due in [CheckpointWriter.Due.best, .scheduled, .requested] {
      #expect(
        refusal { () throws(RunFailure) in try writer.write(due, note: { _ in }) }
          == "error: \(reason)")
    }
  }

  @Test("refuses to save a state that is not finite")
  func brokenState() throws {
    let folder = try TemporaryFolder()
    let text = Interruption(name: "", solver: "base_lr: 0.2").text
    let parts = try RunParts(text)
    let writer = parts.checkpoints(in: try parts.files(in: folder))
    let store = parts.trainer.store
    let statistic = try #require(
      store.parameters.firstIndex { $0.name == "norm.running_mean" })
    store.set(statistic, rowMajor: store.rowMajor(statistic).map { _ in .nan })
    let isTried = try writer.write(.automatic, note: { Issue.record("unexpected note: \($0)") })
    #expect(!isTried)
    let message = "the batch makes 'norm.running_mean' of layer 'norm' not finite"
    #expect(
      refusal { () throws(RunFailure) in try writer.write(.requested, note: { _ in }) }
        == RunFailure.diverged(message).rendered)
    #expect(
      refusal { () throws(RunFailure) in try writer.writeInterruption() }
        == RunFailure.diverged(message).rendered)
    #expect(folder.checkpoints.isEmpty)
  }
}
