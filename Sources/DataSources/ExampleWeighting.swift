internal import DataFiles
internal import Tensors
internal import YAML

/// The weights of examples in losses.
package struct ExampleWeighting: Sendable {
  /// One weight for each example: that of its row times that of its class.
  package let tensor: ExampleTensor
  /// The weight of each class. Nil without `class_weights`.
  package let ofClasses: [Double]?

  init(_ tensor: ExampleTensor, ofClasses: [Double]? = nil) {
    self.tensor = tensor
    self.ofClasses = ofClasses
  }

  init(_ values: FloatStorage) {
    self.init(ExampleTensor(DataTop("weight", shape: .scalar), .floats(values)))
  }
}

extension Dataset {
  /// Returns the number of examples of each class, without those of ignored labels.
  ///
  /// - Parameter rows: the counted examples. Nil means all.
  func classCounts(rows: [Bool]?) throws(DataFailure) -> [Int] {
    let classes = try dividedRows().classes ?? []
    var counts = [Int](repeating: 0, count: targets.first?.classes?.count ?? 0)
    for (row, label) in classes.enumerated() where rows?[row] ?? true {
      if counts.indices.contains(label) { counts[label] += 1 }
    }
    return counts
  }

  /// Multiplies the weight of each example by that of its class.
  ///
  /// - Throws: a failure when memory is missing.
  func weighted(ofClasses factors: [Double]?) throws(DataFailure) -> Dataset {
    guard let factors else { return self }
    guard let storage = FloatStorage(count: count) else {
      throw Dataset.noMemory(count * MemoryLayout<Float>.size, for: "the weights of examples")
    }
    let own = try weights?.tensor.storage.floats()
    for (row, label) in (try dividedRows().classes ?? []).enumerated() {
      let factor = factors.indices.contains(label) ? factors[label] : 1
      storage[row] = Float((own.map { Double($0[row]) } ?? 1) * factor)
    }
    return with(weights: ExampleWeighting(ExampleWeighting(storage).tensor, ofClasses: factors))
  }

  /// Whether some example counts in losses.
  func hasWeight() throws(DataFailure) -> Bool {
    guard let weights else { return true }
    var isFound = false
    try weights.tensor.storage.forEachPiece { values, _ in
      isFound = values.indices.contains { values[$0] > 0 }
      return !isFound
    }
    return isFound
  }
}
