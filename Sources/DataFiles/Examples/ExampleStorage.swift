package import Tensors

/// The stored elements of one tensor of all examples, in row-major order.
///
/// Bytes stay bytes until a batch is gathered, so that images and masks need a quarter of the memory.
/// Elements on demand stay in their files until a batch needs them.
package enum ExampleStorage: Sendable {
  case floats(FloatStorage)
  case bytes(Storage<UInt8>, ByteValues)
  case onDemand(ExampleSelection)

  /// The number of elements.
  package var count: Int {
    switch self {
    case .floats(let storage): storage.count
    case .bytes(let storage, _): storage.count
    case .onDemand(let examples): examples.count * examples.width
    }
  }

  /// The size of the elements in memory, in bytes.
  package var byteCount: Int {
    switch self {
    case .floats(let storage): storage.count * MemoryLayout<Float>.size
    case .bytes(let storage, let values): storage.count + values.byteCount
    case .onDemand: 0
    }
  }

  /// Returns the elements in `range`, which share the memory of these.
  ///
  /// A range of bytes must begin at an example. A range of elements on demand must also end at one.
  package func part(_ range: Range<Int>) -> ExampleStorage {
    switch self {
    case .floats(let storage): .floats(FloatStorage(range, of: storage))
    case .bytes(let storage, let values): .bytes(Storage(range, of: storage), values)
    case .onDemand(let examples): .onDemand(examples.part(examples.examples(range)))
    }
  }

  /// Calls `body` with the values of the elements in `range`, in pieces.
  ///
  /// - Parameter body: receives the values and the position of the first one. Returns false to
  ///   stop.
  /// - Throws: a failure when a file cannot be read.
  package func forEachPiece(
    of range: Range<Int>, _ body: (_ values: Span<Float>, _ start: Int) -> Bool
  ) throws(DataFailure) {
    switch self {
    case .floats(let storage):
      let buffer = unsafe storage.buffer.extracting(range)
      _ = unsafe body(buffer.span, range.lowerBound)
    case .bytes(let storage, let values):
      let buffer = unsafe storage.buffer
      let bytes = unsafe buffer.span
      var piece = [Float](repeating: 0, count: min(range.count, 1 << 12))
      var start = range.lowerBound
      while start < range.upperBound {
        let count = min(piece.count, range.upperBound - start)
        do {
          var span = piece.mutableSpan
          values.write(bytes.extracting(start..<start + count), at: start, to: &span)
        }
        guard body(piece.span.extracting(0..<count), start) else { return }
        start += count
      }
    case .onDemand(let examples):
      try examples.forEach(of: examples.examples(range)) { body($0, $1 * examples.width) }
    }
  }

  /// Calls `body` with every value, in pieces; see ``forEachPiece(of:_:)``.
  package func forEachPiece(
    _ body: (_ values: Span<Float>, _ start: Int) -> Bool
  ) throws(DataFailure) {
    try forEachPiece(of: 0..<count, body)
  }

  /// Returns the values of the elements in `range`.
  package func values(_ range: Range<Int>) throws(DataFailure) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(range.count)
    try forEachPiece(of: range) { piece, _ in
      for index in piece.indices { values.append(piece[index]) }
      return true
    }
    return values
  }

  /// Returns all values as float32. Bytes are converted into new memory.
  ///
  /// - Throws: a failure when there is not enough memory, or when a file cannot be read.
  package func floats() throws(DataFailure) -> FloatStorage {
    if case .floats(let storage) = self { return storage }
    guard let storage = FloatStorage(count: count) else {
      throw .io("\(count) values need more memory than is free")
    }
    let buffer = unsafe storage.buffer
    var result = unsafe buffer.mutableSpan
    try forEachPiece { piece, start in
      for index in piece.indices { result[start + index] = piece[index] }
      return true
    }
    return storage
  }
}
