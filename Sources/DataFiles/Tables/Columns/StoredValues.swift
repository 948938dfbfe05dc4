/// The values of a column in the smallest of five forms that holds all of them.
///
/// A missing value is NaN in `float32` and `float64`, 255 in `uint8`, 65,535 in `uint16`, and the
/// least number in `int32`. No other value is one of these.
package enum StoredValues: Sendable, Equatable {
  case float32([Float])
  case float64([Double])
  case uint8([UInt8])
  case uint16([UInt16])
  case int32([Int32])

  package var count: Int {
    switch self {
    case .float32(let values): values.count
    case .float64(let values): values.count
    case .uint8(let values): values.count
    case .uint16(let values): values.count
    case .int32(let values): values.count
    }
  }

  /// The bytes of the values.
  package var byteCount: Int {
    switch self {
    case .float32(let values): values.count * 4
    case .float64(let values): values.count * 8
    case .uint8(let values): values.count
    case .uint16(let values): values.count * 2
    case .int32(let values): values.count * 4
    }
  }

  /// Returns the value of a row. NaN when it is missing.
  package subscript(row: Int) -> Double {
    switch self {
    case .float32(let values): Double(values[row])
    case .float64(let values): values[row]
    case .uint8(let values): values[row] == .max ? .nan : Double(values[row])
    case .uint16(let values): values[row] == .max ? .nan : Double(values[row])
    case .int32(let values): values[row] == .min ? .nan : Double(values[row])
    }
  }

  /// The number of missing values.
  package var missingCount: Int {
    switch self {
    case .float32(let values): values.count { $0.isNaN }
    case .float64(let values): values.count { $0.isNaN }
    case .uint8(let values): values.count { $0 == .max }
    case .uint16(let values): values.count { $0 == .max }
    case .int32(let values): values.count { $0 == .min }
    }
  }

  /// Stores numbers: as float32 when it represents all of them exactly.
  init(numbers: Span<Double>) {
    var areExact = true
    for index in numbers.indices {
      let value = numbers[index]
      if Double(Float(value)) != value, !value.isNaN { areExact = false }
    }
    if areExact {
      var values = [Float](repeating: 0, count: numbers.count)
      for index in numbers.indices { values[index] = Float(numbers[index]) }
      self = .float32(values)
    } else {
      self.init(doubles: numbers)
    }
  }

  /// Stores numbers without a test for float32.
  init(doubles: Span<Double>) {
    self = .float64(unsafe doubles.withUnsafeBufferPointer { unsafe Array($0) })
  }

  /// Stores integers from 0 to below `limit`. A NaN is a missing value.
  init(codes: Span<Double>, limit: Int) {
    func convert<Code: FixedWidthInteger>(_ missing: Code) -> [Code] {
      var values = [Code](repeating: missing, count: codes.count)
      for index in codes.indices where !codes[index].isNaN {
        values[index] = Code(truncatingIfNeeded: Int64(codes[index]))
      }
      return values
    }
    self =
      limit <= 255
      ? .uint8(convert(.max)) : limit <= 65_535 ? .uint16(convert(.max)) : .int32(convert(.min))
  }

  /// Stores other codes for those of `values`.
  ///
  /// - Parameter codes: the new code of each code, all below `limit`.
  init(_ values: StoredValues, recoded codes: [Int], limit: Int) {
    func convert<Code: FixedWidthInteger>(_ missing: Code) -> [Code] {
      (0..<values.count).map { row in
        let value = values[row]
        guard !value.isNaN, codes.indices.contains(Int(value)) else { return missing }
        return Code(truncatingIfNeeded: codes[Int(value)])
      }
    }
    self =
      limit <= 255
      ? .uint8(convert(.max)) : limit <= 65_535 ? .uint16(convert(.max)) : .int32(convert(.min))
  }

  /// Stores whole days. A NaN is a missing value.
  init(days: Span<Double>) {
    var values = [Int32](repeating: .min, count: days.count)
    for index in days.indices where !days[index].isNaN {
      values[index] = Int32(truncatingIfNeeded: Int64(days[index]))
    }
    self = .int32(values)
  }

  /// The rank of the form: each form holds the values of those with a lower rank.
  var width: Int {
    switch self {
    case .uint8: 0
    case .uint16: 1
    case .int32: 2
    case .float32: 3
    case .float64: 4
    }
  }

  func append(to values: inout [Double]) {
    switch self {
    case .float64(let own): values += own
    case .float32(let own): for value in own { values.append(Double(value)) }
    default: for row in 0..<count { values.append(self[row]) }
    }
  }

  func append<Code: FixedWidthInteger>(to values: inout [Code], missing: Code) {
    switch self {
    case .uint8(let own):
      for value in own {
        values.append(value == .max ? missing : Code(truncatingIfNeeded: value))
      }
    case .uint16(let own):
      for value in own {
        values.append(value == .max ? missing : Code(truncatingIfNeeded: value))
      }
    case .int32(let own):
      for value in own {
        values.append(value == .min ? missing : Code(truncatingIfNeeded: value))
      }
    case .float32, .float64: break
    }
  }
}
