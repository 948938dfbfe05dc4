/// A set of bytes, stored as ranges (runs) in ascending order. Runs do not overlap or touch.
struct ByteRuns {
  private var runs: [Range<Int>] = []

  var isEmpty: Bool { runs.isEmpty }

  /// The end of the first run that overlaps `offset..<offset + bytes`. Nil if no run does.
  func end(ofRunMeeting bytes: Int, from offset: Int) -> Int? {
    let place = firstRun(endingAfter: offset)
    guard place < runs.count, case let run = runs[place],
      run.lowerBound < offset || run.lowerBound - offset < bytes
    else { return nil }
    return run.upperBound
  }

  /// Adds the bytes, and joins the runs that they overlap or touch.
  mutating func insert(_ bytes: Range<Int>) {
    // A run that ends directly before the first byte is joined too.
    let first = firstRun(endingAfter: bytes.lowerBound - 1)
    var next = first
    var (start, end) = (bytes.lowerBound, bytes.upperBound)
    while next < runs.count, runs[next].lowerBound <= bytes.upperBound {
      start = min(start, runs[next].lowerBound)
      end = max(end, runs[next].upperBound)
      next += 1
    }
    if next == first + 1 {
      runs[first] = start..<end
    } else {
      runs.replaceSubrange(first..<next, with: CollectionOfOne(start..<end))
    }
  }

  private func firstRun(endingAfter offset: Int) -> Int {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].upperBound > offset { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
