internal import Tensors
internal import YAML

/// An array in an IDX or NumPy file, plain or gzip, or in a NumPy archive. Its header is already read and checked.
///
/// Before memory for the elements is allocated, the header is compared with the size of the file.
/// For a gzip stream, it is compared with the greatest possible size after inflation. The reader
/// never inflates more bytes than the header announces.
package final class ArrayFile {
  package let header: ArrayHeader
  let stream: ByteStream
  /// The number of elements that ``nextExamples(_:)`` has read.
  var position = 0

  /// The file's name in messages.
  package var path: String { stream.path }

  /// Whether the file is neither compressed nor in an archive.
  package var isPlain: Bool { stream.isPlain }

  /// Converts the bytes of elements. Returns the first element without a value.
  private typealias ByteConverter = ([UInt8], inout MutableSpan<Float>) -> ElementType.Refusal?

  /// The number of elements that are read at once.
  private static let chunkCount = 1 << 13

  private init(_ header: ArrayHeader, _ stream: ByteStream) throws(DataFailure) {
    guard header.shape.count <= DataLimits.fileValueCount, let bytes = header.byteCount else {
      throw .content("\(stream.path): \(ArrayHeader.overflow(header.shape.axes))")
    }
    if let mistake = stream.sizeMistake(bytes) {
      throw .content("\(stream.path): \(mistake), because its header says \(header.summary)")
    }
    self.header = header
    self.stream = stream
  }

  /// Opens an IDX file.
  ///
  /// - Parameters:
  ///   - name: the file's name in messages. Nil for its path.
  ///   - ranks: the allowed numbers of axes.
  package convenience init(
    idx path: String, name: String? = nil, ranks: ClosedRange<Int>
  ) throws(DataFailure) {
    let stream = try ByteStream(path: path, name: name)
    try self.init(IDXHeader.read(stream, ranks: ranks), stream)
  }

  /// Opens a NumPy file.
  ///
  /// - Parameters:
  ///   - name: the file's name in messages. Nil for its path.
  ///   - array: the name of an array in an archive. Nil for a file with one array.
  package convenience init(
    npy path: String, name: String? = nil, array: String? = nil
  ) throws(DataFailure) {
    let stream: ByteStream
    if let array {
      stream = try ByteStream(path: path, name: name, array: array)
    } else {
      try ArrayFile.refuseArchive(path)
      stream = try ByteStream(path: path, name: name)
    }
    try self.init(NPYHeader.read(stream), stream)
  }

  /// Refuses an archive, because no array of it is named.
  private static func refuseArchive(_ path: String) throws(DataFailure) {
    let file = try DataFile(path: path)
    guard ZipDirectory.isArchive(try file.read(atMost: 4)) else { return }
    let arrays = try ZipDirectory(of: file, path: path).arrays
    throw .content(
      "\(path.quotable): expected 'array', the name of an array in this archive: "
        + (arrays.isEmpty ? "it has none" : arrays.quotedList))
  }

  /// Checks that the file has one element for each example of `inputs`.
  package func checkCount(of inputs: ArrayFile) throws(DataFailure) {
    guard header.count == inputs.header.count else {
      throw .content(
        "\(path): expected \(inputs.header.count) examples, as in \(inputs.path), received "
          + "\(header.count)")
    }
  }

  /// Reads all elements in row-major order. Elements of one byte stay bytes.
  ///
  /// - Returns: the elements, and whether float32 represents all of them exactly.
  /// - Throws: a failure when the file is damaged, or there is not enough memory.
  package func readValues() throws(DataFailure) -> (storage: ExampleStorage, isExact: Bool) {
    let (type, isBigEndian) = (header.elementType, header.isBigEndian)
    if type.size == 1 {
      let storage = try readBytes(expecting: expectation) { bytes, values in
        type.read(bytes, isBigEndian: isBigEndian, to: &values)
      }
      return (storage, true)
    }
    let storage = try allocate(Float.self)
    if type.fitsSinglePrecision {
      try read(into: storage, expecting: expectation) { bytes, values in
        type.read(bytes, isBigEndian: isBigEndian, to: &values)
      }
      return (.floats(storage), true)
    }
    var isExact = true
    try read(into: storage, expecting: expectation) { bytes, values in
      if let refusal = type.read(bytes, isBigEndian: isBigEndian, to: &values) { return refusal }
      guard isExact else { return nil }
      var exact = [Double](repeating: 0, count: values.count)
      var span = exact.mutableSpan
      _ = type.read(bytes, isBigEndian: isBigEndian, to: &span)
      for index in 0..<values.count where Double(values[index]) != span[index] { isExact = false }
      return nil
    }
    return (.floats(storage), isExact)
  }

  /// The size of the elements in memory, in bytes.
  package var storedBytes: Int {
    header.shape.count * (header.elementType.size == 1 ? 1 : MemoryLayout<Float>.size)
  }

  private func allocate<Element>(_ type: Element.Type) throws(DataFailure) -> Storage<Element> {
    guard DataLimits.fitsMemory(storedBytes),
      let storage = Storage<Element>(count: header.shape.count)
    else { throw .io("\(path): \(storedBytes) bytes of memory are more than are free") }
    return storage
  }

  /// Reads elements of one byte.
  ///
  /// - Parameter convert: returns the values of bytes, or the first byte without a value.
  private func readBytes(
    expecting expected: String, refusing failure: (String) -> DataFailure = { .content($0) },
    _ convert: ByteConverter
  ) throws(DataFailure) -> ExampleStorage {
    let storage = try allocate(UInt8.self)
    // The position of the first element with each byte, to report a byte without a value.
    var first = [Int?](repeating: nil, count: 256)
    let buffer = unsafe storage.buffer
    try forEachChunk { (bytes, done, count) throws(DataFailure) in
      for (index, byte) in bytes.enumerated() where first[Int(byte)] == nil {
        first[Int(byte)] = done + index
      }
      if header.isFortranOrder {
        scatter(bytes, from: done, to: storage)
      } else {
        _ = unsafe buffer.extracting(done..<done + count).update(fromContentsOf: bytes)
      }
      return true
    }
    var values = [Float](repeating: 0, count: 256)
    var refusals: [(position: Int, refusal: ElementType.Refusal)] = []
    for (byte, position) in first.enumerated() {
      guard let position else { continue }
      var value: [Float] = [0]
      var span = value.mutableSpan
      if let refusal = convert([UInt8(truncatingIfNeeded: byte)], &span) {
        refusals.append((position, refusal))
      }
      values[byte] = value[0]
    }
    if let (position, refusal) = refusals.min(by: { $0.position < $1.position }) {
      throw self.refusal(refusal, at: position, expected, failure)
    }
    guard
      let table = ByteValues(
        width: header.shape.count / header.count, { byte, _ in values[Int(byte)] })
    else { throw .io("\(path): the table of 256 values needs more memory than is free") }
    return .bytes(storage, table)
  }

  var expectation: String { header.elementType.expectation }

  /// Reads all elements in double precision, in the order of the file; see ``ExactValues``.
  func read(_ body: ValueRunReader) throws(DataFailure) {
    let (type, isBigEndian) = (header.elementType, header.isBigEndian)
    let width = header.shape.count / header.count
    let rows = header.count
    var isReading = true
    try forEachChunk { (bytes, start, count) throws(DataFailure) in
      var chunk = [Double](repeating: 0, count: count)
      var values = chunk.mutableSpan
      if let refusal = type.read(bytes, isBigEndian: isBigEndian, to: &values) {
        throw self.refusal(refusal, at: start, expectation) { .content($0) }
      }
      let span = chunk.span
      var done = 0
      while done < count, isReading {
        // Neighbours in the file belong to one column or to one example.
        let length = header.isFortranOrder ? rows : width
        let (line, place) = (start + done).quotientAndRemainder(dividingBy: length)
        let end = min(count, done + length - place)
        let run = span.extracting(done..<end)
        isReading =
          header.isFortranOrder
          ? body(run, place, ArrayFile.rowMajor(line, header.shape.axes.dropFirst()), true)
          : body(run, line, place, false)
        done = end
      }
      return isReading
    }
  }

  /// Reads class indices.
  ///
  /// - Parameters:
  ///   - declared: the classes. Nil means that the greatest label determines their number.
  ///   - offset: the label of the first class.
  ///   - ignored: labels that the network ignores.
  ///   - refusal: the failure for an element that does not name a class.
  /// - Returns: the classes of all elements, and the names of the classes: the declared names or
  ///   the labels.
  package func readClasses(
    _ declared: ClassNames?, offset: Int = 0, ignoring ignored: Set<Int> = [],
    refusing refusal: (String) -> DataFailure = { .content($0) }
  ) throws(DataFailure) -> (storage: ExampleStorage, names: [String]) {
    let (type, isBigEndian) = (header.elementType, header.isBigEndian)
    let limit = declared?.count ?? ClassNames.range.upperBound
    let expected = "a class from \(offset) to \(offset + limit - 1)"
    let convert: ByteConverter = { bytes, values in
      type.readClasses(
        bytes, isBigEndian: isBigEndian, below: limit, offset: offset, ignoring: ignored,
        to: &values)
    }
    let labels: ExampleStorage
    if type.size == 1 {
      labels = try readBytes(expecting: expected, refusing: refusal, convert)
    } else {
      let storage = try allocate(Float.self)
      try read(into: storage, expecting: expected, refusing: refusal, convert)
      labels = .floats(storage)
    }
    func names(_ count: Int) -> [String] { (offset..<offset + count).map(String.init) }
    switch declared {
    case .names(let declared): return (labels, declared)
    case .count(let count): return (labels, names(count))
    case nil: break
    }
    let ignoredValues = Set(ignored.map { Float($0) })
    var greatest: Float = 0
    try labels.forEachPiece { values, _ in
      for index in values.indices where values[index] > greatest {
        if !ignoredValues.contains(values[index]) { greatest = values[index] }
      }
      return true
    }
    guard greatest > 0 else {
      throw .content(
        "\(path): expected at least \(ClassNames.range.lowerBound) classes, received only \(offset)"
      )
    }
    return (labels, names(Int(greatest) + 1))
  }

  /// Reads all elements with `convert`, chunk by chunk.
  private func read(
    into storage: FloatStorage, expecting expected: String,
    refusing failure: (String) -> DataFailure = { .content($0) },
    _ convert: ByteConverter
  ) throws(DataFailure) {
    precondition(storage.count == header.shape.count, "the elements do not fill their storage")
    let buffer = unsafe storage.buffer
    try forEachChunk { (bytes, done, count) throws(DataFailure) in
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
      if let refusal { throw self.refusal(refusal, at: done, expected, failure) }
      return true
    }
  }

  func refusal(
    _ refusal: ElementType.Refusal, at position: Int, _ expected: String,
    _ failure: (String) -> DataFailure
  ) -> DataFailure {
    let place = header.place(ofPosition: position + refusal.index)
    return failure("\(path): element \(place): expected \(expected), received \(refusal.received)")
  }

  /// Reads the bytes of all elements in chunks, and checks that the file ends after them.
  ///
  /// - Parameter body: receives the bytes, the position of their first element, and their number of
  ///   elements. Returns false to stop.
  private func forEachChunk(
    _ body: ([UInt8], _ position: Int, _ count: Int) throws(DataFailure) -> Bool
  ) throws(DataFailure) {
    var done = 0
    while done < header.shape.count {
      let count = min(ArrayFile.chunkCount, header.shape.count - done)
      let bytes = try stream.read(atMost: count * header.elementType.size)
      guard bytes.count == count * header.elementType.size else {
        throw cutOff(after: done * header.elementType.size + bytes.count)
      }
      guard try body(bytes, done, count) else { return }
      done += count
    }
    try checkEnd()
  }

  /// Checks that the file ends after the elements.
  func checkEnd() throws(DataFailure) {
    guard try stream.read(atMost: 1).isEmpty else {
      throw .content(
        "\(path): expected \(header.byteCount ?? 0) \(stream.unit), because its header says "
          + "\(header.summary), received more")
    }
  }

  func cutOff(after count: Int) -> DataFailure {
    .content(
      "\(path): expected \(header.byteCount ?? 0) \(stream.unit), because its header says "
        + "\(header.summary), received \(header.length + count)")
  }

  /// Writes elements that begin at `position` of a file in Fortran order to their row-major places.
  private func scatter<Element>(
    _ values: [Element], from position: Int, to storage: Storage<Element>
  ) {
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

  /// Returns the row-major index in `axes` of element `position` in Fortran order.
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
