/// The marks with which all texts of a column are numbers, and the ranges of these numbers.
package struct NumberForms: Sendable {
  /// Numbers with one choice of marks.
  package struct Form: Sendable {
    package let decimal: DecimalMark
    package let thousands: GroupMark?
    package fileprivate(set) var least = Double.infinity
    package fileprivate(set) var greatest = -Double.infinity
    /// Whether all numbers are integers.
    package fileprivate(set) var isInteger = true
    /// Whether some text needs the mark between groups.
    package fileprivate(set) var hasGroups = false
    fileprivate var isPossible = true

    package var marks: NumberMarks { NumberMarks(decimal: decimal, thousands: thousands) }

    fileprivate init(_ decimal: DecimalMark, _ thousands: GroupMark?) {
      self.decimal = decimal
      self.thousands = thousands
    }

    fileprivate mutating func add(_ number: Double?) {
      guard let number, number.magnitude < CellReader.numberBound else {
        isPossible = false
        return
      }
      least = min(least, number)
      greatest = max(greatest, number)
      if number != number.rounded() { isInteger = false }
    }
  }

  /// The forms in the order of preference.
  private var forms = [
    Form(.point, nil), Form(.point, .comma), Form(.comma, nil), Form(.point, .space),
    Form(.point, .apostrophe), Form(.comma, .point), Form(.comma, .space),
    Form(.comma, .apostrophe),
  ]
  private var isPossible = true
  /// Whether all texts are digits, possibly after a sign, so that any marks fit.
  package private(set) var hasNoMarks = true

  /// Whether all texts so far are numbers with the same marks.
  package var isNumber: Bool { isPossible }

  /// Whether all texts are numbers, but not with a decimal point.
  package var needsComma: Bool {
    isPossible && !forms.contains { $0.isPossible && $0.decimal == .point }
  }

  /// Returns the form of the numbers. Nil when the texts are not numbers.
  ///
  /// - Parameter prefersComma: whether other columns of the table have a decimal comma.
  package func form(prefersComma: Bool) -> Form? {
    // Without a text that needs groups, the form without groups says the same.
    let possible = forms.filter { $0.isPossible && ($0.thousands == nil || $0.hasGroups) }
    guard prefersComma else { return possible.first }
    let commas = possible.filter { $0.decimal == .comma }
    return commas.first { $0.thousands != nil } ?? commas.first ?? possible.first
  }

  mutating func add(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    guard isPossible else { return }
    if NumberForms.isPlain(bytes, range) {
      let number = DecimalParser.parse(bytes, range)
      for index in forms.indices where forms[index].isPossible { forms[index].add(number) }
    } else {
      hasNoMarks = false
      for index in forms.indices where forms[index].isPossible { add(bytes, range, to: index) }
    }
    isPossible = forms.contains(where: \.isPossible)
  }

  private mutating func add(_ bytes: Span<UInt8>, _ range: Range<Int>, to index: Int) {
    let form = forms[index]
    guard let thousands = form.thousands else {
      return forms[index].add(DecimalParser.parse(bytes, range, decimal: form.decimal.byte))
    }
    var number = GroupedNumber.parse(
      bytes, range, decimal: form.decimal.byte, group: thousands.byte)
    if range.contains(where: { bytes[$0] == thousands.byte }) {
      // 0,123 is a fraction.
      if bytes[range.lowerBound] == UInt8(ascii: "0") { number = nil }
      forms[index].hasGroups = true
    }
    forms[index].add(number)
  }

  /// Whether a text consists of digits, possibly after a sign.
  private static func isPlain(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for index in range where bytes[index] &- UInt8(ascii: "0") > 9 {
      let isSign = bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+")
      guard index == range.lowerBound, isSign else { return false }
    }
    return true
  }
}
