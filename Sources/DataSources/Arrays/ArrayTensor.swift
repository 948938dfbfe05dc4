internal import DataFiles
internal import Tensors

/// An open array file with one tensor of all examples. Its header is already read and checked.
struct ArrayTensor {
  let file: ArrayFile
  let top: DataTop
  /// The path of the file.
  let path: String
  /// The field of the part that names the file.
  let field: String
  /// Opens the file again, to read it in double precision.
  let reopen: @Sendable () throws(DataFailure) -> ArrayFile

  /// Opens the files of a field.
  ///
  /// - Parameters:
  ///   - first: the file of the first input, which has the same number of examples. Nil for that
  ///     file itself.
  ///   - top: returns the tensor of an open file.
  static func open(
    _ files: NamedFiles, field: String, standard: String, besides first: ArrayFile?,
    _ context: DataContext,
    _ open: @Sendable @escaping (_ path: String, _ array: String?) throws(DataFailure) -> ArrayFile,
    _ top: (_ file: ArrayFile, _ name: String, _ stated: NamedFile) throws(DataFailure) -> DataTop
  ) throws(DataFailure) -> [ArrayTensor] {
    try DataFailure.blaming(field, of: context.phase) { () throws(DataFailure) in
      var tensors: [ArrayTensor] = []
      for (named, name) in zip(files.files, files.names(standard)) {
        let path = context.resolve(named.file)
        let array = named.array
        let file = try open(path, array)
        if let first = first ?? tensors.first?.file { try file.checkCount(of: first) }
        tensors.append(
          ArrayTensor(file: file, top: try top(file, name, named), path: path, field: field) {
            () throws(DataFailure) in try open(path, array)
          })
      }
      return tensors
    }
  }

  /// The reader of an input that is larger than its share of the memory. Nil for others.
  private func rows(_ context: DataContext) throws(DataFailure) -> ArrayRows? {
    guard !top.isTarget, file.storedBytes > context.memory else { return nil }
    if let rows = ArrayRows(file, path: path) { return rows }
    throw .content(
      "\(file.path): needs \(file.storedBytes) bytes, more than the \(context.memory) that 'memory' "
        + "of the data allows: expected an array file that is not compressed, not in an archive and in C "
        + "order, so that examples can be read on demand")
  }

  /// The bytes of the elements in memory.
  func memory(_ context: DataContext) -> Int {
    !top.isTarget && file.storedBytes > context.memory ? 0 : file.storedBytes
  }

  /// Reads the elements, or prepares to read them on demand.
  func read(_ context: DataContext) throws(DataFailure) -> ExampleTensor {
    if let rows = try rows(context) {
      let examples = ExampleSelection(rows, width: top.width)
      return ExampleTensor(
        top, .onDemand(examples),
        exact: rows.isExact ? nil : DemandedValues(examples, names: top.valueNames))
    }
    guard top.hasClasses else {
      let (storage, isExact) = try file.readValues()
      return ExampleTensor(
        top, storage, exact: isExact ? nil : ArrayValues(file, reopen))
    }
    let (storage, names) = try file.readClasses(
      top.classes, offset: context.labelOffset, ignoring: context.ignoredLabels,
      refusing: context.labelFailure)
    return ExampleTensor(
      DataTop(classes: .names(names), shape: top.shape, name: top.name), storage)
  }
}

extension [ArrayTensor] {
  /// The properties of the examples.
  var signature: DataSignature {
    DataSignature(map(\.top), exampleCount: first?.file.header.count)
  }

  /// Reads all files.
  func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    guard let first else { preconditionFailure("an array source has an input") }
    let count = first.file.header.count
    func width(_ isTarget: Bool) -> Int {
      filter { $0.top.isTarget == isTarget && $0.memory(context) > 0 }.reduce(0) {
        $0 + $1.top.width
      }
    }
    try Dataset.check(
      count: count, inputs: width(false), targets: width(true), of: first.file.path)
    let bytes = reduce(0) { $0 + $1.memory(context) }
    guard DataLimits.fitsMemory(bytes) else { throw Dataset.noMemory(bytes, for: first.file.path) }
    var tensors: [ExampleTensor] = []
    for tensor in self { tensors.append(try tensor.read(context)) }
    return Dataset(count: count, tensors)
  }
}
