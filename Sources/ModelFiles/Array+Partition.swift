extension Array {
  /// Returns the index of the first element in the second part of a partitioned array.
  ///
  /// `belongsBehind` must be false for all elements of the first part, and true for all of the
  /// second.
  func partitioningIndex(where belongsBehind: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if belongsBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
