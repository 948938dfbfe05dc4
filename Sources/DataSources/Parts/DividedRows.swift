internal import DataFiles

/// The rows of a source before their division into parts.
package struct DividedRows: Sendable {
  package let count: Int
  /// The class of each row. Nil when the target is not one class for each example.
  package let classes: [Int]?
  /// The names of the classes, for messages. Empty when they are numbers.
  package let classNames: [String]
  /// The number of each row's group. Nil without groups.
  package let groups: [Int]?

  package init(
    count: Int, classes: [Int]? = nil, classNames: [String] = [], groups: [Int]? = nil
  ) {
    self.count = count
    self.classes = classes
    self.classNames = classNames
    self.groups = groups
  }
}

extension Dataset {
  /// The examples as rows that a division can read.
  func dividedRows() throws(DataFailure) -> DividedRows {
    DividedRows(
      count: count, classes: try singleClasses(), classNames: targets.first?.classes ?? [],
      groups: groups)
  }

  /// The class of each example. Nil unless the only target is one class for each example.
  private func singleClasses() throws(DataFailure) -> [Int]? {
    let targets = targets
    // Masks may have other sizes than the first one.
    guard targets.count == 1, targets[0].top.hasClasses, targets[0].width == 1, isFixed(targets[0])
    else { return nil }
    var classes: [Int] = []
    classes.reserveCapacity(count)
    try targets[0].storage.forEachPiece { values, _ in
      for index in values.indices { classes.append(Int(exactly: values[index]) ?? -1) }
      return true
    }
    return classes
  }

  private func isFixed(_ tensor: ExampleTensor) -> Bool {
    if case .onDemand(let examples) = tensor.storage { examples.reader.hasOneShape } else { true }
  }
}
