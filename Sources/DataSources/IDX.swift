package import DataFiles
package import Fields
package import Tensors
package import YAML

/// Images and labels in IDX files, the format of MNIST, plain or gzip.
///
/// The first two bytes of a file show whether it is gzip.
///
/// - Inputs: images [N, rows, columns] become examples [1, rows, columns] of one channel, as
///   `Convolution` expects. [N, channels, rows, columns] become [channels, rows, columns], and [N,
///   n] become [n].
/// - Target: one class [N] or [N, 1], or one class for each position, such as [N, rows, columns].
///   Without `labels` there is no target.
///
/// - `images`: a file with 2 to 4 axes, relative to the model file.
/// - `labels` (none): a file with the same number of examples. Without it the data have no `label`
///   blob, which suits networks such as an autoencoder.
///
/// **Elements** are bytes, integers or floats, big endian. Values are read unchanged: bytes are 0 …
/// 255. `mean`, `scale` and `standardize` of the part change them. Labels are integers.
///
/// **Classes.** A label is the index of its class, counted from 0 or from `label_offset`. `classes`
/// declares the number of classes. The default is the greatest label of the whole file plus 1. A
/// label beyond the classes is refused.
///
/// **Files** must have exactly the length that their header states, and a gzip stream must be
/// intact to its end.
///
///     data:
///       train: {source: idx, images: data/train-images.gz, labels: data/train-labels.gz,
///               classes: 10, scale: 0.00390625}
///
/// Reference: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits",
/// 1998.
package struct IDX: DataSource, Equatable {
  package var images = ""
  package var labels: String?

  package init() {}

  package static let reference = Reference(
    "idx",
    formula: "images and labels in MNIST's format, plain or gzip",
    discussion: """
      [N, rows, columns] gives examples [1, rows, columns], [N, channels, rows, columns] gives \
      [channels, rows, columns], and [N, n] gives [n]. Values are unchanged (bytes: 0 to 255). A \
      label is the index of its class. Without labels no layer can read 'label'.
      """,
    example: """
      {source: idx, images: data/train-images.gz, labels: data/train-labels.gz, classes: 10, \
      batch_size: 64, rows: [0, 50000], scale: 0.00390625}
      """)

  package static var fields: [Field<IDX>] {
    [
      .required(
        "images", \.images, .path, role: .path, "The inputs: an IDX file with 2 to 4 axes."),
      .optional(
        "labels", \.labels, .given(.path), role: .path,
        "The classes: an IDX file with an integer for each example or position. Default: no targets."
      ),
    ]
  }

  package var files: [String] { [images] + (labels.map { [$0] } ?? []) }

  package var targetNames: [String] { labels == nil ? [] : ["class"] }

  package func isSameData(as other: any DataSource) -> Bool { other as? IDX == self }

  package var hasNoTarget: Bool { labels == nil }

  package func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    if labels == nil, declaration.classes != nil {
      diagnostics.error(
        "classes: expected none, since no labels are stated",
        at: (node["classes"] ?? node).mark)
    }
  }

  /// The files, their headers read.
  private func open(_ context: DataContext) throws(DataFailure) -> (ArrayFile, ArrayFile?) {
    let inputs = try DataFailure.blaming("images", of: context.phase) { () throws(DataFailure) in
      try ArrayFile(idx: context.resolve(images), ranks: 2...4)
    }
    guard let labels else { return (inputs, nil) }
    let targets = try DataFailure.blaming("labels", of: context.phase) { () throws(DataFailure) in
      let targets = try ArrayFile(idx: context.resolve(labels), ranks: 1...4)
      guard targets.header.elementType.isInteger else {
        throw DataFailure.content(
          "\(targets.path): byte 2: expected integers, received "
            + targets.header.elementType.rawValue)
      }
      try targets.checkCount(of: inputs)
      return targets
    }
    return (inputs, targets)
  }

  /// Returns the shape of one image, channels first.
  private func imageShape(_ header: ArrayHeader) -> Shape {
    let axes = Array(header.shape.axes.dropFirst())
    return Shape(axes.count == 2 ? [1] + axes : axes)
  }

  package func signature(_ context: DataContext) throws(DataFailure) -> DataSignature {
    let (inputs, targets) = try open(context)
    return DataSignature(
      inputShape: imageShape(inputs.header), targetShape: targets == nil ? .noTarget : nil,
      labelShape: targets?.header.labelShape ?? .scalar,
      classes: targets == nil ? nil : context.classes, inputNames: [],
      exampleCount: inputs.header.count)
  }

  package func labelShape(_ context: DataContext) -> Shape {
    guard let labels, let file = try? ArrayFile(idx: context.resolve(labels), ranks: 1...4) else {
      return .scalar
    }
    return file.header.labelShape
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    let (inputs, targets) = try open(context)
    let (count, shape) = (inputs.header.count, imageShape(inputs.header))
    let labelShape = targets?.header.labelShape ?? .scalar
    let (values, labels) = try Dataset.allocate(
      count: count, inputs: shape.count, targets: targets == nil ? 0 : labelShape.count,
      of: inputs.path)
    let isExact = try inputs.readValues(into: values)
    let classes = try targets?.readClasses(
      into: labels, context.classes, offset: context.labelOffset, ignoring: context.ignoredLabels,
      refusing: context.labelFailure)
    let path = context.resolve(images)
    let exactInputs =
      isExact
      ? nil
      : ArrayValues(inputs) { () throws(DataFailure) in try ArrayFile(idx: path, ranks: 2...4) }
    return Dataset(
      count: count, inputs: values, targets: labels, inputShape: shape,
      targetShape: targets == nil ? .noTarget : nil, labelShape: labelShape, classes: classes,
      inputNames: [], targetNames: targets == nil ? [] : ["class"], exactInputs: exactInputs)
  }
}
