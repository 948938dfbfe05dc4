package import Fields
package import YAML

/// The written form of a date, in the letters of the C function `strptime`.
///
///     format: "%d.%m.%Y %H:%M"
///
/// | letter | meaning |
/// |---|---|
/// | `%Y`, `%y` | year of four digits; of two digits (69 … 99 are 1969 … 1999, 00 … 68 are 2000 … 2068) |
/// | `%m`, `%d`, `%j` | month, day of the month, day of the year; one digit suffices |
/// | `%b`, `%B` | English name of the month, short or long |
/// | `%H`, `%I`, `%p` | hour of 24, hour of 12, AM or PM |
/// | `%M`, `%S`, `%f` | minute, second, fraction of a second (1 to 9 digits) |
/// | `%z` | zone: `Z`, `+01:00`, `+0100` or `+01` |
/// | `%%` | a percent sign |
///
/// Other characters stand for themselves.
package struct DateFormat: Equatable, Sendable {
  package let text: String
  private let items: [Item]

  private enum Item: Equatable {
    case literal(UInt8)
    case letter(UInt8)
  }

  private static let letters = Set("YymdjbBHIpMSfz".utf8)

  /// Parses a format. Nil when it has an unknown letter, repeats one, or states no date.
  package init?(_ text: String) {
    var items: [Item] = []
    var bytes = text.utf8.makeIterator()
    while let byte = bytes.next() {
      guard byte == UInt8(ascii: "%") else {
        items.append(.literal(byte))
        continue
      }
      guard let letter = bytes.next() else { return nil }
      if letter == UInt8(ascii: "%") {
        items.append(.literal(letter))
      } else if DateFormat.letters.contains(letter), !items.contains(.letter(letter)) {
        items.append(.letter(letter))
      } else {
        return nil
      }
    }
    func has(_ letters: String) -> Bool {
      letters.utf8.contains { items.contains(.letter($0)) }
    }
    guard has("Yy"), has("j") || has("d") && has("mbB") else { return nil }
    self.text = text
    self.items = items
  }

  /// Whether the format states a time of the day.
  package var hasTime: Bool {
    "HIMSfpz".utf8.contains { items.contains(.letter($0)) }
  }

  /// The parts of a date that were read.
  private struct Parts {
    var year = 1970
    var month = 1
    var day = 1
    var dayOfYear: Int?
    var hour = 0
    var halfDay: Int?
    var minute = 0
    var second = 0
    var fraction = 0.0
    var offset = 0

    var days: Int? {
      guard let dayOfYear else { return CalendarDate.days(year: year, month: month, day: day) }
      guard dayOfYear >= 1, dayOfYear <= CalendarDate.length(ofYear: year),
        let first = CalendarDate.days(year: year, month: 1, day: 1)
      else { return nil }
      return first + dayOfYear - 1
    }

    var seconds: Double? {
      var hour = hour
      if let halfDay {
        guard (1...12).contains(hour) else { return nil }
        hour = hour % 12 + 12 * halfDay
      }
      guard let days, hour < 24, minute < 60, second < 60 else { return nil }
      return Double(days * 86_400 + hour * 3600 + minute * 60 + second - offset) + fraction
    }
  }

  /// Returns the days from 1970-01-01. Nil when the text is not a date that exists.
  func days(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
    guard let parts = parts(bytes, range), parts.seconds != nil else { return nil }
    return parts.days.map(Double.init)
  }

  /// Returns the seconds from 1970-01-01T00:00:00Z. Nil when the text is not a time that exists.
  func seconds(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
    parts(bytes, range)?.seconds
  }

  private func parts(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Parts? {
    var reader = DateReader(range)
    var parts = Parts()
    for item in items {
      switch item {
      case .literal(let byte): guard reader.take(bytes, byte) else { return nil }
      case .letter(let letter):
        guard DateFormat.read(letter, bytes, &reader, &parts) else { return nil }
      }
    }
    return reader.isAtEnd ? parts : nil
  }

  /// Reads the part that a letter means. Returns false when it is absent.
  private static func read(
    _ letter: UInt8, _ bytes: Span<UInt8>, _ reader: inout DateReader, _ parts: inout Parts
  ) -> Bool {
    func number(_ most: Int, _ part: WritableKeyPath<Parts, Int>) -> Bool {
      guard let (value, _) = reader.digits(bytes, upTo: most) else { return false }
      parts[keyPath: part] = value
      return true
    }
    switch letter {
    case UInt8(ascii: "Y"):
      guard let year = reader.digits(bytes, 4) else { return false }
      parts.year = year
    case UInt8(ascii: "y"):
      guard let year = reader.digits(bytes, 2) else { return false }
      parts.year = year < 69 ? 2000 + year : 1900 + year
    case UInt8(ascii: "m"): return number(2, \.month)
    case UInt8(ascii: "d"): return number(2, \.day)
    case UInt8(ascii: "H"), UInt8(ascii: "I"): return number(2, \.hour)
    case UInt8(ascii: "M"): return number(2, \.minute)
    case UInt8(ascii: "S"): return number(2, \.second)
    case UInt8(ascii: "j"):
      guard let (value, _) = reader.digits(bytes, upTo: 3) else { return false }
      parts.dayOfYear = value
    case UInt8(ascii: "b"), UInt8(ascii: "B"):
      guard let month = reader.name(bytes, of: monthNames) else { return false }
      parts.month = month % 12 + 1
    case UInt8(ascii: "p"):
      guard let half = reader.name(bytes, of: halfDayNames) else { return false }
      parts.halfDay = half
    case UInt8(ascii: "f"):
      guard let fraction = reader.fraction(bytes) else { return false }
      parts.fraction = fraction
    default:
      guard let offset = reader.zone(bytes) else { return false }
      parts.offset = offset
    }
    return true
  }

  /// The short and the long names of the months.
  private static let monthNames: [[UInt8]] =
    [
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
      "january", "february", "march", "april", "may", "june", "july", "august", "september",
      "october", "november", "december",
    ].map { Array($0.utf8) }

  private static let halfDayNames = [Array("am".utf8), Array("pm".utf8)]
}

extension DateFormat: FieldValue {
  package static var isText: Bool { true }
  package static var expectation: String {
    "a date format with a year, a month and a day, such as '%d.%m.%Y' (letters "
      + "%Y %y %m %d %j %b %B %H %I %p %M %S %f %z)"
  }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<DateFormat> {
    String.decode(node, &diagnostics).compactMap(of: node) { DateFormat($0) }
  }

  package var encoded: Node { text.encoded }
}
