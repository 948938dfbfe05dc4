/// Joins the values of blocks to those of a column, in the form that holds all of them.
struct ValuesBuilder {
  private var width = 0
  // One array for each form. Only that of the current form has values.
  private var bytes: [UInt8] = []
  private var shorts: [UInt16] = []
  private var integers: [Int32] = []
  private var floats: [Float] = []
  private var doubles: [Double] = []

  var values: StoredValues {
    switch width {
    case 4: .float64(doubles)
    case 3: .float32(floats)
    case 2: .int32(integers)
    case 1: .uint16(shorts)
    default: .uint8(bytes)
    }
  }

  /// Appends values.
  ///
  /// - Parameter capacity: the expected number of all values.
  mutating func append(_ part: StoredValues, capacity: Int) {
    // A copy of the values would make each append copy them, so it lives only while widening.
    if part.width > width || isEmpty { widen(to: part.width, capacity) }
    add(part)
  }

  private var isEmpty: Bool { values.count == 0 }

  private mutating func widen(to width: Int, _ capacity: Int) {
    let before = values
    self = ValuesBuilder()
    self.width = max(width, before.count == 0 ? 0 : before.width)
    switch self.width {
    case 4: doubles.reserveCapacity(capacity)
    case 3: floats.reserveCapacity(capacity)
    case 2: integers.reserveCapacity(capacity)
    case 1: shorts.reserveCapacity(capacity)
    default: bytes.reserveCapacity(capacity)
    }
    if before.count > 0 { add(before) }
  }

  private mutating func add(_ part: StoredValues) {
    switch width {
    case 4: part.append(to: &doubles)
    case 3: if case .float32(let values) = part { floats += values }
    case 2: part.append(to: &integers, missing: .min)
    case 1: part.append(to: &shorts, missing: .max)
    default: if case .uint8(let values) = part { bytes += values }
    }
  }
}
