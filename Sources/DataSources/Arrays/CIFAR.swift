package import DataFiles
package import Fields
internal import Tensors
package import YAML

/// Images and classes of CIFAR-10 and CIFAR-100, in their binary version.
///
/// - Inputs: bytes [3, 32, 32], 0 … 255. They stay bytes in memory.
/// - Target: the class of each image.
///
/// - `files`: the files with records, one or several, relative to the model file.
/// - `labels` (`cifar10`): `cifar10` for the 10 classes of CIFAR-10, `fine` or `coarse` for the 100 or
///   20 classes of CIFAR-100.
///
///     data:
///       train: {source: cifar, files: [data_batch_1.bin, data_batch_2.bin], scale: 0.00390625}
///
/// Reference: A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009.
package struct CIFAR: DataSource, Equatable {
  package enum Labels: String, FieldChoice {
    case cifar10
    case fine
    case coarse

    /// The number of labels of a record.
    var count: Int { self == .cifar10 ? 1 : 2 }

    /// The place of the label in a record.
    var index: Int { self == .fine ? 1 : 0 }

    /// The names of the classes. CIFAR-100 has its names in a file of its own.
    var names: [String] {
      switch self {
      case .cifar10:
        [
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
        ]
      case .fine: (0..<100).map(String.init)
      case .coarse: (0..<20).map(String.init)
      }
    }
  }

  package var files: [String] = []
  package var labels = Labels.cifar10

  package init() {}

  package static let reference = Reference(
    "cifar",
    formula: "images [3, 32, 32] and classes of CIFAR-10 or CIFAR-100, binary version",
    discussion: """
      Every file has records of labels and an image. Values are bytes, 0 to 255. labels: cifar10 \
      has 10 classes with their names. fine and coarse are the 100 and 20 classes of CIFAR-100.
      """,
    example: """
      {source: cifar, files: [data_batch_1.bin, data_batch_2.bin], labels: cifar10, \
      batch_size: 64, scale: 0.00390625}
      """)

  package static var fields: [Field<CIFAR>] {
    [
      .required(
        "files", \.files, .each(.path), role: .path,
        "The files with records. Their images follow each other."),
      .optional("labels", \.labels, .any, "The classes that the labels of a record name."),
    ]
  }

  package func isSameData(as other: any DataSource) -> Bool { other as? CIFAR == self }

  package func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    if let classes = declaration.classes, classes.count != labels.names.count {
      diagnostics.error(
        "classes: expected \(labels.names.count) classes, received \(classes.summary)",
        at: (node["classes"] ?? node).mark)
    }
  }

  private func open(_ context: DataContext) throws(DataFailure) -> [CIFARFile] {
    try DataFailure.blaming("files", of: context.phase) { () throws(DataFailure) in
      var opened: [CIFARFile] = []
      for file in files {
        opened.append(try CIFARFile(path: context.resolve(file), labelCount: labels.count))
      }
      return opened
    }
  }

  private func tops(_ context: DataContext) -> [DataTop] {
    let classes = context.classes(of: DataTop.label)
    let names = classes?.count == labels.names.count ? classes?.names : nil
    return [
      DataTop(DataTop.data, shape: CIFARFile.imageShape),
      DataTop(classes: .names(names ?? labels.names)),
    ]
  }

  package func signature(_ context: DataContext) throws(DataFailure) -> DataSignature {
    let count = try open(context).reduce(0) { $0 + $1.count }
    return DataSignature(tops(context), exampleCount: count)
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    let opened = try open(context)
    let (tops, width) = (tops(context), CIFARFile.imageShape.count)
    let count = opened.reduce(0) { $0 + $1.count }
    let name = opened.first?.path ?? ""
    try Dataset.check(count: count, inputs: width, targets: 1, of: name)
    let bytes = count * (width + 1)
    guard DataLimits.fitsMemory(bytes), let images = Storage<UInt8>(count: count * width),
      let classes = Storage<UInt8>(count: count),
      let pixelValues = ByteValues(width: width, { byte, _ in Float(byte) }),
      let classValues = ByteValues(width: 1, { byte, _ in Float(byte) })
    else { throw Dataset.noMemory(bytes, for: name) }
    var first = 0
    for file in opened {
      let records = first..<first + file.count
      try file.read(
        label: labels.index,
        images: Storage(records.lowerBound * width..<records.upperBound * width, of: images),
        labels: Storage(records, of: classes))
      try check(classes, records, of: file, context)
      first = records.upperBound
    }
    return Dataset(
      count: count,
      [
        ExampleTensor(tops[0], .bytes(images, pixelValues)),
        ExampleTensor(tops[1], .bytes(classes, classValues)),
      ])
  }

  /// Refuses the first record with a label that is not a class.
  private func check(
    _ classes: Storage<UInt8>, _ records: Range<Int>, of file: CIFARFile, _ context: DataContext
  ) throws(DataFailure) {
    let count = labels.names.count
    guard let wrong = records.first(where: { classes[$0] >= count }) else { return }
    throw .field(
      "files",
      message: "\(file.path): record \(wrong - records.lowerBound): expected a class from 0 to "
        + "\(count - 1), received \(classes[wrong])", of: context.phase)
  }
}
