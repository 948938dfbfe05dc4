internal import DataFiles

/// The values of a column in the training rows, without missing values.
struct ColumnSample {
  private let column: StoredColumn
  private let values: [Double]

  init(_ column: StoredColumn, _ rows: [Bool]?) {
    self.column = column
    var values: [Double] = []
    for row in 0..<column.count where rows?[row] ?? true {
      let value = column.values[row]
      if !value.isNaN { values.append(value) }
    }
    self.values = values
  }

  /// The mean. The sum of the differences from the first value is exact for a constant column.
  var mean: Double? {
    guard let first = values.first else { return nil }
    return first + values.reduce(0) { $0 + ($1 - first) } / Double(values.count)
  }

  /// The middle value. Of an even number of values the mean of the middle two.
  var median: Double? {
    let sorted = values.sorted()
    guard let low = lowerMedian(sorted) else { return nil }
    guard sorted.count.isMultiple(of: 2) else { return low }
    // The difference of two float32 numbers cannot exceed the range of doubles.
    return low + (sorted[sorted.count / 2] - low) / 2
  }

  /// The middle value, or the lower of the middle two.
  var lowerMedian: Double? { lowerMedian(values.sorted()) }

  private func lowerMedian(_ sorted: [Double]) -> Double? {
    sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2]
  }

  /// The most frequent value. Of equally frequent values the least.
  var mostFrequent: Double? {
    let sorted = values.sorted()
    var best: (value: Double, count: Int)?
    var start = 0
    while start < sorted.count {
      var end = start
      while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
      if end - start > best?.count ?? 0 { best = (sorted[start], end - start) }
      start = end
    }
    return best?.value
  }

  /// The most frequent category. Of equally frequent categories the first in sorted order.
  var mostFrequentCategory: String? {
    var counts = [Int](repeating: 0, count: column.categories.count)
    for value in values { counts[Int(value)] += 1 }
    var best: (code: Int, count: Int)?
    for code in sortedCodes where counts[code] > best?.count ?? 0 {
      best = (code, counts[code])
    }
    return best.map { column.categories[$0.code] }
  }

  /// The categories that occur: integers by value, others by code points.
  var sortedCategories: [String] { sortedCodes.map { column.categories[$0] } }

  private var sortedCodes: [Int] {
    var occurs = [Bool](repeating: false, count: column.categories.count)
    for value in values { occurs[Int(value)] = true }
    let codes = occurs.indices.filter { occurs[$0] }
    let names = column.categories
    let integers = names.map { Int($0) }
    guard codes.allSatisfy({ integers[$0] != nil }) else {
      return codes.sorted { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
    }
    return codes.sorted { integers[$0] ?? 0 < integers[$1] ?? 0 }
  }
}
