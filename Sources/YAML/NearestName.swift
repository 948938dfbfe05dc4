extension Collection<String> {
  /// The name that a misspelt one probably meant: the least edit distance (insertions, deletions, substitutions and
  /// swaps of neighbours, each 1; letters compared without case), at most a third of the length; nil if none is near.
  ///
  /// Reference: F. J. Damerau, "A technique for computer detection and correction of spelling errors", 1964.
  package func nearest(to name: String) -> String? {
    let limit = Swift.max(1, name.count / 3)
    guard name.utf8.count <= 100 else { return nil }
    let candidates = map { (name: $0, distance: editDistance($0.lowercased(), name.lowercased())) }
    return candidates.filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.name
  }
}

private func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first.unicodeScalars)
  let b = Array(second.unicodeScalars)
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var best = Swift.min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        best = Swift.min(best, beforeLast[j - 1] + 1)
      }
      row.append(best)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
