internal import Tensors
internal import YAML

/// An array in an IDX or NumPy file, plain or gzip: its header is read and checked, its elements
/// are not read yet.
///
/// Nothing is allocated for elements before the header agrees with the size of the file; of a gzip
/// stream it must be a size that so many bytes can inflate to, and no byte more than announced is
/// inflated.
final class ArrayFile {
  let header: ArrayHeader
  private let stream: ByteStream

  /// What failures call the file.
  var path: String { stream.path }

  /// Elements that are read at once.
  private static let chunkCount = 1 << 13

  private init(_ header: ArrayHeader, _ stream: ByteStream) throws(DataFailure) {
    guard header.shape.count <= Dataset.valueLimit, let bytes = header.byteCount else {
      throw .content("\(stream.path): \(ArrayHeader.overflow(header.shape.axes))")
    }
    if let mistake = stream.sizeMistake(bytes) {
      throw .content("\(stream.path): \(mistake), since its header says \(header.summary)")
    }
    self.header = header
    self.stream = stream
  }

  /// - Parameter ranks: how many axes the array may have.
  convenience init(idx path: String, ranks: ClosedRange<Int>) throws(DataFailure) {
    let stream = try ByteStream(path: path)
    try self.init(IDXHeader.read(stream, ranks: ranks), stream)
  }

  convenience init(npy path: String) throws(DataFailure) {
    let stream = try ByteStream(path: path)
    try self.init(NPYHeader.read(stream), stream)
  }

  /// Checks that there is an element of this file for each of `inputs`.
  func checkCount(of inputs: ArrayFile) throws(DataFailure) {
    guard header.count == inputs.header.count else {
      throw .content(
        "\(path): expected \(inputs.header.count) examples, as \(inputs.path) has, received "
          + "\(header.count)")
    }
  }

  /// Reads all elements, in row-major order.
  func readValues(into storage: FloatStorage) throws(DataFailure) {
    let (type, isBigEndian) = (header.elementType, header.isBigEndian)
    let limit = Float.greatestFiniteMagnitude
    let expected =
      type == .bool ? "a truth value of 0 or 1" : "a number of at most \(limit) in size"
    try read(into: storage, expecting: expected) { bytes, values in
      type.read(bytes, isBigEndian: isBigEndian, to: &values)
    }
  }

  /// Reads numbers of classes from an array with one axis.
  ///
  /// - Parameters:
  ///   - declared: the classes; nil: as many as the greatest number asks for.
  ///   - refusal: the failure for an element that is no class.
  /// - Returns: the names of the classes.
  func readClasses(
    into storage: FloatStorage, _ declared: ClassNames?, ignoring ignored: Set<Int> = [],
    refusing refusal: (String) -> DataFailure = { .content($0) }
  ) throws(DataFailure) -> [String] {
    let (type, isBigEndian) = (header.elementType, header.isBigEndian)
    let limit = declared?.count ?? ClassNames.range.upperBound
    let expected = "a class from 0 to \(limit - 1)"
    try read(into: storage, expecting: expected, refusing: refusal) { bytes, values in
      type.readClasses(
        bytes, isBigEndian: isBigEndian, below: limit, ignoring: ignored, to: &values)
    }
    if let declared { return declared.names }
    let buffer = unsafe storage.buffer
    let labels = unsafe buffer.span
    var greatest: Float = 0
    let passedOver = ignored.map { Float($0) }
    for index in 0..<labels.count where !passedOver.contains(labels[index]) {
      greatest = max(greatest, labels[index])
    }
    guard greatest > 0 else {
      throw .content(
        "\(path): expected at least \(ClassNames.range.lowerBound) classes, received 0 alone")
    }
    return ClassNames.count(Int(greatest) + 1).names
  }

  /// Reads all elements by `convert`, chunk by chunk, and makes sure that nothing follows them.
  private func read(
    into storage: FloatStorage, expecting expected: String,
    refusing failure: (String) -> DataFailure = { .content($0) },
    _ convert: ([UInt8], inout MutableSpan<Float>) -> ElementType.Refusal?
  ) throws(DataFailure) {
    precondition(storage.count == header.shape.count, "the elements do not fill their storage")
    let buffer = unsafe storage.buffer
    var done = 0
    while done < storage.count {
      let count = min(ArrayFile.chunkCount, storage.count - done)
      let bytes = try stream.read(atMost: count * header.elementType.size)
      guard bytes.count == count * header.elementType.size else {
        throw cutOff(after: done * header.elementType.size + bytes.count)
      }
      let refusal: ElementType.Refusal?
      if header.isFortranOrder {
        var part = [Float](repeating: 0, count: count)
        var values = part.mutableSpan
        refusal = convert(bytes, &values)
        scatter(part, from: done, to: storage)
      } else {
        let part = buffer.extracting(done..<done + count)
        var values = unsafe part.mutableSpan
        refusal = convert(bytes, &values)
      }
      if let refusal {
        let place = header.place(ofPosition: done + refusal.index)
        throw failure(
          "\(path): element \(place): expected \(expected), received \(refusal.received)")
      }
      done += count
    }
    guard try stream.read(atMost: 1).isEmpty else {
      throw .content(
        "\(path): expected \(header.byteCount ?? 0) \(stream.unit), since its header says "
          + "\(header.summary), received more")
    }
  }

  private func cutOff(after count: Int) -> DataFailure {
    .content(
      "\(path): expected \(header.byteCount ?? 0) \(stream.unit), since its header says "
        + "\(header.summary), received \(header.length + count)")
  }

  /// Puts elements that stand from `position` on in the file, the first axis running fastest, to
  /// their row-major places.
  private func scatter(_ values: [Float], from position: Int, to storage: FloatStorage) {
    let buffer = unsafe storage.buffer
    var target = unsafe buffer.mutableSpan
    let (rows, axes) = (header.count, header.shape.axes.dropFirst())
    let width = header.shape.count / rows
    var (column, row) = position.quotientAndRemainder(dividingBy: rows)
    var place = ArrayFile.rowMajor(column, axes)
    for value in values {
      target[row * width + place] = value
      row += 1
      if row == rows {
        row = 0
        column += 1
        place = ArrayFile.rowMajor(column, axes)
      }
    }
  }

  /// The row-major place in `axes` of the element that is number `position` with the first axis
  /// running fastest.
  private static func rowMajor(_ position: Int, _ axes: ArraySlice<Int>) -> Int {
    var (rest, stride) = (position, axes.reduce(1, *))
    var place = 0
    for axis in axes {
      stride /= axis
      let (quotient, index) = rest.quotientAndRemainder(dividingBy: axis)
      place += index * stride
      rest = quotient
    }
    return place
  }
}
