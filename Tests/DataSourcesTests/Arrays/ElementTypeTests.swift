import DataSources
import Foundation
import Oracles
import Tensors
import Testing

/// Compares the values of elements with arithmetic.
@Suite struct ElementTypeTests {
  /// 2^(exponent − 25)·(1024 + fraction), and 2⁻²⁴·fraction for subnormal numbers.
  @Test func everyHalfPrecisionNumberIsExact() throws {
    let finite = (0..<1 << 16).filter { $0 >> 10 & 31 != 31 }
    let elements = finite.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let values = try TemporaryFolder().load(npy("<f2", "(\(finite.count),)", elements), as: "npy")
      .inputValues
    #expect(finite.count == 63_488)
    for (index, bits) in finite.enumerated() {
      let (exponent, fraction) = (bits >> 10 & 31, bits & 1023)
      let size =
        exponent == 0
        ? Double(fraction) * 0x1p-24 : Double(1024 + fraction) * pow(2, Double(exponent - 25))
      #expect(values[index] == Float(bits >> 15 == 1 ? -size : size))
    }
    let folder = try TemporaryFolder()
    let others: [([UInt8], String)] = [
      ([0, 0x7C], "inf"), ([0, 0xFC], "-inf"), ([1, 0x7E], "nan"),
    ]
    for (bits, text) in others {
      #expect(
        try folder.refusal(npy("<f2", "(1,)", bits), as: "npy")
          == "element [0]: expected a number of at most 3.4028235e+38 in size, received \(text)")
    }
  }

  @Test func everyByteIsExact() throws {
    let all = (0...255).map { UInt8($0) }
    let folder = try TemporaryFolder()
    let unsigned = try folder.load(idx([1, 256], all), as: "idx")
    #expect(unsigned.inputValues == all.map { Float($0) })
    let signed = try folder.load(idx([1, 256], all, type: 9), as: "idx")
    #expect(signed.inputValues == all.map { Float(Int8(bitPattern: $0)) })
  }

  /// Rounds once, to nearest, ties to even. Rounding to double first would turn 2⁵⁴ + 2³⁰ + 1 into
  /// 2⁵⁴.
  @Test func largeIntegersAreRoundedOnce() throws {
    let tie = 1 << 54 + 1 << 30
    let numbers = [tie, tie + 1, -tie, -tie - 1, Int.max, Int.min, (1 << 24) + 1]
    let elements = numbers.flatMap { bytes($0.bigEndian) }
    let values = try TemporaryFolder().load(npy(">i8", "(\(numbers.count),)", elements), as: "npy")
      .inputValues
    let above = Float(0x1p54) + 0x1p31
    #expect(values == [0x1p54, above, -0x1p54, -above, 0x1p63, -0x1p63, 0x1p24])
  }

  @Test func doublesAreRoundedOnce() throws {
    let numbers = [0.1, 1 + 0x1p-24, 1 + 0x1.8p-24, -3.4028234e38, 1e-46, -0.0]
    let elements = numbers.flatMap { bytes($0.bitPattern.bigEndian) }
    let values = try TemporaryFolder().load(npy(">f8", "(\(numbers.count),)", elements), as: "npy")
      .inputValues
    #expect(values == [0.1, 1, 1 + 0x1p-23, -3.4028234e38, 0, 0])
    #expect(values[5].sign == .minus)
  }
}
