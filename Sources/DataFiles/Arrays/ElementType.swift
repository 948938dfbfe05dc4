/// The element type of an array in a file, by NumPy's name.
package enum ElementType: String, CaseIterable {
  case bool
  case int8
  case uint8
  case int16
  case uint16
  case int32
  case uint32
  case int64
  case uint64
  case float16
  case float32
  case float64

  /// The size of an element in bytes.
  var size: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  /// Whether float32 represents every element exactly.
  var fitsSinglePrecision: Bool {
    switch self {
    case .bool, .int8, .uint8, .int16, .uint16, .float16, .float32: true
    case .int32, .uint32, .int64, .uint64, .float64: false
    }
  }

  /// Whether an element can be a class index. Booleans are 0 and 1.
  package var isInteger: Bool {
    switch self {
    case .float16, .float32, .float64: false
    default: true
    }
  }
}

extension ElementType {
  /// An element that has an invalid value.
  struct Refusal: Equatable {
    /// Its index among the elements of the call.
    let index: Int
    /// The element as text.
    let received: String
  }

  /// The expectation for an element in messages.
  var expectation: String {
    self == .bool
      ? "a truth value of 0 or 1" : "a number of at most \(Float.greatestFiniteMagnitude) in size"
  }

  /// Reads one element for each place of `values`.
  ///
  /// The result is exact when `Value` can represent the number, and otherwise rounded once.
  ///
  /// - Returns: the first element that is NaN, too large for float32, or a boolean other than 0 and
  ///   1.
  func read<Value: BinaryFloatingPoint>(
    _ bytes: [UInt8], isBigEndian: Bool, to values: inout MutableSpan<Value>
  ) -> Refusal? {
    let elements = Elements(bytes: bytes, isBigEndian: isBigEndian)
    return switch self {
    case .bool: elements.truthValues(to: &values)
    case .int8: elements.integers(Int8.self, to: &values)
    case .uint8: elements.integers(UInt8.self, to: &values)
    case .int16: elements.integers(Int16.self, to: &values)
    case .uint16: elements.integers(UInt16.self, to: &values)
    case .int32: elements.integers(Int32.self, to: &values)
    case .uint32: elements.integers(UInt32.self, to: &values)
    case .int64: elements.integers(Int64.self, to: &values)
    case .uint64: elements.integers(UInt64.self, to: &values)
    case .float16: elements.floats(UInt16.self, to: &values) { Float16(bitPattern: $0) }
    case .float32: elements.floats(UInt32.self, to: &values) { Float(bitPattern: $0) }
    case .float64: elements.floats(UInt64.self, to: &values) { Double(bitPattern: $0) }
    }
  }

  /// Reads one class index for each place of `values`: an element minus `offset`.
  ///
  /// - Parameter ignored: labels that the network ignores, with or without the offset.
  /// - Returns: the first element that is not ignored and is outside `offset` ..< `offset` +
  ///   `limit`.
  func readClasses(
    _ bytes: [UInt8], isBigEndian: Bool, below limit: Int, offset: Int = 0,
    ignoring ignored: Set<Int> = [], to values: inout MutableSpan<Float>
  ) -> Refusal? {
    let elements = Elements(
      bytes: bytes, isBigEndian: isBigEndian, offset: offset, ignored: ignored)
    return switch self {
    case .bool: elements.classes(UInt8.self, below: min(limit, 2), to: &values)
    case .int8: elements.classes(Int8.self, below: limit, to: &values)
    case .uint8: elements.classes(UInt8.self, below: limit, to: &values)
    case .int16: elements.classes(Int16.self, below: limit, to: &values)
    case .uint16: elements.classes(UInt16.self, below: limit, to: &values)
    case .int32: elements.classes(Int32.self, below: limit, to: &values)
    case .uint32: elements.classes(UInt32.self, below: limit, to: &values)
    case .int64: elements.classes(Int64.self, below: limit, to: &values)
    case .uint64: elements.classes(UInt64.self, below: limit, to: &values)
    case .float16, .float32, .float64: preconditionFailure("a class's number is an integer")
    }
  }
}

/// Elements as bytes. Each loop has a fixed element type, so that it does not branch on the type.
private struct Elements {
  let bytes: [UInt8]
  let isBigEndian: Bool
  /// The label of the first class.
  var offset = 0
  /// Labels that the network ignores.
  var ignored: Set<Int> = []

  @inline(__always)
  private func element<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ type: Bits.Type, _ bytes: RawSpan, _ index: Int
  ) -> Bits {
    let bits = unsafe bytes.unsafeLoadUnaligned(
      fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
    return isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits)
  }

  func integers<Integer: FixedWidthInteger & BitwiseCopyable, Value: BinaryFloatingPoint>(
    _ type: Integer.Type, to values: inout MutableSpan<Value>
  ) -> ElementType.Refusal? {
    let bytes = unsafe bytes.span.bytes
    for index in 0..<values.count { values[index] = Value(element(type, bytes, index)) }
    return nil
  }

  func floats<
    Bits: FixedWidthInteger & BitwiseCopyable, Number: BinaryFloatingPoint,
    Value: BinaryFloatingPoint
  >(
    _ type: Bits.Type, to values: inout MutableSpan<Value>, _ number: (Bits) -> Number
  ) -> ElementType.Refusal? {
    let bytes = unsafe bytes.span.bytes
    for index in 0..<values.count {
      let number = number(element(type, bytes, index))
      guard Float(number).isFinite else {
        return ElementType.Refusal(
          index: index, received: number.isNaN ? "nan" : "\(Double(number))")
      }
      values[index] = Value(number)
    }
    return nil
  }

  func truthValues<Value: BinaryFloatingPoint>(
    to values: inout MutableSpan<Value>
  ) -> ElementType.Refusal? {
    for index in 0..<values.count {
      guard bytes[index] < 2 else {
        return ElementType.Refusal(index: index, received: "\(bytes[index])")
      }
      values[index] = Value(bytes[index])
    }
    return nil
  }

  func classes<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ type: Integer.Type, below limit: Int, to values: inout MutableSpan<Float>
  ) -> ElementType.Refusal? {
    let bytes = unsafe bytes.span.bytes
    for index in 0..<values.count {
      let integer = element(type, bytes, index)
      let label = Int(exactly: integer) ?? .max
      let (number, overflows) = label.subtractingReportingOverflow(offset)
      if !overflows, number >= 0, number < limit {
        values[index] = Float(number)
      } else if !overflows, let other = [label, number].first(where: ignored.contains) {
        values[index] = Float(other)
      } else {
        return ElementType.Refusal(index: index, received: "\(integer)")
      }
    }
    return nil
  }
}
