import Foundation

/// Arguments of a function, and its exact value, from `function_cases.py`.
struct FunctionCase {
  /// The bits of the arguments.
  let arguments: [UInt64]
  /// The bits of the nearest result.
  let nearest: UInt64
  /// The distance of the exact value from the nearest result, in units in its last place.
  let distance: Double

  /// Reads the cases of a file in `Cases`.
  static func read(_ name: String) throws -> [FunctionCase] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let text = try String(
      contentsOf: folder.appendingPathComponent("Cases/\(name).csv"), encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      let fields = line.split(separator: ",")
      let words = fields.dropLast().compactMap { UInt64($0, radix: 16) }
      guard let distance = Int(fields[fields.count - 1]), words.count == fields.count - 1 else {
        throw CocoaError(.fileReadCorruptFile)
      }
      return FunctionCase(
        arguments: Array(words.dropLast()), nearest: words[words.count - 1],
        distance: Double(distance) / 1000)
    }
  }
}

/// A binary format whose numbers have an order by their bits.
protocol OrderedFormat: BinaryFloatingPoint & Sendable {
  init(bits: UInt64)
  /// The number of values above 0, negative below: neighbours differ by 1.
  var place: Int { get }
}

extension Double: OrderedFormat {
  init(bits: UInt64) { self.init(bitPattern: bits) }
  var place: Int {
    let size = Int(magnitude.bitPattern)
    return sign == .minus ? -size : size
  }
}

extension Float: OrderedFormat {
  init(bits: UInt64) { self.init(bitPattern: UInt32(truncatingIfNeeded: bits)) }
  var place: Int {
    let size = Int(magnitude.bitPattern)
    return sign == .minus ? -size : size
  }
}

extension FunctionCase {
  /// The error of a result in units in the last place. ∞ for NaN.
  func error<Number: OrderedFormat>(of result: Number) -> Double {
    result.isNaN ? .infinity : abs(Double(result.place - Number(bits: nearest).place) - distance)
  }

  /// The greatest error of a function over the cases of a file, and the arguments that give it.
  static func worst<Number: OrderedFormat>(
    _ name: String, _ function: ([Number]) -> Number
  ) throws -> (error: Double, arguments: [Number], count: Int) {
    let cases = try read(name)
    var worst = (error: 0.0, arguments: [Number]())
    for one in cases {
      let arguments = one.arguments.map { Number(bits: $0) }
      let error = one.error(of: function(arguments))
      if error > worst.error { worst = (error, arguments) }
    }
    return (worst.error, worst.arguments, cases.count)
  }
}
