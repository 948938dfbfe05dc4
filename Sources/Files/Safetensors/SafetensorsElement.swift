/// The element types of safetensors files that dlrun reads.
package enum SafetensorsElement: String, CaseIterable {
  case single = "F32"
  case half = "F16"
  case brain = "BF16"
  case double = "F64"
  case integer = "I32"
  case long = "I64"

  /// The number of bytes of an element.
  var width: Int {
    switch self {
    case .half, .brain: 2
    case .single, .integer: 4
    case .double, .long: 8
    }
  }

  /// The bits of the element at an offset, stored with the least significant byte first.
  @inline(__always)
  func bits(_ bytes: [UInt8], at place: Int) -> UInt64 {
    var bits: UInt64 = 0
    for index in 0..<width { bits |= UInt64(bytes[place + index]) << (8 * UInt64(index)) }
    return bits
  }

  /// The exact value of the element at an offset. Nil for an integer that single precision cannot
  /// represent.
  ///
  /// A signalling NaN becomes a quiet NaN.
  @inline(__always)
  func value(_ bytes: [UInt8], at place: Int) -> Double? {
    let bits = bits(bytes, at: place)
    return switch self {
    case .single: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .half: Double(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
    // A BF16 number is the upper half of a single-precision number.
    case .brain: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16))
    case .double: Double(bitPattern: bits)
    case .integer: Float(exactly: Int32(truncatingIfNeeded: bits)).map { Double($0) }
    case .long: Float(exactly: Int64(bitPattern: bits)).map { Double($0) }
    }
  }
}
