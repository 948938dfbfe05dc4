/// The texts that mean a missing value.
///
/// A text that is a number, such as `-999`, also means its other spellings: `-999.0`.
struct MissingTexts: Sendable {
  private let texts: [[UInt8]]
  private let numbers: [Double]

  init(_ texts: [String]) {
    self.texts = texts.map { Array($0.utf8) }
    numbers = self.texts.compactMap { DecimalParser.parse($0.span, 0..<$0.count) }
  }

  var hasNumbers: Bool { !numbers.isEmpty }

  func contains(_ number: Double) -> Bool { numbers.contains(number) }

  func contains(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for text in texts
    where text.count == range.count && bytes.starts(with: text, at: range.lowerBound) {
      return true
    }
    return false
  }
}
