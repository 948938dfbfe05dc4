package import DataFiles
internal import Tensors
internal import YAML

/// The examples of NumPy and IDX files, with one file for each input.
package final class ArrayPieces: ExamplePieces {
  /// An open file with the input that it holds.
  private struct Input {
    let file: ArrayFile
    let top: DataTop
  }

  private let inputs: [Input]
  /// Keeps the copy of the standard input. Nil when no input is read from there.
  private let copy: StandardInputCopy?
  private var done = 0

  package let labelNames: [String] = []

  /// The greatest number of values of a piece.
  private static let valueCount = 1 << 18

  /// Opens the files.
  ///
  /// - Parameters:
  ///   - paths: one file for each input. `-` is the copy of the standard input.
  ///   - names: the names of the inputs.
  ///   - arrays: the names of the inputs' arrays in archives. Nil for those of the inputs.
  ///   - copy: the copy of the standard input.
  /// - Throws: a failure when a file is not an array, or has another number of examples than the
  ///   first.
  package init(
    paths: [String], names: [String], arrays: [String?] = [], copy: StandardInputCopy? = nil
  ) throws(DataFailure) {
    var inputs: [Input] = []
    for (index, (path, name)) in zip(paths, names).enumerated() {
      let array = arrays.indices.contains(index) ? arrays[index] : nil
      let isCopy = path == "-" && copy != nil
      let (file, isImage) = try ArrayPieces.open(
        isCopy ? copy?.path ?? path : path, name: isCopy ? copy?.name : nil, array: array ?? name)
      if let first = inputs.first { try file.checkCount(of: first.file) }
      let axes = Array(file.header.shape.axes.dropFirst())
      // Two axes of an IDX file are those of a grey image.
      let shape = isImage && axes.count == 2 ? [1] + axes : axes.isEmpty ? [1] : axes
      inputs.append(Input(file: file, top: DataTop(name, shape: Shape(shape))))
    }
    self.inputs = inputs
    self.copy = copy
  }

  private static func open(
    _ path: String, name: String?, array: String
  ) throws(DataFailure) -> (file: ArrayFile, isImage: Bool) {
    switch try ArrayFormat(ofFile: path) {
    case .npy: (try ArrayFile(npy: path, name: name), false)
    case .npz: (try ArrayFile(npy: path, name: name, array: array), false)
    case .idx: (try ArrayFile(idx: path, name: name, ranks: 1...4), true)
    case nil: throw .content("\((name ?? path).quotable): expected a NumPy or IDX file")
    }
  }

  package func count() -> Int? { inputs.first?.file.header.count }

  package func next() throws(DataFailure) -> ExamplePiece? {
    let all = count() ?? 0
    guard done < all else { return nil }
    // Examples in Fortran order lie across the whole file.
    let isWhole = inputs.contains { !$0.file.hasWholeExamples }
    let width = inputs.map(\.top.width).max() ?? 1
    let count = isWhole ? all : min(all - done, max(1, ArrayPieces.valueCount / max(1, width)))
    var tensors: [ExampleTensor] = []
    for input in inputs {
      tensors.append(
        try input.file.hasWholeExamples
          ? piece(of: input, count) : ExampleTensor(input.top, input.file.readValues().storage))
    }
    done += count
    return ExamplePiece(dataset: Dataset(count: count, tensors), labels: [])
  }

  private func piece(of input: Input, _ count: Int) throws(DataFailure) -> ExampleTensor {
    let values = try input.file.nextExamples(count)
    guard let storage = FloatStorage(count: values.count) else {
      throw Dataset.noMemory(values.count * MemoryLayout<Float>.size, for: input.file.path)
    }
    for (index, value) in values.enumerated() { storage[index] = Float(value) }
    return ExampleTensor(
      input.top, .floats(storage),
      exact: DoubleValues(values: values, top: input.top, first: done, path: input.file.path))
  }
}
