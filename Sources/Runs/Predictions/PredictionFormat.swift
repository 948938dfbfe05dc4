/// The format of predictions in a file.
package enum PredictionFormat: String, Sendable, CaseIterable {
  /// Comma-separated values (RFC 4180) with a header.
  case csv
  /// One JSON object for each example, with the names of the CSV columns.
  case jsonl
  /// A NumPy array of float32, without names.
  case npy

  /// Returns the format that the ending of a path names. CSV for other paths.
  package init(path: String) {
    switch path.split(separator: ".").last?.lowercased() {
    case "jsonl", "ndjson": self = .jsonl
    case "npy": self = .npy
    default: self = .csv
    }
  }
}
