import DataFiles
import Testing

@Suite struct DateTests {
  private func days(_ text: String, _ format: String? = nil) throws -> Double? {
    try stored("a;b\n\(text);1\n", [.date(format.map { try #require(DateFormat($0)) })]).values()[0]
  }

  private func seconds(_ text: String, _ format: String? = nil) throws -> Double? {
    let type = ColumnType.datetime(try format.map { try #require(DateFormat($0)) })
    return try stored("a;b\n\(text);1\n", [type]).values()[0]
  }

  @Test(arguments: [
    ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2024-03-01", 19_783),
    ("1900-03-01", -25_508), ("0001-01-01", -719_162), ("9999-12-31", 2_932_896),
  ])
  func daysCountFrom1970(text: String, expected: Double) throws {
    #expect(try days(text) == expected)
  }

  /// Each day of 800 years follows the day before, and its year and weekday are found again.
  @Test func calendarIsContinuous() {
    var expected = CalendarDate.days(year: 1600, month: 1, day: 1) ?? 0
    #expect(CalendarDate.weekday(ofDay: expected) == 5)
    for year in 1600..<2400 {
      var dayOfYear = 0
      for month in 1...12 {
        for day in 1...31 {
          guard let days = CalendarDate.days(year: year, month: month, day: day) else { continue }
          #expect(days == expected)
          let found = CalendarDate.yearAndDay(ofDay: days)
          #expect(found.year == year && found.day == dayOfYear)
          expected += 1
          dayOfYear += 1
        }
      }
      #expect(dayOfYear == CalendarDate.length(ofYear: year))
    }
  }

  @Test(arguments: [
    "2023-02-29", "2024-02-30", "2024-04-31", "2024-13-01", "2024-00-01", "2024-01-00",
    "0000-01-01",
    "2024-1-01", "24-01-01", "2024-01-01T00:00", "2024/01/01", "2024-01-01 ", "1900-02-29", "x",
  ])
  func datesThatDoNotExistAreRefused(text: String) {
    #expect(
      message { () throws(DataFailure) in try stored("a;b\n\(text);1\n", [.date()]) }
        .hasPrefix("t.csv: row 2, column 'a': expected a date (YYYY-MM-DD), received '\(text)'"))
  }

  @Test(arguments: [
    ("1970-01-01T00:00:01", 1), ("1970-01-01 00:01", 60), ("1970-01-02", 86_400),
    ("1970-01-01T00:00:00.25Z", 0.25), ("1970-01-01T01:00:00+01:00", 0),
    ("1970-01-01T00:00-0130", 5400), ("2024-02-29T23:59:59", 1_709_251_199),
    ("1969-12-31T23:59:59.5", -0.5), ("1970-01-01T02:00+02", 0),
  ])
  func secondsCountFrom1970(text: String, expected: Double) throws {
    #expect(try seconds(text) == expected)
  }

  @Test(arguments: [
    "2024-01-01T24:00", "2024-01-01T00:60", "2024-01-01T00:00:60", "2024-02-30T00:00",
    "2024-01-01T",
    "2024-01-01T00:00:00.", "2024-01-01T00:00+25:00", "2024-01-01T00", "2024-01-01T00:00:00ZZ",
  ])
  func timesThatDoNotExistAreRefused(text: String) {
    #expect(
      message { () throws(DataFailure) in try stored("a;b\n\(text);1\n", [.datetime()]) } == """
        t.csv: row 2, column 'a': expected a date and time (YYYY-MM-DDThh:mm:ss), received '\(text)'
        """)
  }

  @Test(arguments: [
    ("01.03.2024", "%d.%m.%Y", 19_783), ("1.3.24", "%d.%m.%y", 19_783),
    ("Mar 1, 2024", "%b %d, %Y", 19_783), ("1 MARCH 2024", "%d %B %Y", 19_783),
    ("2024-061", "%Y-%j", 19_783), ("20240301", "%Y%m%d", 19_783), ("1.1.69", "%d.%m.%y", -365),
    ("100% 1/1/1970", "100%% %m/%d/%Y", 0), ("1 May 2024", "%d %b %Y", 19_844),
  ])
  func formatsAreRead(text: String, format: String, expected: Double) throws {
    #expect(try days(text, format) == expected)
  }

  @Test(arguments: [
    ("01.01.1970 13:05:06.5", "%d.%m.%Y %H:%M:%S.%f", 47_106.5),
    ("1/1/1970 12:30 AM", "%m/%d/%Y %I:%M %p", 1800),
    ("1/1/1970 12:30 pm", "%m/%d/%Y %I:%M %p", 45_000),
    ("1970-01-01 01:00 +0100", "%Y-%m-%d %H:%M %z", 0),
  ])
  func formatsOfTimesAreRead(text: String, format: String, expected: Double) throws {
    #expect(try seconds(text, format) == expected)
  }

  @Test(arguments: [
    ("31.04.2024", "%d.%m.%Y"), ("32.01.2024", "%d.%m.%Y"), ("1.13.2024", "%d.%m.%Y"),
    ("2023-366", "%Y-%j"), ("1 Foo 2024", "%d %b %Y"), ("1.1.2024x", "%d.%m.%Y"),
  ])
  func wrongDatesOfAFormatAreRefused(text: String, format: String) throws {
    let type = ColumnType.date(DateFormat(format))
    #expect(
      message { () throws(DataFailure) in try stored("a;b\n\(text);1\n", [type]) } == """
        t.csv: row 2, column 'a': expected a date of the format '\(format)', received '\(text)'
        """)
  }

  @Test(arguments: ["", "%Y", "%d.%m", "%Q %Y-%m-%d", "%Y-%m-%d %", "%Y %Y %m %d", "%m %d"])
  func formatsWithoutADateAreRefused(text: String) {
    #expect(DateFormat(text) == nil)
  }
}
