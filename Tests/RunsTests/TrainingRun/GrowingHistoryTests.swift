import Files
import Glibc
import Networks
import Oracles
import RunOracles
import Runs
import Synchronization
import Testing
import Training

/// A clock that advances by a constant time with each reading.
private final class StepClock: Sendable {
  private let looks = Atomic<Int>(0)
  private let step: Double

  init(step: Double) { self.step = step }

  var seconds: Double { Double(looks.add(1, ordering: .relaxed).newValue) * step }
}

@Suite("The history of a running training") struct GrowingHistoryTests {
  /// Trains, and inspects the content of the folder after each iteration.
  ///
  /// - Parameter step: The seconds between two readings of the clock.
  private func train(
    _ solver: String, in folder: TemporaryFolder, step: Double, output: String = "run",
    text: String? = nil, limit: Int? = nil, look: (TrainingProgress) -> Void = { _ in }
  ) throws -> [String] {
    try OutputFile.write(text ?? snapshotModel(solver), to: folder.file("model.yaml"))
    var options = RunOptions()
    let clock = StepClock(step: step)
    (options.threads, options.output) = (1, folder.file(output))
    (options.clock, options.memoryLimit) = ({ clock.seconds }, limit)
    var notes: [String] = []
    _ = try TrainingRun(path: folder.file("model.yaml"), options: options)
      .run(report: look, note: { notes.append($0) })
    return notes
  }

  private func checkpoints(_ folder: TemporaryFolder, _ run: String = "run") -> [String] {
    folder.contents.filter { $0.hasPrefix("\(run)/checkpoints/0") }.sorted()
  }

  /// An epoch has four batches, so a test follows every fourth iteration.
  @Test(
    "has whole rows at any time, at least up to the last test and up to half a second ago",
    arguments: [(0.0, 4), (0.2, 3), (0.6, 1)])
  func grows(step: Double, wait: Int) throws {
    let folder = try TemporaryFolder()
    var texts: [String] = []
    _ = try train("max_iter: 20", in: folder, step: step) { _ in
      texts.append((try? folder.text("run/history.csv")) ?? "")
    }
    let whole = try folder.text("run/history.csv")
    let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 22)
    for (index, text) in texts.enumerated() {
      #expect(text.hasSuffix("\n") && whole.hasPrefix(text), "\(index): \(text)")
      // Rows written after an iteration are visible after the next one.
      let rows = text.split(separator: "\n").count - 1
      #expect(rows <= index && index - rows < wait, "\(index): \(rows) rows")
      #expect(rows >= index / 4 * 4, "\(index): a test is missing")
    }
  }

  @Test("has the same bits, whenever it is written", arguments: [0.2, 0.6, 1000])
  func sameBits(step: Double) throws {
    let folder = try TemporaryFolder()
    let solver = "max_iter: 23, ema: 0.9, show_regularization: true, weight_decay: 0.01"
    _ = try train(solver + ", snapshot: none", in: folder, step: 0, output: "plain")
    _ = try train(solver, in: folder, step: step)
    for name in ["history.csv", "weights.safetensors", "best.safetensors"] {
      #expect(try folder.bytes("run/\(name)") == folder.bytes("plain/\(name)"), "\(name)")
    }
  }

  @Test("is written again if a user removed or cut it")
  func takenAway() throws {
    let folder = try TemporaryFolder()
    _ = try train("max_iter: 20", in: folder, step: 0.6, output: "plain")
    for cut in [false, true] {
      _ = try train("max_iter: 20", in: folder, step: 0.6) { progress in
        guard progress.iteration == 9 else { return }
        if cut {
          _ = unsafe truncate(folder.file("run/history.csv"), 30)
        } else {
          unsafe unlink(folder.file("run/history.csv"))
        }
      }
      #expect(try folder.bytes("run/history.csv") == folder.bytes("plain/history.csv"))
      folder.remove("run")
    }
  }

  @Test("comes with automatic checkpoints every ten minutes, and at the end of a long training")
  func automatic() throws {
    let folder = try TemporaryFolder()
    var seen: [Int: [String]] = [:]
    // With 250 seconds between two readings, checkpoints follow iterations 3, 6 and so on.
    _ = try train("max_iter: 20", in: folder, step: 250) {
      seen[$0.iteration] = checkpoints(folder)
    }
    func names(_ iterations: Int...) -> [String] {
      iterations.map { "run/checkpoints/000000\($0 < 10 ? "0" : "")\($0).safetensors" }
    }
    let beforeFirst = seen.filter { $0.value.isEmpty }.keys.max()
    let first = try #require(beforeFirst)
    #expect((1...4).contains(first))
    #expect(seen[first + 1] == names(first))
    #expect(checkpoints(folder).last == names(20)[0])
    #expect(checkpoints(folder).count == 2)
    // A shorter training writes no automatic checkpoint. A training with `snapshot: none` or its
    // own interval does not write one either.
    for (solver, step) in [
      ("max_iter: 20", 12.0), ("max_iter: 20, snapshot: none", 250), ("max_iter: 20", 0),
    ] {
      _ = try train(solver, in: folder, step: step, output: "short")
      #expect(!folder.contents.contains("short/checkpoints/"), "\(solver), \(step)")
      folder.remove("short")
    }
    _ = try train("max_iter: 20, snapshot: 8", in: folder, step: 10_000, output: "stated")
    #expect(
      checkpoints(folder, "stated") == [
        "stated/checkpoints/00000016.safetensors", "stated/checkpoints/00000020.safetensors",
      ])
  }

  @Test("has the same bits after resuming from an automatic checkpoint")
  func goesOn() throws {
    let folder = try TemporaryFolder()
    _ = try train("max_iter: 20", in: folder, step: 0, output: "plain")
    _ = try train("max_iter: 20", in: folder, step: 250)
    let all = checkpoints(folder)
    unsafe unlink(folder.file(all[1]))
    for name in ["weights.safetensors", "best.safetensors", "run.json"] {
      unsafe unlink(folder.file("run/\(name)"))
    }
    let iteration = all[0].dropFirst("run/checkpoints/".count).dropLast(".safetensors".count)
    let number = try #require(Int(iteration))
    // The resumed training may have another interval.
    for text in ["max_iter: 20", "max_iter: 20, snapshot: none", "max_iter: 20, snapshot: 7"] {
      #expect(
        try resumed(folder, snapshotModel(text), .path(folder.file(all[0])))
          == ["resumes after iteration \(number), from F/\(all[0])"])
      for name in ["history.csv", "weights.safetensors", "best.safetensors"] {
        #expect(try folder.bytes("run/\(name)") == folder.bytes("plain/\(name)"), "\(name)")
      }
    }
  }

  @Test("continues without an automatic checkpoint that does not fit in memory, and says so once")
  func noMemory() throws {
    let folder = try TemporaryFolder()
    // A million weights make a checkpoint of 8 MiB.
    let text = spiralModel(
      network: [
        "name: ip1, type: Linear, num_output: 1000", "name: ip2, type: Linear, num_output: 1000",
        "name: ip3, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
      ], solver: "base_lr: 0, max_iter: 4")
    let total = try prepared(text).memoryEstimate(dataBytes: nil).total
    let notes = try train("", in: folder, step: 1000, text: text, limit: Int(total) + 1 << 20)
    #expect(notes.count == 1)
    let form =
      /no automatic checkpoint after iteration [1-4]: with it the model needs ([\d.]+) MiB, limit ([\d.]+) MiB/
    let match = try #require(notes.first?.wholeMatch(of: form), "\(notes)")
    let sizes = (Double(match.1), Double(match.2))
    #expect((sizes.0 ?? 0) > (sizes.1 ?? .infinity))
    #expect(checkpoints(folder).isEmpty)
    #expect(folder.contents.contains("run/weights.safetensors"))
  }

  @Test("continues without an automatic checkpoint that is not writable, and says so once")
  func noPlace() throws {
    let folder = try TemporaryFolder()
    let notes = try train("max_iter: 20", in: folder, step: 1000) { progress in
      // A file in the place of the folder.
      if progress.iteration == 1 { _ = try? folder.write("", to: "run/checkpoints") }
    }
    #expect(notes.count == 1)
    #expect(
      notes.first?.replacing(folder.path, with: "F").hasSuffix(
        ": cannot make the folder 'F/run/checkpoints': File exists") == true, "\(notes)")
    #expect(folder.contents.contains("run/weights.safetensors"))
  }
}
