internal import YAML

extension RunDirectory {
  /// The most bytes of a `run.json` that are read. Tables of many classes are long.
  private static let recordLimit = 1 << 26

  /// A text of the run's `run.json`; nil if the run has no such file, or the file does not state it.
  func recordedText(_ key: String) -> String? {
    guard
      let bytes = try? InputFile.read(file(RunDirectory.record), upTo: RunDirectory.recordLimit),
      let record = try? Node.parseJSON(bytes)
    else { return nil }
    return record[key]?.scalar?.text
  }
}
