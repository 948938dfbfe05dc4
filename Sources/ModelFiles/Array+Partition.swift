extension Array {
  /// Returns the first index from which `belongsBehind` holds for all elements.
  ///
  /// The array must be partitioned: before that index, `belongsBehind` holds for no element.
  func partitioningIndex(where belongsBehind: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if belongsBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
