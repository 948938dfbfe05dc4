/// Dates and times as ISO 8601 writes them.
///
/// A date is `2024-03-01`. A time is `2024-03-01T12:30:05.25+01:00`. A space may replace the T. The
/// seconds, the fraction and the zone are optional, and a date alone means midnight.
package enum ISODate {
  /// Returns the days from 1970-01-01. Nil when the text is not a date that exists.
  @inline(__always)
  static func days(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
    var reader = DateReader(range)
    guard let days = date(bytes, &reader), reader.isAtEnd else { return nil }
    return Double(days)
  }

  /// Returns the seconds from 1970-01-01T00:00:00Z. Nil when the text is not a time that exists.
  @inline(__always)
  static func seconds(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
    var reader = DateReader(range)
    guard let days = date(bytes, &reader) else { return nil }
    if reader.isAtEnd { return Double(days * 86_400) }
    guard reader.take(bytes, UInt8(ascii: "T")) || reader.take(bytes, UInt8(ascii: " ")),
      let hour = reader.digits(bytes, 2), hour < 24, reader.take(bytes, UInt8(ascii: ":")),
      let minute = reader.digits(bytes, 2), minute < 60
    else { return nil }
    var second = 0
    var fraction = 0.0
    if reader.take(bytes, UInt8(ascii: ":")) {
      guard let written = reader.digits(bytes, 2), written < 60 else { return nil }
      second = written
      if reader.take(bytes, UInt8(ascii: ".")) || reader.take(bytes, UInt8(ascii: ",")) {
        guard let written = reader.fraction(bytes) else { return nil }
        fraction = written
      }
    }
    var offset = 0
    if !reader.isAtEnd {
      guard let zone = reader.zone(bytes), reader.isAtEnd else { return nil }
      offset = zone
    }
    return Double(days * 86_400 + hour * 3600 + minute * 60 + second - offset) + fraction
  }

  @inline(__always)
  private static func date(_ bytes: Span<UInt8>, _ reader: inout DateReader) -> Int? {
    guard let year = reader.digits(bytes, 4), reader.take(bytes, UInt8(ascii: "-")),
      let month = reader.digits(bytes, 2), reader.take(bytes, UInt8(ascii: "-")),
      let day = reader.digits(bytes, 2)
    else { return nil }
    return CalendarDate.days(year: year, month: month, day: day)
  }

  /// Returns the date of a day, counted from 1970-01-01: `2024-03-01`.
  package static func text(ofDay day: Int) -> String {
    let (year, dayOfYear) = CalendarDate.yearAndDay(ofDay: day)
    var month = 12
    while month > 1, let first = CalendarDate.days(year: year, month: month, day: 1), first > day {
      month -= 1
    }
    let first = CalendarDate.days(year: year, month: month, day: 1) ?? day - dayOfYear
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day - first + 1, 2)
  }

  /// Returns the time of a second, counted from 1970-01-01T00:00:00Z: `2024-03-01T12:30:05`.
  package static func text(ofSecond second: Int) -> String {
    var day = second / 86_400
    if second % 86_400 < 0 { day -= 1 }
    let rest = second - day * 86_400
    return text(ofDay: day) + "T" + padded(rest / 3600, 2) + ":" + padded(rest / 60 % 60, 2) + ":"
      + padded(rest % 60, 2)
  }

  private static func padded(_ value: Int, _ count: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
  }
}
