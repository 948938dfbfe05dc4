package import DataFiles
package import Fields
internal import Tensors
package import YAML

/// Images in PNG and JPEG files, from a folder for each class or from a list.
///
/// - Inputs: values [channels, height, width], 0 … 255 or 0 … 65535, with 3 channels for `color: rgb` and 1 for
///   `gray`.
/// - Target: the class of each image.
///
/// - `folder` (none): a folder with one folder for each class, relative to the model file.
/// - `list` (none): a file with a path and an integer label in each line. Relative paths start from
///   `folder` if it is stated, otherwise from the folder of the list.
/// - `depth` (8): the bits of a sample, 8 or 16.
/// - `reduce_jpeg` (false): decodes large JPEG files at a smaller size, which is faster.
/// - `color` (rgb): the channels. Grey is 0.299·red + 0.587·green + 0.114·blue.
///
/// Images are decoded when a batch needs them. They may have any size: the transforms `resize` and `crop`
/// make sizes equal.
///
/// **Files.** The first bytes show the format. PNG files may have every colour type, and JPEG files
/// may be baseline or progressive: see ``ImageFile``. Alpha is composed on white, samples of another
/// depth are scaled and rounded, and the Exif orientation is followed. A damaged file ends the run.
///
/// **Classes.** The names of the folders, in the order of their bytes, are the classes. Hidden files are
/// skipped. A label of a list is the index of its class, counted from 0 or from `label_offset`.
///
///     data:
///       train: {source: images, folder: data/train, scale: 0.00390625,
///               transforms: [{type: resize, size: 256}, {type: crop, size: 224}, mirror]}
package struct Images: DataSource, Equatable {
  package var folder: String?
  package var list: String?
  package var color = ImageColor.rgb
  package var depth = ImageDepth.eight
  package var reducesJPEG = false

  package init() {}

  package static let reference = Reference(
    "images",
    formula: "PNG and JPEG files, from a folder for each class or from a list",
    discussion: """
      Every image gives [channels, height, width] of values 0 to 255. The transforms resize and crop \
      make sizes equal. Without a list, the names of the folders are the classes, in their \
      order. Alpha is composed on white, and the Exif orientation is followed.
      """,
    example: """
      {source: images, folder: data/train, color: rgb, batch_size: 32, scale: 0.00390625, \
      transforms: [{type: resize, size: 256}, {type: crop, size: 224}, mirror]}
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
        "depth", \.depth, .any,
        "The bits of a sample: values are 0 to 255, or 0 to 65535. A file may have either."),
      .optional(
        "reduce_jpeg", \.reducesJPEG, .any,
        "Whether a JPEG file that is resized first is decoded at 1/2, 1/4 or 1/8 of its size, if that is "
          + "at least twice the result. This is faster, and the pixels differ slightly."),
    ]
  }

  package var hasOneShape: Bool { false }

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

  /// Returns the files at `paths`, decoded as the fields state.
  func files(_ paths: [String]) -> ImageFiles {
    ImageFiles(paths: paths, color: color, depth: depth, reduces: reducesJPEG)
  }

  var channels: Int { color == .rgb ? 3 : 1 }

  /// Returns the tensors that the first image shows.
  private func tops(
    _ found: ImageEntries
  ) throws(DataFailure) -> [DataTop] {
    guard let first = found.entries.first?.path else {
      throw .content("expected at least one image, received none")
    }
    let size = try ImageFile.header(path: first).size
    return [
      DataTop(DataTop.data, shape: Shape([channels, size.height, size.width])),
      DataTop(classes: .names(found.classes)),
    ]
  }

  package func signature(_ context: DataContext) throws(DataFailure) -> DataSignature {
    try blaming(context) { found throws(DataFailure) in
      DataSignature(try tops(found), exampleCount: found.entries.count)
    }
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    try blaming(context) { found throws(DataFailure) in try load(found) }
  }

  /// Checks the header of every file, so that most mistakes appear before training.
  private func load(_ found: ImageEntries) throws(DataFailure) -> Dataset {
    let tops = try tops(found)
    let count = found.entries.count
    let name = (list ?? folder ?? "").quotable
    try Dataset.check(count: count, inputs: 1, targets: 1, of: name)
    guard let labels = FloatStorage(count: count) else {
      throw Dataset.noMemory(count * MemoryLayout<Float>.size, for: name)
    }
    for (index, entry) in found.entries.enumerated() {
      labels[index] = Float(entry.label)
      _ = try ImageFile.header(path: entry.path)
    }
    let files = files(found.entries.map(\.path))
    let examples = ExampleSelection(files, width: tops[0].width)
    return Dataset(
      count: count,
      [ExampleTensor(tops[0], .onDemand(examples)), ExampleTensor(tops[1], .floats(labels))])
  }
}
