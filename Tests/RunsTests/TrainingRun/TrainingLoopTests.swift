import Files
import Glibc
import Networks
import Oracles
import RunOracles
import Runs
import Synchronization
import Testing
import Training

/// Requests without a signal. They depend on how often the loop has asked.
private final class CountedRequests: TrainingRequests {
  /// The number of times that the loop asks before the stop.
  let refusals: Int
  /// The numbers of the iterations after which a checkpoint is requested.
  let snapshots: Set<Int>
  private let stopQuestions = Atomic<Int>(0)
  private let snapshotQuestions = Atomic<Int>(0)
  let beginnings = Atomic<Int>(0)

  init(refusals: Int = .max, snapshots: Set<Int> = []) {
    (self.refusals, self.snapshots) = (refusals, snapshots)
  }

  func begin() { beginnings.add(1, ordering: .relaxed) }

  var stopSignal: CInt? {
    stopQuestions.add(1, ordering: .relaxed).newValue > refusals ? SIGTERM : nil
  }

  func takeSnapshotRequest() -> Bool {
    snapshots.contains(snapshotQuestions.add(1, ordering: .relaxed).newValue)
  }
}

@Suite("The loop of a training") struct TrainingLoopTests {
  private func bits(_ trainer: Trainer) -> [[UInt32]] {
    trainer.store.parameters.indices.map { trainer.store.rowMajor($0).map(\.bitPattern) }
  }

  @Test("trains the same bits without any other part of a run")
  func alone() throws {
    let folder = try TemporaryFolder()
    let text = snapshotModel("max_iter: 10, snapshot: 4, snapshot_on: best, ema: 0.9")
    let summary = try run(text, in: folder)
    let parts = try RunParts(text)
    var iterations: [Int] = []
    let result = try TrainingLoop(parts.trainer).run(report: { iterations.append($0.iteration) })
    #expect(result.outcome == .completed)
    #expect(iterations == Array(1...10))
    #expect(try folder.text("run/history.csv") == parts.trainer.history.csv)
    let scores = try #require(result.trainingScores)
    #expect(
      parts.trainer.finalMetrics(scores).map(\.value.bitPattern)
        == summary.metrics.map(\.value.bitPattern))
    let other = try TemporaryFolder()
    let whole = try RunParts(text)
    let files = try whole.files(in: other)
    let loop = TrainingLoop(
      whole.trainer, files: files, checkpoints: whole.checkpoints(in: files),
      requests: CountedRequests(snapshots: [3]))
    #expect(try loop.run(report: { _ in }).outcome == .completed)
    #expect(other.checkpoints == ["00000008", "00000010", "best"])
    #expect(bits(whole.trainer) == bits(parts.trainer))
  }

  @Test("stops at a request, and saves the state if it has a writer", arguments: [false, true])
  func stop(hasWriter: Bool) throws {
    let folder = try TemporaryFolder()
    let parts = try RunParts(spiralModel(solver: "base_lr: 0.5, max_iter: 10"))
    let files = try parts.files(in: folder)
    let requests = CountedRequests(refusals: 2)
    let loop = TrainingLoop(
      parts.trainer, files: files, checkpoints: hasWriter ? parts.checkpoints(in: files) : nil,
      requests: requests)
    var failure: RunFailure?
    do throws(RunFailure) {
      _ = try loop.run(report: { _ in })
    } catch {
      failure = error
    }
    guard case .interrupted(SIGTERM, let message) = failure else {
      Issue.record("expected an interruption, received \(failure?.rendered ?? "none")")
      return
    }
    #expect(message == "stopped after iteration 3 of 10; continue with --resume")
    #expect(requests.beginnings.load(ordering: .relaxed) == 1)
    #expect(folder.checkpoints == (hasWriter ? ["00000003"] : []))
    #expect(parts.trainer.history.iterations == [1, 2, 3])
  }

  @Test("saves the trained weights, not their averages, if it stops while it computes the scores")
  func stopInScores() throws {
    let folder = try TemporaryFolder()
    let text = spiralModel(solver: "base_lr: 0.5, max_iter: 4, ema: 0.9")
    let parts = try RunParts(text)
    let files = try parts.files(in: folder)
    // The loop asks once after each of the four iterations.
    let loop = TrainingLoop(
      parts.trainer, files: files, checkpoints: parts.checkpoints(in: files),
      requests: CountedRequests(refusals: 4))
    #expect(
      refusal { () throws(RunFailure) in try loop.run(report: { _ in }) }
        .contains("stopped after iteration 4 of 4; continue with --resume"))
    #expect(folder.checkpoints == ["00000004"])
    let other = try RunParts(text).trainer
    #expect(other.run { $0.iteration < 4 } == .interrupted)
    #expect(bits(parts.trainer) == bits(other))
  }

  @Test("writes requested checkpoints, and goes on")
  func requested() throws {
    let folder = try TemporaryFolder()
    let parts = try RunParts(snapshotModel("max_iter: 10, snapshot: none"))
    let files = try parts.files(in: folder)
    let loop = TrainingLoop(
      parts.trainer, files: files, checkpoints: parts.checkpoints(in: files),
      requests: CountedRequests(snapshots: [2, 7]))
    #expect(try loop.run(report: { _ in }).outcome == .completed)
    #expect(folder.checkpoints == ["00000002", "00000007"])
    #expect(try folder.text("run/history.csv") == parts.trainer.history.csv)
  }
}
