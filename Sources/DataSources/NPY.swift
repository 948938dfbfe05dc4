package import DataFiles
package import Fields
package import Tensors
package import YAML

/// Inputs and targets in NumPy's .npy files, versions 1.0, 2.0 and 3.0, plain or gzip.
///
/// The first two bytes of a file show whether it is gzip.
///
/// - Inputs: [N, …] are N examples of shape […]. [N] are N examples of one value.
/// - Targets: values of the shape after N, or classes. [N] and [N, 1] have one class for each
///   example. [N, H, W] and [N, T] have one for each position. Without `targets` there is no
///   target.
///
/// - `inputs`: a file, relative to the model file.
/// - `targets` (none): a file with the same number of examples. Without it the data have no `label`
///   blob.
/// - `task`: `classification` or `regression`.
///
/// **Elements** are booleans, integers of 1 to 8 bytes, or floats of 2, 4 or 8 bytes. They may be
/// little or big endian, and in C or Fortran order. A number that float32 cannot represent is
/// rounded once. NaN, infinity and numbers that are too large are refused. Python objects,
/// structures, text and complex numbers are also refused.
///
/// **Task.** Floats are values. Integers need `task` or `classes`, because dlrun does not guess
/// whether they are classes or values. A label is the index of its class, as in ``IDX``.
///
///     data:
///       train: {source: npy, inputs: data/x.npy, targets: data/y.npy, classes: 10}
///
/// Reference: R. Kern, "A simple file format for NumPy arrays" (NEP 1), 2007.
package struct NPY: DataSource, Equatable {
  package var inputs = ""
  package var targets: String?
  package var task: CSV.Task?

  package init() {}

  package static let reference = Reference(
    "npy",
    formula: "NumPy arrays: inputs [N, …] and targets [N] or [N, …]",
    discussion: """
      Reads numbers in formats 1.0 to 3.0, in C or Fortran order and any byte order, plain or \
      gzip. Float targets are values. Integer targets need task: classification, \
      task: regression, or classes. Classes may have axes after N, for one class at each position. \
      Without targets no layer can read 'label'.
      """,
    example: """
      {source: npy, inputs: data/x.npy, targets: data/y.npy, task: classification, \
      fraction: [0, 0.8], standardize: true}
      """)

  package static var fields: [Field<NPY>] {
    [
      .required(
        "inputs", \.inputs, .path, role: .path,
        "The inputs: an array whose first axis counts the examples."),
      .optional(
        "targets", \.targets, .given(.path), role: .path,
        "The targets: an array with the same number of examples. Default: none."),
      .optional(
        "task", \.task, .any,
        "The kind of target: a class or a value. Default: regression for floats, classification "
          + "for integers with classes."),
    ]
  }

  package var files: [String] { [inputs] + (targets.map { [$0] } ?? []) }

  package var targetNames: [String] { [] }

  package func learned(from dataset: Dataset) -> any DataSource {
    var source = self
    if targets != nil { source.task = dataset.targetShape == nil ? .classification : .regression }
    return source
  }

  package func isSameData(as other: any DataSource) -> Bool { other as? NPY == self }

  package var hasNoTarget: Bool { targets == nil }

  package func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    if targets == nil {
      for (key, isStated) in [("classes", declaration.classes != nil), ("task", task != nil)]
      where isStated {
        diagnostics.error(
          "\(key): expected none, since no targets are stated", at: (node[key] ?? node).mark)
      }
    } else if task == .regression, declaration.classes != nil {
      diagnostics.error(
        "classes: expected none, since the task is regression",
        at: (node["classes"] ?? node).mark)
    }
  }

  /// The open files, after their headers were read.
  private struct Files {
    let inputs: ArrayFile
    let targets: ArrayFile?
    /// The shape of a target. Nil for a class.
    let targetShape: Shape?
    /// The shape of the classes of one example.
    var labelShape = Shape.scalar
  }

  private func open(_ context: DataContext) throws(DataFailure) -> Files {
    let inputs = try DataFailure.blaming("inputs", of: context.phase) { () throws(DataFailure) in
      try ArrayFile(npy: context.resolve(self.inputs))
    }
    guard let targets else { return Files(inputs: inputs, targets: nil, targetShape: .noTarget) }
    return try DataFailure.blaming("targets", of: context.phase) { () throws(DataFailure) in
      let file = try ArrayFile(npy: context.resolve(targets))
      try file.checkCount(of: inputs)
      let shape = try targetShape(file, context)
      return Files(
        inputs: inputs, targets: file, targetShape: shape,
        labelShape: shape == nil ? file.header.labelShape : .scalar)
    }
  }

  private func targetShape(
    _ file: ArrayFile, _ context: DataContext
  ) throws(DataFailure) -> Shape? {
    let header = file.header
    let isInteger = header.elementType.isInteger
    let task = task ?? (context.classes != nil ? .classification : isInteger ? nil : .regression)
    switch task {
    case .regression:
      return exampleShape(header)
    case .classification:
      guard isInteger else {
        throw .content(
          "\(file.path): expected classes, which are integers, received \(header.summary)")
      }
      return nil
    case nil:
      throw .content(
        "\(file.path): expected floats, or a 'task' for integers (classification, regression), "
          + "received \(header.summary)")
    }
  }

  private func exampleShape(_ header: ArrayHeader) -> Shape {
    header.shape.rank == 1 ? Shape([1]) : header.shape.example
  }

  package func signature(_ context: DataContext) throws(DataFailure) -> DataSignature {
    let files = try open(context)
    return DataSignature(
      inputShape: exampleShape(files.inputs.header), targetShape: files.targetShape,
      labelShape: files.labelShape, classes: files.targetShape == nil ? context.classes : nil,
      inputNames: [], exampleCount: files.inputs.header.count)
  }

  package func labelShape(_ context: DataContext) -> Shape {
    guard let targets, let file = try? ArrayFile(npy: context.resolve(targets)) else {
      return .scalar
    }
    return file.header.labelShape
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    let files = try open(context)
    let (inputs, targetShape) = (files.inputs, files.targetShape)
    let (count, shape) = (inputs.header.count, exampleShape(inputs.header))
    let (values, targetValues) = try Dataset.allocate(
      count: count, inputs: shape.count, targets: (targetShape ?? files.labelShape).count,
      of: inputs.path)
    func exact(_ file: ArrayFile, _ path: String) -> ArrayValues {
      let path = context.resolve(path)
      return ArrayValues(file) { () throws(DataFailure) in try ArrayFile(npy: path) }
    }
    let exactInputs =
      try inputs.readValues(into: values) ? nil : exact(inputs, self.inputs)
    var classes: [String]?
    var exactTargets: ArrayValues?
    if targetShape == nil {
      classes = try files.targets?.readClasses(
        into: targetValues, context.classes, offset: context.labelOffset,
        ignoring: context.ignoredLabels, refusing: context.labelFailure)
    } else if let file = files.targets, try !file.readValues(into: targetValues) {
      exactTargets = exact(file, targets ?? "")
    }
    return Dataset(
      count: count, inputs: values, targets: targetValues, inputShape: shape,
      targetShape: targetShape, labelShape: files.labelShape, classes: classes, inputNames: [],
      targetNames: targets == nil ? [] : [targetShape == nil ? "class" : "target"],
      exactInputs: exactInputs, exactTargets: exactTargets)
  }
}
