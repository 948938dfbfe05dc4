extension Collection<String> {
  /// The name that a misspelt name probably means. Nil if no name is near.
  ///
  /// The distance is the edit distance without case. It counts insertions, deletions, substitutions
  /// and swaps of neighbours, each as 1. A name is near if its distance is at most a third of the
  /// misspelt name's length. A distance of 1 is near for every name of two or more letters. Of
  /// equally near names, the result is the first.
  ///
  /// A file may contain a thousand misspelt names, and the candidates may come from the file
  /// itself. The search is therefore limited. It compares the first 1,000 names, and only those of
  /// at most 200 bytes. A misspelt name of more than 100 bytes has no suggestion.
  ///
  /// Reference: F. J. Damerau, "A technique for computer detection and correction of spelling
  /// errors", 1964.
  package func nearest(to name: String) -> String? {
    guard name.utf8.count <= 100 else { return nil }
    var search = EditDistance(from: name)
    var limit = Swift.min(Swift.max(1, search.length / 3), search.length - 1)
    var nearest: String?
    for candidate in prefix(1000) where candidate.utf8.count <= 200 {
      guard limit >= 0, let distance = search.distance(to: candidate, atMost: limit) else {
        continue
      }
      nearest = candidate
      limit = distance - 1
    }
    return nearest
  }
}

/// Computes the edit distance of one name to many others. It reuses three rows of the table.
private struct EditDistance {
  private let name: [Unicode.Scalar]
  private var beforeLast: [Int]
  private var last: [Int]
  private var row: [Int]

  var length: Int { name.count }

  init(from name: String) {
    self.name = Array(name.lowercased().unicodeScalars)
    row = [Int](repeating: 0, count: self.name.count + 1)
    last = row
    beforeLast = row
  }

  mutating func distance(to candidate: String, atMost limit: Int) -> Int? {
    let other = Array(candidate.lowercased().unicodeScalars)
    guard abs(other.count - name.count) <= limit else { return nil }
    for j in 0...name.count { last[j] = j }
    for i in other.indices {
      row[0] = i + 1
      for j in name.indices {
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (other[i] == name[j] ? 0 : 1))
        if i > 0, j > 0, other[i] == name[j - 1], other[i - 1] == name[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        row[j + 1] = best
      }
      swap(&beforeLast, &last)
      swap(&last, &row)
    }
    return last[name.count] <= limit ? last[name.count] : nil
  }
}
