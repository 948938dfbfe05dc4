package import DataFiles
package import Tensors

/// Examples in memory: the tensors that the network can read, each with one entry per example.
package final class Dataset: Sendable {
  package let count: Int
  /// The inputs, then the targets. There is at least one input.
  package let tensors: [ExampleTensor]
  /// The transforms that run when a batch is loaded. Nil when there are none.
  package let transforms: TransformChain?
  /// The number of each example's group, which a division keeps in one part. Nil without groups.
  let groups: [Int]?
  /// The weights of the examples in losses. Nil when all count alike.
  package let weights: ExampleWeighting?
  /// Suspicious properties of the data.
  package let remarks: [DataRemark]
  /// The source with all settings that reading the examples determined. Nil when reading determined
  /// none.
  let learned: (any DataSource)?

  package init(
    count: Int, _ tensors: [ExampleTensor], groups: [Int]? = nil,
    weights: ExampleWeighting? = nil, remarks: [DataRemark] = [],
    learned: (any DataSource)? = nil, transforms: TransformChain? = nil
  ) {
    self.learned = learned
    self.transforms = transforms
    self.groups = groups
    self.weights = weights
    precondition(
      tensors.allSatisfy { $0.storage.count == count * $0.width },
      "the elements do not fill their shape")
    precondition(tensors.first.map { !$0.top.isTarget } ?? false, "the first tensor is an input")
    self.count = count
    self.tensors = tensors
    self.remarks = remarks
  }

  /// The tensors of an example as the network reads them, after all transforms.
  package var tops: [DataTop] { transforms?.tops ?? tensors.map(\.top) }

  /// The stored inputs, before the transforms that run when a batch is loaded.
  package var inputs: [ExampleTensor] { tensors.filter { !$0.top.isTarget } }

  /// The stored targets, before the transforms that run when a batch is loaded.
  package var targets: [ExampleTensor] { tensors.filter(\.top.isTarget) }

  /// Returns the tensor `name`. Nil when the data do not provide it.
  package subscript(name: String) -> ExampleTensor? { tensors.first { $0.name == name } }

  /// The size of all tensors and weights in bytes.
  package var byteCount: Int {
    tensors.reduce(weights?.tensor.storage.byteCount ?? 0) { $0 + $1.storage.byteCount }
  }

  /// The statistics that standardized the targets. Nil when they have their original unit.
  package var targetStatistics: Standardization? {
    let units = targets.compactMap(\.unit)
    return units.isEmpty
      ? nil
      : Standardization(mean: units.flatMap(\.mean), deviation: units.flatMap(\.deviation))
  }

  /// The properties that would be known before the examples are read.
  package var signature: DataSignature { DataSignature(tops, exampleCount: count) }
}

extension Dataset {
  /// Returns the examples with other tensors, weights or remarks.
  func with(
    _ tensors: [ExampleTensor]? = nil, weights: ExampleWeighting? = nil,
    remarks: [DataRemark]? = nil
  ) -> Dataset {
    Dataset(
      count: count, tensors ?? self.tensors, groups: groups, weights: weights ?? self.weights,
      remarks: remarks ?? self.remarks, learned: learned, transforms: transforms)
  }

  /// Returns the examples with transforms that run when a batch is loaded.
  package func transformed(by chain: TransformChain?) -> Dataset {
    Dataset(
      count: count, tensors, groups: groups, weights: weights, remarks: remarks, learned: learned,
      transforms: chain)
  }

  /// The tensors that are loaded when a batch needs them: those with transforms, and those on demand.
  package var loadedTops: [DataTop] {
    tensors.indices.filter { index in
      if tensors[index].isOnDemand { return true }
      return transforms?.changes(index) ?? false
    }.map { tops[$0] }
  }

  /// Whether all examples have one shape before the transforms.
  package var hasOneShape: Bool {
    tensors.allSatisfy {
      if case .onDemand(let examples) = $0.storage { examples.reader.hasOneShape } else { true }
    }
  }

  /// Whether all examples lie in memory.
  package var isInMemory: Bool {
    !tensors.contains(where: \.isOnDemand)
  }

  /// Returns the examples without the readers in double precision, and with further remarks.
  func settled(adding remarks: [DataRemark] = []) -> Dataset {
    with(tensors.map { $0.settled() }, remarks: self.remarks + remarks)
  }

  /// Returns the same examples with another shape of the first input, of equal count.
  package func reshaped(to shape: Shape) -> Dataset {
    precondition(shape.count == tensors[0].width, "an example does not fill the new shape")
    return with([tensors[0].reshaped(to: shape)] + tensors.dropFirst())
  }

  /// Returns the examples in `rows`, which share the memory of these.
  func slice(_ rows: Range<Int>) -> Dataset {
    Dataset(
      count: rows.count, tensors.map { $0.slice(rows) },
      weights: weights.map { ExampleWeighting($0.tensor.slice(rows), ofClasses: $0.ofClasses) },
      remarks: remarks, learned: learned, transforms: transforms)
  }

  /// Returns a copy of the examples at `rows`, in that order.
  package func selecting(_ rows: some Collection<Int>) throws(DataFailure) -> Dataset {
    let exampleBytes = byteCount / max(1, count)
    guard DataLimits.fitsMemory(rows.count * exampleBytes) else {
      throw Dataset.noMemory(rows.count * exampleBytes, for: "a part of the data")
    }
    var copies: [ExampleTensor] = []
    for tensor in tensors {
      guard let copy = tensor.selecting(rows) else {
        throw Dataset.noMemory(rows.count * exampleBytes, for: "a part of the data")
      }
      copies.append(copy)
    }
    return Dataset(
      count: rows.count, copies, weights: try selectingWeights(rows), remarks: remarks,
      learned: learned, transforms: transforms)
  }

  /// Returns a copy of the weights at `rows`.
  private func selectingWeights(
    _ rows: some Collection<Int>
  ) throws(DataFailure) -> ExampleWeighting? {
    guard let weights else { return nil }
    guard let copy = weights.tensor.selecting(rows) else {
      throw Dataset.noMemory(
        rows.count * MemoryLayout<Float>.size, for: "the weights of examples")
    }
    return ExampleWeighting(copy, ofClasses: weights.ofClasses)
  }

  /// Calls `body` with the values of each example of a tensor, after the transforms that data in memory
  /// get once.
  package func forEachStart(
    of name: String, _ body: ([Float]) -> Void
  ) throws(DataFailure) {
    var loader = ExampleLoader(
      transformed(by: transforms?.exactStart), [name], isTraining: false)
    for example in 0..<count {
      try loader.load(example, epoch: 0)
      loader.withValues(of: name) { span in body(span.indices.map { span[$0] }) }
    }
  }

  /// Returns the first examples as float32 numbers in memory, after all transforms of a test.
  package func decoded(first count: Int) throws(DataFailure) -> Dataset {
    try decoded(0..<min(count, self.count), isTraining: false)
  }

  /// Returns the examples at `rows` as float32 numbers in memory, after all transforms of single
  /// examples in the first epoch.
  package func decoded(
    _ rows: some Collection<Int>, isTraining: Bool
  ) throws(DataFailure) -> Dataset {
    let count = rows.count
    var loader = ExampleLoader(self, isTraining: isTraining)
    var storages: [FloatStorage] = []
    for top in tops {
      guard let storage = FloatStorage(count: count * top.width) else {
        throw Dataset.noMemory(count * top.width * MemoryLayout<Float>.size, for: "the examples")
      }
      storages.append(storage)
    }
    for (place, row) in rows.enumerated() {
      try loader.load(row, epoch: 0)
      for (top, storage) in zip(tops, storages) {
        let part = FloatStorage(place * top.width..<(place + 1) * top.width, of: storage)
        let buffer = unsafe part.buffer
        var span = unsafe buffer.mutableSpan
        loader.copy(top.name, to: &span)
      }
    }
    return Dataset(
      count: count,
      zip(tops, storages).map { ExampleTensor($0, .floats($1), unit: self[$0.name]?.unit) },
      weights: try selectingWeights(rows), remarks: remarks, learned: learned)
  }
}

extension Dataset {
  /// Returns the reason why a data set cannot have this size. Nil when it can.
  ///
  /// - Parameters:
  ///   - inputs: the input values of an example.
  ///   - targets: the values or classes of an example's targets.
  static func sizeMistake(count: Int, inputs: Int, targets: Int) -> String? {
    let (perExample, overflows) = inputs.addingReportingOverflow(targets)
    let (values, overflowsToo) = count.multipliedReportingOverflow(by: perExample)
    guard overflows || overflowsToo || values > DataLimits.valueCount else { return nil }
    return
      "expected at most \(DataLimits.valueCount) values, received \(count) examples of \(inputs) inputs "
      + "and \(targets) \(targets == 1 ? "target" : "targets")"
  }

  /// Allocates zeroed memory for float32 values.
  ///
  /// - Parameters:
  ///   - widths: the values of an example in each tensor.
  ///   - name: the path or source that a failure names.
  static func allocate(
    count: Int, inputs: Int, targets: Int, of name: String
  ) throws(DataFailure) -> (inputs: FloatStorage, targets: FloatStorage) {
    try check(count: count, inputs: inputs, targets: targets, of: name)
    let bytes = count * (inputs + targets) * MemoryLayout<Float>.size
    guard DataLimits.fitsMemory(bytes), let inputStorage = FloatStorage(count: count * inputs),
      let targetStorage = FloatStorage(count: count * targets)
    else { throw noMemory(bytes, for: name) }
    return (inputStorage, targetStorage)
  }

  /// Refuses a data set of too many values.
  static func check(
    count: Int, inputs: Int, targets: Int, of name: String
  ) throws(DataFailure) {
    if let mistake = sizeMistake(count: count, inputs: inputs, targets: targets) {
      throw .content("\(name): \(mistake)")
    }
  }

  static func noMemory(_ bytes: Int, for name: String) -> DataFailure {
    .io("\(name): \(bytes) bytes of memory are more than are free")
  }
}
