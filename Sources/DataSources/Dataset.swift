package import Tensors

/// Examples in memory, row-major.
///
/// - `inputs`: count × `inputShape`.
/// - `targets`: count × `targetShape` values. Where that is nil: count × `labelShape` numbers of
///   classes. No value where there are no targets.
package final class Dataset: Sendable {
  package let count: Int
  package let inputs: FloatStorage
  package let targets: FloatStorage
  /// The shape of one example.
  package let inputShape: Shape
  /// The shape of one target; nil: targets are numbers of classes; ``Tensors/Shape/noTarget``:
  /// there are none.
  package let targetShape: Shape?
  /// The shape of the classes of one example, where targets are classes: a scalar for one class,
  /// [H, W] for a class a pixel, [T] for one a time step.
  package let labelShape: Shape
  /// The classes by number; nil if targets are values, or there are none.
  package let classes: [String]?
  /// One an input; none where inputs have no names.
  package let inputNames: [String]
  package let targetNames: [String]
  /// Read the source again in double precision; nil if single precision holds every value.
  let exactInputs: (any ExactValues)?
  let exactTargets: (any ExactValues)?
  /// What is suspicious about the data.
  package let remarks: [DataRemark]

  /// Values or classes of one example.
  package var targetWidth: Int { targetShape?.count ?? labelShape.count }

  /// The names of the targets as one text.
  package var targetName: String { targetNames.joined(separator: ", ") }

  /// The name of an input; `x1`, `x2` … where they have none.
  package func inputName(_ index: Int) -> String {
    inputNames.isEmpty ? "x\(index + 1)" : inputNames[index]
  }

  /// The memory of inputs and targets.
  package var byteCount: Int { (inputs.count + targets.count) * MemoryLayout<Float>.size }

  package convenience init(
    count: Int, inputs: FloatStorage, targets: FloatStorage, inputShape: Shape,
    targetShape: Shape?, labelShape: Shape = .scalar, classes: [String]?, inputNames: [String],
    targetNames: [String]
  ) {
    self.init(
      count: count, inputs: inputs, targets: targets, inputShape: inputShape,
      targetShape: targetShape, labelShape: labelShape, classes: classes, inputNames: inputNames,
      targetNames: targetNames, exactInputs: nil)
  }

  init(
    count: Int, inputs: FloatStorage, targets: FloatStorage, inputShape: Shape,
    targetShape: Shape?, labelShape: Shape = .scalar, classes: [String]?, inputNames: [String],
    targetNames: [String], exactInputs: (any ExactValues)?,
    exactTargets: (any ExactValues)? = nil, remarks: [DataRemark] = []
  ) {
    precondition(inputs.count == count * inputShape.count, "inputs do not fill their shape")
    precondition(
      targets.count == count * (targetShape ?? labelShape).count, "targets do not fill their shape")
    self.count = count
    self.inputs = inputs
    self.targets = targets
    self.inputShape = inputShape
    self.targetShape = targetShape
    self.labelShape = labelShape
    self.classes = classes
    self.inputNames = inputNames
    self.targetNames = targetNames
    self.exactInputs = exactInputs
    self.exactTargets = exactTargets
    self.remarks = remarks
  }
}

extension Dataset {
  /// Other examples, or the same in another form, of which everything else holds. They can be read
  /// in double precision no more.
  private func replacing(
    count: Int? = nil, inputs: FloatStorage? = nil, targets: FloatStorage? = nil,
    inputShape: Shape? = nil, remarks: [DataRemark]? = nil
  ) -> Dataset {
    Dataset(
      count: count ?? self.count, inputs: inputs ?? self.inputs, targets: targets ?? self.targets,
      inputShape: inputShape ?? self.inputShape, targetShape: targetShape, labelShape: labelShape,
      classes: classes, inputNames: inputNames, targetNames: targetNames, exactInputs: nil,
      remarks: remarks ?? self.remarks)
  }

  /// The examples with the values that they have now, and with more remarks.
  func settled(adding remarks: [DataRemark] = []) -> Dataset {
    replacing(remarks: self.remarks + remarks)
  }

  /// The examples with these remarks alone.
  func settled(keeping remarks: [DataRemark]) -> Dataset { replacing(remarks: remarks) }
}

extension Dataset {
  /// The most values that a data set holds: 2³⁰, which are 4 GiB.
  package static let valueLimit = 1 << 30

  /// Why there can be no data set of that size, or nil if there can.
  static func sizeMistake(count: Int, inputs: Int, targets: Int) -> String? {
    let (perExample, overflows) = inputs.addingReportingOverflow(targets)
    let (values, overflowsToo) = count.multipliedReportingOverflow(by: perExample)
    guard overflows || overflowsToo || values > valueLimit else { return nil }
    return "expected at most \(valueLimit) values, received \(count) examples of \(inputs) inputs "
      + "and \(targets) \(targets == 1 ? "target" : "targets")"
  }

  /// Zeroed memory for inputs and targets.
  ///
  /// - Parameter name: what a failure names: a path or a source.
  static func allocate(
    count: Int, inputs: Int, targets: Int, of name: String
  ) throws(DataFailure) -> (inputs: FloatStorage, targets: FloatStorage) {
    if let mistake = sizeMistake(count: count, inputs: inputs, targets: targets) {
      throw .content("\(name): \(mistake)")
    }
    let bytes = count * (inputs + targets) * MemoryLayout<Float>.size
    guard fitsMachine(bytes), let inputStorage = FloatStorage(count: count * inputs),
      let targetStorage = FloatStorage(count: count * targets)
    else { throw .io("\(name): \(bytes) bytes of memory are more than are free") }
    return (inputStorage, targetStorage)
  }

  /// Whether the process may take `bytes` of memory: the system grants more than it has, and ends the process that uses
  /// it.
  static func fitsMachine(_ bytes: Int) -> Bool {
    bytes <= SystemLimits.current.availableMemory
  }

  /// What would be known of the examples before they are read.
  var signature: DataSignature {
    DataSignature(
      inputShape: inputShape, targetShape: targetShape, labelShape: labelShape,
      classes: classes.map(ClassNames.names), inputNames: inputNames, exampleCount: count)
  }

  /// The same examples, each in another shape of equal count.
  package func reshaped(to shape: Shape) -> Dataset {
    precondition(shape.count == inputShape.count, "an example does not fill the new shape")
    return replacing(inputShape: shape)
  }

  /// The examples in `rows`, which share the memory of these.
  func slice(_ rows: Range<Int>) -> Dataset {
    func part(_ storage: FloatStorage) -> FloatStorage {
      let width = storage.count / count
      return FloatStorage(rows.lowerBound * width..<rows.upperBound * width, of: storage)
    }
    return replacing(count: rows.count, inputs: part(inputs), targets: part(targets))
  }

  /// The examples at `rows`, in that order.
  package func selecting(_ rows: some Collection<Int>) throws(DataFailure) -> Dataset {
    let width = inputShape.count
    let (newInputs, newTargets) = try Dataset.allocate(
      count: rows.count, inputs: width, targets: targetWidth, of: "a part of the data")
    Dataset.copy(rows, of: inputs, to: newInputs, width: width)
    Dataset.copy(rows, of: targets, to: newTargets, width: targetWidth)
    return replacing(count: rows.count, inputs: newInputs, targets: newTargets)
  }

  private static func copy(
    _ rows: some Collection<Int>, of source: FloatStorage, to target: FloatStorage, width: Int
  ) {
    let sourceBuffer = unsafe source.buffer
    let targetBuffer = unsafe target.buffer
    for (place, row) in rows.enumerated() {
      let values = sourceBuffer.extracting(row * width..<(row + 1) * width)
      _ = unsafe targetBuffer.extracting(place * width..<(place + 1) * width).update(
        fromContentsOf: values)
    }
  }
}

extension Dataset {
  /// The examples of a table without their targets, for prediction.
  ///
  /// - Parameter inputs: the columns in the order in which the model was trained. They may stand in
  ///   any order in the table; its further columns are ignored.
  package static func unlabelled(
    from table: CSVTable, inputs: [String]
  ) throws(DataFailure) -> Dataset {
    guard !inputs.isEmpty else {
      throw .content("\(table.path): expected at least one input column, received none")
    }
    let columns = try table.columns(named: inputs)
    let (values, targets) = try Dataset.allocate(
      count: table.rowCount, inputs: inputs.count, targets: 1, of: table.path)
    var reader = CSVValues(table, inputs: columns, targets: [])
    reader.read(table, inputs: values, targets: targets)
    guard reader.badCells.isEmpty else { throw .cells(reader.badCells) }
    return Dataset(
      count: table.rowCount, inputs: values, targets: targets, inputShape: Shape([inputs.count]),
      targetShape: nil, classes: nil, inputNames: inputs, targetNames: [],
      exactInputs: reader.inputsAreExact ? nil : CSVColumns(table, columns))
  }
}

extension Shape {
  /// Of a target that is not there: no value.
  package static let noTarget = Shape([0])
}
