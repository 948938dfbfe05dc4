internal import Tensors

extension DataTop {
  /// Makes the input of a table from the fitted encodings of its columns.
  init(columns encodings: [ColumnEncoding]) {
    let names = encodings.flatMap(\.names)
    self.init(
      DataTop.data, shape: Shape([names.count]), valueNames: names,
      categoryCounts: encodings.flatMap(\.categoryCounts))
  }
}

extension ColumnEncoding {
  /// For each value of a row the number of categories that it is an index of. Nil for other values,
  /// and when the categories are unknown.
  fileprivate var categoryCounts: [Int?] {
    var counts = [Int?](repeating: nil, count: width)
    if kind == .category, form == .index, categories != nil { counts[0] = categoryCount }
    return counts
  }
}
