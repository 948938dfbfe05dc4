/// The types of a safetensors file's elements that are read.
package enum SafetensorsElement: String, CaseIterable {
  case single = "F32"
  case half = "F16"
  case brain = "BF16"
  case double = "F64"
  case integer = "I32"
  case long = "I64"

  /// Bytes of an element.
  var width: Int {
    switch self {
    case .half, .brain: 2
    case .single, .integer: 4
    case .double, .long: 8
    }
  }

  /// The bits of the element at a place, the least significant byte first.
  @inline(__always)
  func bits(_ bytes: [UInt8], at place: Int) -> UInt64 {
    var bits: UInt64 = 0
    for index in 0..<width { bits |= UInt64(bytes[place + index]) << (8 * UInt64(index)) }
    return bits
  }

  /// The element at a place, exactly; nil for an integer that single precision does not hold. A signalling NaN becomes a
  /// quiet one.
  @inline(__always)
  func value(_ bytes: [UInt8], at place: Int) -> Double? {
    let bits = bits(bytes, at: place)
    return switch self {
    case .single: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .half: Double(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
    // The upper half of a single-precision number.
    case .brain: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16))
    case .double: Double(bitPattern: bits)
    case .integer: Float(exactly: Int32(truncatingIfNeeded: bits)).map { Double($0) }
    case .long: Float(exactly: Int64(bitPattern: bits)).map { Double($0) }
    }
  }
}
