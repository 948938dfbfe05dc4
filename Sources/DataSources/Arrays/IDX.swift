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
/// - `images`: a file with 2 to 4 axes, relative to the model file; or several, with the name of
///   each tensor.
/// - `labels` (none): files with the same number of examples. Without them the data do not provide
///   `label`, which suits networks such as an autoencoder.
///
/// **Several tensors.** A list of mappings names each tensor with `top`, and layers read it by
/// `bottom`.
///
/// **Elements** are bytes, integers or floats, big endian. Values are read unchanged: bytes are 0 …
/// 255, and stay bytes in memory. `mean`, `scale` and `standardize` of the part change them. Labels are integers.
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
  package var images = NamedFiles(files: [])
  package var labels: NamedFiles?

  package init() {}

  package static let reference = Reference(
    "idx",
    formula: "images and labels in MNIST's format, plain or gzip",
    discussion: """
      [N, rows, columns] gives examples [1, rows, columns], [N, channels, rows, columns] gives \
      [channels, rows, columns], and [N, n] gives [n]. Values are unchanged (bytes: 0 to 255). A \
      label is the index of its class. Several files are a list of mappings with file and top. \
      Without labels no layer can read 'label'.
      """,
    example: """
      {source: idx, images: data/train-images.gz, labels: data/train-labels.gz, classes: 10, \
      batch_size: 64, rows: [0, 50000], scale: 0.00390625}
      """)

  package static var fields: [Field<IDX>] {
    [
      .required(
        "images", \.images, .any, role: .path,
        "The inputs: an IDX file with 2 to 4 axes, or several with their tops."),
      .optional(
        "labels", \.labels, .any, role: .path,
        "The classes: an IDX file with an integer for each example or position, or several with "
          + "their tops. Default: no targets."),
    ]
  }

  package var files: [String] { images.paths + (labels?.paths ?? []) }

  package var targetNames: [String] { labels == nil ? [] : ["class"] }

  package var topNames: TopNames {
    TopNames(inputs: images.names(DataTop.data), targets: labels?.names(DataTop.label) ?? [])
  }

  package func learned(from dataset: Dataset) -> any DataSource {
    var source = self
    source.labels?.learn(dataset.targets)
    return source
  }

  package func isSameData(as other: any DataSource) -> Bool { other as? IDX == self }

  package func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    topNames.check("images", "labels", at: node, &diagnostics)
    NamedFile.checkInputs(images, "images", at: node, &diagnostics)
    NamedFile.refuseArrays(images, "images", at: node, &diagnostics)
    NamedFile.refuseArrays(labels, "labels", at: node, &diagnostics)
    if labels == nil, declaration.classes != nil {
      diagnostics.error(
        "classes: expected none, since no labels are stated",
        at: (node["classes"] ?? node).mark)
    }
  }

  private func open(_ context: DataContext) throws(DataFailure) -> [ArrayTensor] {
    let inputs = try ArrayTensor.open(
      images, field: "images", standard: DataTop.data, besides: nil, context
    ) { path, _ throws(DataFailure) in
      try ArrayFile(idx: path, ranks: 2...4)
    } _: { file, name, _ in
      DataTop(name, shape: imageShape(file.header))
    }
    guard let labels else { return inputs }
    return try inputs
      + ArrayTensor.open(
        labels, field: "labels", standard: DataTop.label, besides: inputs.first?.file, context
      ) { path, _ throws(DataFailure) in
        let file = try ArrayFile(idx: path, ranks: 1...4)
        guard file.header.elementType.isInteger else {
          throw .content(
            "\(file.path): byte 2: expected integers, received \(file.header.elementType.rawValue)")
        }
        return file
      } _: { file, name, stated in
        DataTop(
          classes: context.classes(of: name, stated: stated.classes), shape: file.header.labelShape,
          name: name)
      }
  }

  /// Returns the shape of one image, channels first.
  private func imageShape(_ header: ArrayHeader) -> Shape {
    let axes = Array(header.shape.axes.dropFirst())
    return Shape(axes.count == 2 ? [1] + axes : axes)
  }

  package func signature(_ context: DataContext) throws(DataFailure) -> DataSignature {
    try open(context).signature
  }

  package func labelShape(_ context: DataContext, of example: Shape) -> Shape {
    guard let path = labels?.paths.first,
      let file = try? ArrayFile(idx: context.resolve(path), ranks: 1...4)
    else { return .scalar }
    return file.header.labelShape
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    try open(context).load(context)
  }
}
