internal import Files
internal import YAML

/// The content of a run's `run.json`, read by the keys with which it was written.
struct RunRecord {
  /// The keys in the order of the file.
  enum Key: String {
    case dlrun, arithmetic, processor
    /// The path of the model file that was trained.
    case modelFile = "model_file"
    case threads, seed, iterations, seconds
    case firstStepSeconds = "seconds_to_first_iteration"
    case waitingSeconds = "seconds_waiting_for_data"
    case iterationsPerSecond = "iterations_per_second"
    case peakMemory = "peak_memory_bytes"
    case prediction, best, warnings, metrics, tables, expectations
    case beginning = "begins_with"
    /// The reason why the training ended before its length.
    case stoppedEarly = "stopped_early"
    /// The reason why the training diverged.
    case diverged
  }

  private let content: Node

  /// The most bytes to read. Tables of many classes are long.
  private static let byteLimit = 1 << 26

  /// Nil when the run has no such file, or the file is not JSON.
  init?(of run: RunDirectory) {
    guard
      let bytes = try? InputFile.read(run.file(RunDirectory.record), upTo: RunRecord.byteLimit),
      let content = try? Node.parseJSON(bytes)
    else { return nil }
    self.content = content
  }

  var modelFile: String? { text(.modelFile) }
  var divergence: String? { text(.diverged) }

  private func text(_ key: Key) -> String? { content[key.rawValue]?.scalar?.text }
}
