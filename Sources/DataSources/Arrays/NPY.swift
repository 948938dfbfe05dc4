package import DataFiles
package import Fields
package import Tensors
package import YAML

/// Inputs and targets in NumPy's .npy files, versions 1.0, 2.0 and 3.0, plain or gzip, and in archives.
///
/// The first bytes of a file show whether it is gzip or an archive (.npz).
///
/// - Inputs: [N, …] are N examples of shape […]. [N] are N examples of one value.
/// - Targets: values of the shape after N, or classes. [N] and [N, 1] have one class for each
///   example. [N, H, W] and [N, T] have one for each position. Without `targets` there is no
///   target.
///
/// - `inputs`: a file, relative to the model file; or several, with the name of each tensor.
/// - `targets` (none): files with the same number of examples. Without them the data do not provide
///   `label`.
/// - `task`: `classification`, `regression`, or `multi_label` for values 0 and 1.
///
/// **Several tensors.** A list of mappings names each tensor with `top`, and layers read it by
/// `bottom`. A single input is `data`, and a single target is `label`, unless `top` names it.
///
/// **Archives** of `np.savez` and `np.savez_compressed` hold several arrays. `array` names one of them:
/// `{file: data.npz, array: x}`. The checksum of each array is verified. An array of an archive lies in
/// memory: only a plain file can be read on demand.
///
/// **Elements** are booleans, integers of 1 to 8 bytes, or floats of 2, 4 or 8 bytes. They may be
/// little or big endian, and in C or Fortran order. A number that float32 cannot represent is
/// rounded once. Elements of one byte stay bytes in memory. NaN, infinity and numbers that are too
/// large are refused. Python objects, structures, text and complex numbers are also refused.
///
/// **Task.** Floats are values. Integers need `task` or `classes`, because dlrun does not guess
/// whether they are classes or values. A label is the index of its class, as in ``IDX``.
///
///     data:
///       train: {source: npy, inputs: data/x.npy, targets: data/y.npy, classes: 10}
///
///     data:
///       train: {source: npy, inputs: {file: data/all.npz, array: x},
///               targets: {file: data/all.npz, array: y}, classes: 10}
///
///     data:
///       train: {source: npy, inputs: [{file: data/left.npy, top: left},
///               {file: data/right.npy, top: right}], targets: data/same.npy, classes: 2}
///
/// Reference: R. Kern, "A simple file format for NumPy arrays" (NEP 1), 2007.
package struct NPY: DataSource, Equatable {
  package var inputs = NamedFiles(files: [])
  package var targets: NamedFiles?
  package var task: CSV.Task?

  package init() {}

  package static let reference = Reference(
    "npy",
    formula: "NumPy arrays: inputs [N, …] and targets [N] or [N, …]",
    discussion: """
      Reads numbers in formats 1.0 to 3.0, in C or Fortran order and any byte order, plain or \
      gzip. Float targets are values. Integer targets need task: classification, \
      task: regression, or classes. Classes may have axes after N, for one class at each position. \
      Several files are a list of mappings with file and top. An array of a NumPy archive is \
      {file: data.npz, array: x}. Without targets no layer can read \
      'label'.
      """,
    example: """
      {source: npy, inputs: data/x.npy, targets: data/y.npy, task: classification, \
      rows: [0, 800], standardize: true}
      """)

  package static var fields: [Field<NPY>] {
    [
      .required(
        "inputs", \.inputs, .any, role: .path,
        "The inputs: an array whose first axis counts the examples, or several with their tops. "
          + "{file: data.npz, array: x} is an array of an archive."),
      .optional(
        "targets", \.targets, .any, role: .path,
        "The targets: an array with the same number of examples, or several with their tops. "
          + "Default: none."),
      .optional(
        "task", \.task, .any,
        "The kind of target: a class or a value. Default: regression for floats, classification "
          + "for integers with classes."),
    ]
  }

  package var files: [String] { inputs.paths + (targets?.paths ?? []) }

  package var targetNames: [String] { [] }

  package var topNames: TopNames {
    TopNames(
      inputs: inputs.names(DataTop.data), targets: targets?.names(DataTop.label) ?? [])
  }

  package func learned(from dataset: Dataset) -> any DataSource {
    var source = self
    guard let kinds = targets.map({ _ in dataset.targets.map(\.top.hasClasses) }) else {
      return source
    }
    if Set(kinds).count == 1 { source.task = kinds[0] ? .classification : .regression }
    source.targets?.learn(dataset.targets)
    return source
  }

  package func isSameData(as other: any DataSource) -> Bool { other as? NPY == self }

  package func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    topNames.check("inputs", "targets", at: node, &diagnostics)
    NamedFile.checkInputs(inputs, "inputs", at: node, &diagnostics)
    if targets == nil {
      for (key, isStated) in [("classes", declaration.classes != nil), ("task", task != nil)]
      where isStated {
        diagnostics.error(
          "\(key): expected none, since no targets are stated", at: (node[key] ?? node).mark)
      }
    } else if let task, task != .classification, declaration.classes != nil {
      diagnostics.error(
        "classes: expected none, since the task is \(task.rawValue)",
        at: (node["classes"] ?? node).mark)
    }
  }

  private func open(_ context: DataContext) throws(DataFailure) -> [ArrayTensor] {
    let file = { @Sendable (path: String, array: String?) throws(DataFailure) in
      try ArrayFile(npy: path, array: array)
    }
    let inputs = try ArrayTensor.open(
      self.inputs, field: "inputs", standard: DataTop.data, besides: nil, context, file
    ) { file, name, _ in DataTop(name, shape: exampleShape(file.header)) }
    guard let targets else { return inputs }
    return try inputs
      + ArrayTensor.open(
        targets, field: "targets", standard: DataTop.label, besides: inputs.first?.file, context,
        file
      ) { file, name, stated throws(DataFailure) in try target(file, name, stated, context) }
  }

  /// Returns the tensor of a target.
  private func target(
    _ file: ArrayFile, _ name: String, _ stated: NamedFile, _ context: DataContext
  ) throws(DataFailure) -> DataTop {
    let header = file.header
    let isInteger = header.elementType.isInteger
    let classes = context.classes(of: name, stated: stated.classes)
    let task =
      stated.classes != nil
      ? .classification
      : self.task ?? (classes != nil ? .classification : isInteger ? nil : .regression)
    switch task {
    case .regression, .multiLabel:
      return DataTop(name, isTarget: true, shape: exampleShape(header))
    case .classification:
      guard isInteger else {
        throw .content(
          "\(file.path): expected classes, which are integers, received \(header.summary)")
      }
      return DataTop(classes: classes, shape: header.labelShape, name: name)
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
    try open(context).signature
  }

  package func labelShape(_ context: DataContext, of example: Shape) -> Shape {
    guard let target = targets?.files.first,
      let file = try? ArrayFile(npy: context.resolve(target.file), array: target.array)
    else { return .scalar }
    return file.header.labelShape
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    try open(context).load(context)
  }
}
