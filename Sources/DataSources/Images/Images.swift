package import DataFiles
package import Fields
internal import Tensors
package import YAML

/// Images in PNG and JPEG files, from a folder for each class or from a list.
///
/// - Inputs: bytes [channels, height, width], 0 … 255, with 3 channels for `color: rgb` and 1 for
///   `gray`.
/// - Target: the class of each image.
///
/// - `folder` (none): a folder with one folder for each class, relative to the model file.
/// - `list` (none): a file with a path and an integer label in each line. Relative paths start from
///   `folder` if it is stated, otherwise from the folder of the list.
/// - `color` (rgb): the channels. Grey is 0.299·red + 0.587·green + 0.114·blue.
/// - `resize` (none): the shorter side afterwards, or [height, width]. Bilinear with antialiasing.
/// - `crop` (none): the box in the middle of the resized image: a side, or [height, width].
///
/// All images must have the same size after `resize` and `crop`.
///
/// **Files.** The first bytes show the format. PNG files may have every colour type, and JPEG files
/// may be baseline or progressive: see ``ImageFile``. Alpha is composed on white, samples of 16 bits
/// are rounded to 8 bits, and the Exif orientation is followed. A damaged file ends the run.
///
/// **Classes.** The names of the folders, in the order of their bytes, are the classes. Hidden files are
/// skipped. A label of a list is the index of its class, counted from 0 or from `label_offset`.
///
///     data:
///       train: {source: images, folder: data/train, resize: 256, crop: 224, scale: 0.00390625}
package struct Images: DataSource, Equatable {
  package var folder: String?
  package var list: String?
  package var color = ImageColor.rgb
  package var resize: ImageSide?
  package var crop: ImageSide?

  package init() {}

  package static let reference = Reference(
    "images",
    formula: "PNG and JPEG files, from a folder for each class or from a list",
    discussion: """
      Every image gives [channels, height, width] of bytes, 0 to 255. All images have the same size \
      after resize and crop. Without a list, the names of the folders are the classes, in their \
      order. Alpha is composed on white, and the Exif orientation is followed.
      """,
    example: """
      {source: images, folder: data/train, color: rgb, resize: 256, crop: 224, batch_size: 32, \
      scale: 0.00390625}
      """)

  package static var fields: [Field<Images>] {
    [
      .optional(
        "folder", \.folder, .given(.path), role: .path,
        "A folder with one folder for each class. With a list, the folder of its paths."),
      .optional(
        "list", \.list, .given(.path), role: .path,
        "A file with a path and an integer label in each line."),
      .optional("color", \.color, .any, "The channels: red, green and blue, or one grey channel."),
      .optional(
        "resize", \.resize, .any, "The shorter side, or height and width, of the resized image."),
      .optional(
        "crop", \.crop, .any,
        "The side, or height and width, of the box in the middle that is kept."
      ),
    ]
  }

  package var files: [String] { [list, folder].compactMap(\.self) }

  package func isSameData(as other: any DataSource) -> Bool { other as? Images == self }

  package func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    if folder == nil, list == nil {
      diagnostics.error("expected folder or list, received neither", at: node.mark)
    }
  }

  /// Returns the result of `body`. A failure names the field that states the files.
  private func blaming<Value>(
    _ context: DataContext, _ body: (ImageEntries) throws(DataFailure) -> Value
  ) throws(DataFailure) -> Value {
    let field = list == nil ? "folder" : "list"
    return try DataFailure.blaming(field, of: context.phase) { () throws(DataFailure) in
      try body(try entries(context))
    }
  }

  private func entries(_ context: DataContext) throws(DataFailure) -> ImageEntries {
    let folder = folder.map(context.resolve)
    if let list { return try ImageEntries.list(context.resolve(list), in: folder, context) }
    guard let folder else { throw .content("expected folder or list, received neither") }
    return try ImageEntries.folders(in: folder, context)
  }

  /// Returns the change of an image of this size. Nil when the image is smaller than the crop.
  private func geometry(_ size: PixelSize) -> ImageGeometry? {
    let resized = resize?.resized(size) ?? size
    guard let crop = crop?.cropped else { return ImageGeometry(resizedTo: resized) }
    guard crop.height <= resized.height, crop.width <= resized.width else { return nil }
    return ImageGeometry(resizedTo: resized, box: crop.centered(in: resized))
  }

  /// Returns the change of an image, which leads to the size of the first image.
  private func geometry(
    _ header: ImageHeader, _ path: String, first: PixelSize?, _ phase: DataPhase
  ) throws(DataFailure) -> ImageGeometry {
    guard let geometry = geometry(header.size) else {
      let size = resize?.resized(header.size) ?? header.size
      throw .field(
        "crop",
        message:
          "\(path.quotable): expected at least \(crop?.cropped.description ?? "") pixels for "
          + "crop, received \(size.description)", of: phase)
    }
    if let first, geometry.box.size != first {
      throw .content(
        "\(path.quotable): expected \(first.description) pixels, as in the first image, received "
          + "\(geometry.box.size.description): resize and crop make sizes equal")
    }
    return geometry
  }

  private var channels: Int { color == .rgb ? 3 : 1 }

  /// Returns the tensors that the first image shows.
  private func tops(
    _ found: ImageEntries, _ phase: DataPhase
  ) throws(DataFailure) -> [DataTop] {
    guard let first = found.entries.first?.path else {
      throw .content("expected at least one image, received none")
    }
    let header = try ImageFile.header(path: first)
    let size = try geometry(header, first, first: nil, phase).box.size
    return [
      DataTop(DataTop.data, shape: Shape([channels, size.height, size.width])),
      DataTop(classes: .names(found.classes)),
    ]
  }

  package func signature(_ context: DataContext) throws(DataFailure) -> DataSignature {
    try blaming(context) { found throws(DataFailure) in
      DataSignature(try tops(found, context.phase), exampleCount: found.entries.count)
    }
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    try blaming(context) { found throws(DataFailure) in try load(found, context.phase) }
  }

  private func load(_ found: ImageEntries, _ phase: DataPhase) throws(DataFailure) -> Dataset {
    let tops = try tops(found, phase)
    let (count, shape) = (found.entries.count, tops[0].shape)
    let name = (list ?? folder ?? "").quotable
    try Dataset.check(count: count, inputs: shape.count, targets: 1, of: name)
    let bytes = count * (shape.count + MemoryLayout<Float>.size)
    guard DataLimits.fitsMemory(bytes), let pixels = Storage<UInt8>(count: count * shape.count),
      let labels = FloatStorage(count: count),
      let values = ByteValues(width: shape.count, { byte, _ in Float(byte) })
    else { throw Dataset.noMemory(bytes, for: name) }
    let size = PixelSize(height: shape[1], width: shape[2])
    var reader = ImageReader()
    for (index, entry) in found.entries.enumerated() {
      labels[index] = Float(entry.label)
      let file = try ImageFile(path: entry.path)
      let geometry = try geometry(file.header, entry.path, first: size, phase)
      let range = index * shape.count..<(index + 1) * shape.count
      try reader.read(file, color, geometry, to: Storage(range, of: pixels))
    }
    return Dataset(
      count: count,
      [ExampleTensor(tops[0], .bytes(pixels, values)), ExampleTensor(tops[1], .floats(labels))])
  }
}
