internal import DataFiles
internal import DataSources
internal import Fields
internal import Files
internal import Networks
internal import Training
internal import YAML

/// A benchmark of reading data: a table, or a folder of images.
///
/// `peers/make_reading_data.py FOLDER` writes the files.
enum ReadingTask: String, CaseIterable, Sendable {
  case numbers = "table_numbers"
  case mixed = "table_mixed"
  case images

  var summary: String {
    switch self {
    case .numbers: "1,000,000 rows of 20 numbers"
    case .mixed: "1,000,000 rows of numbers, integers, texts, truth values and dates"
    case .images: "2,000 JPEG files of 500 x 375: decode, resize, crop, mirror, scale"
    }
  }

  /// The unit of the speed.
  var unit: String { self == .images ? "images/s" : "rows/s" }

  /// The libraries of the peer's script.
  var peers: [String] { self == .images ? ["torchvision"] : ["pandas", "pyarrow"] }

  /// Reads the data once in this process, and prints the line.
  ///
  /// - Parameters:
  ///   - folder: the folder of the data.
  ///   - threads: the number of threads that read: loaders for images, and parsers for a table.
  func measure(folder: String, threads: Int) throws {
    let begin = ChildProcess.clockSeconds()
    let count =
      self == .images
      ? try readImages(folder, loaders: threads)
      : try readTable("\(folder)/\(rawValue).csv", threads: threads)
    let seconds = ChildProcess.clockSeconds() - begin
    print(
      Node.mapping([
        ("peer", .text("dlrun")), ("steps_per_s", (Double(count) / seconds).encoded),
        ("peak_rss_mb", (Double(Machine.peakMemory) / 1_048_576).encoded),
        ("total_s", seconds.encoded),
      ]).json.split(separator: "\n").joined(separator: " "))
  }

  private func readTable(_ path: String, threads: Int) throws(DataFailure) -> Int {
    let reader = try TableReader(TableSource(path: path))
    let types: [String: ColumnType] = [
      "city": .category, "street": .category, "flag": .boolean, "date": .date(),
      "time": .datetime(),
    ]
    let requests = reader.header.names.enumerated().map { index, name in
      ColumnRequest(index, types[name] ?? .number())
    }
    return try reader.read(requests, loop: ParallelLoop(threads: threads)).rowCount
  }

  /// Loads every batch of an epoch of training.
  private func readImages(_ folder: String, loaders: Int) throws -> Int {
    let text = """
      train: {source: images, folder: '\(folder)/images', batch_size: 50, scale: 0.00390625,
              transforms: [{type: resize, size: 256}, {type: crop, size: 224}, mirror]}
      """
    var diagnostics = Diagnostics()
    let node = try Node.parse(Array(text.utf8), name: rawValue)
    guard let parts = DataParts.decode(node, &diagnostics) else { return 0 }
    let data = try loadParts(train: parts.train, test: nil, directory: ".", seed: 1).train
    let source = try BatchSource(
      data, batchSize: 50, shuffles: true, seed: 1, isTraining: true, loaders: loaders)
    source.begin(epoch: 0)
    for batch in 0..<source.epochOrder.batchCount { try source.select(batch: batch) }
    return data.count
  }
}
