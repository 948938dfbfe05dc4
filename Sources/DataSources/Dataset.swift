package import DataFiles
package import Tensors

/// Examples in memory, in row-major order.
///
/// - `inputs`: count × `inputShape`.
/// - `targets`: count × `targetShape` values, or count × `labelShape` class indices when
///   `targetShape` is nil. Empty without targets.
package final class Dataset: Sendable {
  package let count: Int
  package let inputs: FloatStorage
  package let targets: FloatStorage
  /// The shape of one example.
  package let inputShape: Shape
  /// The shape of one target. Nil for classes, ``Tensors/Shape/noTarget`` without targets.
  package let targetShape: Shape?
  /// The shape of one example's classes.
  ///
  /// A scalar is one class, [H, W] a class for each pixel, [T] a class for each time step.
  package let labelShape: Shape
  /// The names of the classes by index. Nil without classes.
  package let classes: [String]?
  /// One name for each input. Empty when inputs have no names.
  package let inputNames: [String]
  package let targetNames: [String]
  /// Readers of the source in double precision. Nil when float32 holds every value.
  let exactInputs: (any ExactValues)?
  let exactTargets: (any ExactValues)?
  /// Suspicious properties of the data.
  package let remarks: [DataRemark]

  /// The number of values or classes of one example.
  package var targetWidth: Int { targetShape?.count ?? labelShape.count }

  /// The names of the targets as one text.
  package var targetName: String { targetNames.joined(separator: ", ") }

  /// Returns the name of an input. Unnamed inputs are `x1`, `x2` …
  package func inputName(_ index: Int) -> String {
    inputNames.isEmpty ? "x\(index + 1)" : inputNames[index]
  }

  /// The bytes of inputs and targets.
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
  /// Returns a copy with other examples or another form.
  ///
  /// The copy drops the readers in double precision.
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

  /// Returns the examples without the readers in double precision, and with further remarks.
  func settled(adding remarks: [DataRemark] = []) -> Dataset {
    replacing(remarks: self.remarks + remarks)
  }

  /// Returns the examples without the readers in double precision, and with only these remarks.
  func settled(keeping remarks: [DataRemark]) -> Dataset { replacing(remarks: remarks) }
}

extension Dataset {
  /// Returns the reason why a data set cannot have this size. Nil when it can.
  static func sizeMistake(count: Int, inputs: Int, targets: Int) -> String? {
    let (perExample, overflows) = inputs.addingReportingOverflow(targets)
    let (values, overflowsToo) = count.multipliedReportingOverflow(by: perExample)
    guard overflows || overflowsToo || values > DataLimits.valueCount else { return nil }
    return
      "expected at most \(DataLimits.valueCount) values, received \(count) examples of \(inputs) inputs "
      + "and \(targets) \(targets == 1 ? "target" : "targets")"
  }

  /// Allocates zeroed memory for inputs and targets.
  ///
  /// - Parameter name: the path or source that a failure names.
  static func allocate(
    count: Int, inputs: Int, targets: Int, of name: String
  ) throws(DataFailure) -> (inputs: FloatStorage, targets: FloatStorage) {
    if let mistake = sizeMistake(count: count, inputs: inputs, targets: targets) {
      throw .content("\(name): \(mistake)")
    }
    let bytes = count * (inputs + targets) * MemoryLayout<Float>.size
    guard DataLimits.fitsMemory(bytes), let inputStorage = FloatStorage(count: count * inputs),
      let targetStorage = FloatStorage(count: count * targets)
    else { throw .io("\(name): \(bytes) bytes of memory are more than are free") }
    return (inputStorage, targetStorage)
  }

  /// The properties that would be known before the examples are read.
  var signature: DataSignature {
    DataSignature(
      inputShape: inputShape, targetShape: targetShape, labelShape: labelShape,
      classes: classes.map(ClassNames.names), inputNames: inputNames, exampleCount: count)
  }

  /// Returns the same examples in another shape of equal count.
  package func reshaped(to shape: Shape) -> Dataset {
    precondition(shape.count == inputShape.count, "an example does not fill the new shape")
    return replacing(inputShape: shape)
  }

  /// Returns the examples in `rows`, which share the memory of these.
  func slice(_ rows: Range<Int>) -> Dataset {
    func part(_ storage: FloatStorage) -> FloatStorage {
      let width = storage.count / count
      return FloatStorage(rows.lowerBound * width..<rows.upperBound * width, of: storage)
    }
    return replacing(count: rows.count, inputs: part(inputs), targets: part(targets))
  }

  /// Returns a copy of the examples at `rows`, in that order.
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
  /// Returns the examples of a table without targets, for prediction.
  ///
  /// - Parameter inputs: the columns in the order of training. The table may have them in any
  ///   order, and further columns.
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
  /// The shape of a missing target, which has no values.
  package static let noTarget = Shape([0])
}
