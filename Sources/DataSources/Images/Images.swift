package import DataFiles
package import Fields
internal import Files
package import Tensors
internal import YAML

/// Images in PNG and JPEG files, from a folder for each class, from a list or table, or with masks.
///
/// - Inputs: values [channels, height, width], 0 … 255 or 0 … 65535, with 3 channels for `color: rgb` and 1 for
///   `gray`.
/// - Target: the class of each image. With `masks`: [height, width], a class for each pixel.
///
/// - `folder` (none): a folder with one folder for each class, relative to the model file. With `masks`, a
///   folder of images, which may have folders in it.
/// - `list` (none): a file with a path and an integer label in each line. Relative paths start from
///   `folder` if it is stated, otherwise from the folder of the list. With `masks`, a line is the path of
///   an image, which may lack its ending.
/// - `table` (none): a table with a header, which has a row for each image. `path` and `target` name its
///   columns. Relative paths start from `folder` if it is stated, otherwise from the folder of the table.
/// - `task` (classification): `regression` for a target of numbers.
/// - `masks` (none): a folder of label images. The mask of `folder/a/b.jpg` is `masks/a/b.png`.
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
/// skipped. A label of a list is the index of its class, counted from 0 or from `label_offset`. Labels of a
/// table are those of ``CSV``.
///
/// **Masks.** A mask is a PNG file whose stored samples are classes: grey values of 1 to 16 bits, which
/// are not scaled, or indices of a palette. It has the size of its image, after the Exif orientation. The
/// transforms that move the pixels of an image move those of its mask. Without `classes`, all masks are
/// read at the start, and the greatest label determines the number of classes.
///
///     data:
///       train: {source: images, folder: data/train, scale: 0.00390625,
///               transforms: [{type: resize, size: 256}, {type: crop, size: 224}, mirror]}
///
///     data:
///       train: {source: images, table: birds.csv, path: file, target: species}
///
///     data:
///       train: {source: images, folder: VOC2012/JPEGImages, masks: VOC2012/SegmentationClass,
///               list: VOC2012/ImageSets/Segmentation/train.txt, classes: 21}
package struct Images: DataSource, Equatable {
  package var folder: String?
  package var list: String?
  package var masks: String?
  package var table: String?
  package var path: String?
  package var target: String?
  package var task: CSV.Task?
  package var color = ImageColor.rgb
  package var depth = ImageDepth.eight
  package var reducesJPEG = false

  package init() {}

  package static let reference = Reference(
    "images",
    formula:
      "PNG and JPEG files, from a folder for each class, from a list or table, or with masks",
    discussion: """
      Every image gives [channels, height, width] of values 0 to 255. The transforms resize and crop \
      make sizes equal. Without a list, the names of the folders are the classes, in their \
      order. With masks, the label [H, W] has a class for each pixel, and folder holds the images. \
      Alpha is composed on white, and the Exif orientation is followed.
      """,
    example: """
      {source: images, folder: data/train, color: rgb, batch_size: 32, scale: 0.00390625, \
      transforms: [{type: resize, size: 256}, {type: crop, size: 224}, mirror]}
      """)

  private static let columnName = Constraint<String>("a column's name") { !$0.isEmpty }

  package static var fields: [Field<Images>] {
    [
      .optional(
        "folder", \.folder, .given(.path), role: .path,
        "A folder with one folder for each class. With a list or table, the folder of its paths. With "
          + "masks, the folder of the images."),
      .optional(
        "list", \.list, .given(.path), role: .path,
        "A file with a path and an integer label in each line. With masks, a line is the path of an "
          + "image, with or without its ending."),
      .optional(
        "masks", \.masks, .given(.path), role: .path,
        "A folder with a PNG file for each image, which has a class for each pixel: the mask of a/b.jpg "
          + "is a/b.png."),
      .optional(
        "table", \.table, .given(.path), role: .path,
        "A table with a row for each image, whose columns path and target state."),
      .optional(
        "path", \.path, .given(columnName), "The column of the table with the path of each image."),
      .optional(
        "target", \.target, .given(columnName),
        "The column of the table with the class or the number of each image."),
      .optional(
        "task", \.task, .any,
        "The kind of target in a table: a class, or a number for regression. Default: "
          + "classification. Numeric labels need task or classes."),
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

  package var files: [String] { [table, list, folder, masks].compactMap(\.self) }

  package func isSameData(as other: any DataSource) -> Bool { other as? Images == self }

  /// Returns the result of `body`. A failure names the field that states the files.
  private func blaming<Value>(
    _ context: DataContext, _ body: (ImageEntries) throws(DataFailure) -> Value
  ) throws(DataFailure) -> Value {
    let field = table != nil ? "table" : list != nil ? "list" : "folder"
    return try DataFailure.blaming(field, of: context.phase) { () throws(DataFailure) in
      try body(try entries(context))
    }
  }

  /// The table of the images. Nil without a table.
  var images: ImageTable? {
    guard let table, let path, let target else { return nil }
    return ImageTable(file: table, column: path, target: target, task: task)
  }

  private func entries(_ context: DataContext) throws(DataFailure) -> ImageEntries {
    let (folder, list) = (folder.map(context.resolve), list.map(context.resolve))
    if let images { return try images.entries(in: folder, context) }
    guard let start = folder ?? list.map(FileSystem.folder) else {
      throw .content("expected folder, list or table, received none")
    }
    if let masks {
      let pairs = MaskedImages(folder: start, masks: context.resolve(masks), phase: context.phase)
      if let list { return try pairs.listed(in: list) }
      return try pairs.all()
    }
    if let list { return try ImageEntries.list(list, in: folder, context) }
    return ImageEntries(try ClassFolders(in: start, context))
  }

  /// Returns the files at `paths`, decoded as the fields state.
  func files(_ paths: [String], checksums: [UInt64]? = nil) -> ImageFiles {
    ImageFiles(
      paths: paths, checksums: checksums, color: color, depth: depth, reduces: reducesJPEG)
  }

  var channels: Int { color == .rgb ? 3 : 1 }

  /// Returns the tensors that the first image shows.
  private func tops(
    _ found: ImageEntries, _ context: DataContext
  ) throws(DataFailure) -> [DataTop] {
    guard let first = found.paths.first else {
      throw .content("expected at least one image, received none")
    }
    let size = try ImageFile.header(path: first).size
    let image = DataTop(DataTop.data, shape: Shape([channels, size.height, size.width]))
    switch found.target {
    case .classes(_, let names): return [image, DataTop(classes: .names(names))]
    case .masks:
      let classes = context.classes(of: DataTop.label)
      return [image, DataTop(classes: classes, shape: Shape([size.height, size.width]))]
    case .column(let tensor, _): return [image, tensor.top]
    }
  }

  package func labelShape(_ context: DataContext, of example: Shape) -> Shape {
    masks != nil && example.rank == 3 ? Shape([example[1], example[2]]) : .scalar
  }

  package func signature(_ context: DataContext) throws(DataFailure) -> DataSignature {
    try blaming(context) { found throws(DataFailure) in
      DataSignature(try tops(found, context), exampleCount: found.paths.count)
    }
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    try blaming(context) { found throws(DataFailure) in try load(found, context) }
  }

  /// Checks the header of every file, so that most mistakes appear before training.
  private func load(
    _ found: ImageEntries, _ context: DataContext
  ) throws(DataFailure) -> Dataset {
    let tops = try tops(found, context)
    let count = found.paths.count
    let name = (table ?? list ?? folder ?? "").quotable
    try Dataset.check(count: count, inputs: 1, targets: 1, of: name)
    var checksums: [UInt64] = []
    var headers: [ImageHeader] = []
    for path in found.paths {
      let (header, checksum) = try ImageFile.headerAndChecksum(path: path)
      checksums.append(checksum)
      headers.append(header)
    }
    let files = files(found.paths, checksums: checksums)
    let target: ExampleTensor
    var remarks: [DataRemark] = []
    switch found.target {
    case .classes(let labels, _):
      guard let storage = FloatStorage(count: count) else {
        throw Dataset.noMemory(count * MemoryLayout<Float>.size, for: name)
      }
      for (index, label) in labels.enumerated() { storage[index] = Float(label) }
      target = ExampleTensor(tops[1], .floats(storage))
    case .masks(let masks):
      target = try ExampleTensor(
        masks: masks, of: found.paths, headers, shape: tops[1].shape, context)
    case .column(let tensor, let found): (target, remarks) = (tensor, found)
    }
    let examples = ExampleSelection(files, width: tops[0].width)
    return Dataset(
      count: count, [ExampleTensor(tops[0], .onDemand(examples)), target], remarks: remarks)
  }
}
