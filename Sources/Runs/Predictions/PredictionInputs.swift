internal import DataFiles
internal import DataSources
internal import Files
internal import YAML

/// The data that `--input` names: a table, arrays, an image, or a folder of images.
struct PredictionInputs {
  /// The kind of a file, which its first bytes show.
  private enum Kind {
    case table
    case array
    case images
  }

  /// One path for each input of the network.
  let paths: [String]

  /// Assigns the words of `--input` to the inputs of the network.
  ///
  /// - Parameter tops: The inputs. Several of them need words of the form `left=left.npy`.
  /// - Throws: ``RunFailure/refusedInput(_:)``.
  init(_ words: [String], tops: [DataTop]) throws(RunFailure) {
    guard tops.count > 1 else {
      guard words.count == 1 else {
        throw .refusedInput(
          "--input: expected one input, since the network reads only "
            + "'\(tops[0].name.quotable)', received \(words.count)")
      }
      paths = words
      return
    }
    var paths: [String] = []
    let example = tops.map { "--input \($0.name)=\($0.name).npy" }.joined(separator: " ")
    for top in tops {
      let own = words.filter { $0.hasPrefix("\(top.name)=") }
      guard own.count == 1, words.count == tops.count else {
        throw .refusedInput(
          "--input: expected an input for each of \(tops.map(\.name).quotedList), such as "
            + "\(example.quotable), received \(words.quotedList)")
      }
      paths.append(String(own[0].dropFirst(top.name.count + 1)))
    }
    self.paths = paths
  }

  private static func kind(
    of path: String, _ start: StandardInputStart?
  ) throws(DataFailure) -> Kind {
    if path == "-" { return start?.isArray ?? false ? .array : .table }
    if FileKind(of: path) == .folder { return .images }
    // Other kinds of files are refused as tables.
    guard FileKind(of: path) == .file else { return .table }
    if try ImageFile.isImage(path: path) { return .images }
    return try ArrayFormat(ofFile: path) == nil ? .table : .array
  }

  /// Opens the data.
  ///
  /// - Parameters:
  ///   - tops: The inputs of the network.
  ///   - source: The model's source of the training part.
  ///   - columns: Returns the columns of a table that hold the input.
  func open(
    tops: [DataTop], like source: any DataSource,
    columns: () throws(DataFailure) -> [ColumnEncoding]
  ) throws(DataFailure) -> any ExamplePieces {
    guard paths.count(where: { $0 == "-" }) < 2 else {
      throw .content("--input: expected standard input for at most one input, received several")
    }
    let start = paths.contains("-") ? try StandardInputStart() : nil
    let kinds = try paths.map { path throws(DataFailure) in
      try PredictionInputs.kind(of: path, start)
    }
    if let index = kinds.firstIndex(where: { $0 != .array }), tops.count > 1 {
      throw .content(
        "\(paths[index].quotable): expected a NumPy or IDX file, since the network reads "
          + "\(tops.count) inputs (\(tops.map(\.name).quotedList))")
    }
    switch kinds[0] {
    case .array:
      return try ArrayPieces(
        paths: paths, names: tops.map(\.name),
        arrays: (source as? NPY)?.inputs.files.map(\.array) ?? [], copy: try start?.copy())
    case .images: return try ImagePieces(path: paths[0], like: source, top: tops[0])
    case .table:
      var dialect = (source as? CSV)?.dialect ?? TableDialect()
      // A table for prediction may have another separator.
      dialect.separator = nil
      let (inputs, kept) = (try columns(), (source as? CSV)?.keep ?? [])
      guard let start else {
        return try TablePieces(path: paths[0], dialect, inputs: inputs, keeping: kept)
      }
      return try TablePieces(
        start.table(), dialect, inputs: inputs, keeping: kept, canReopen: false)
    }
  }
}
