/// Days of the Gregorian calendar, also before its introduction.
package enum CalendarDate {
  /// The years that a table may have.
  package static let years = 1...9999

  /// Returns the number of days from 1970-01-01. Nil when the date does not exist.
  package static func days(year: Int, month: Int, day: Int) -> Int? {
    guard years.contains(year), (1...12).contains(month), day >= 1,
      day <= length(ofMonth: month, year: year)
    else { return nil }
    return start(ofYear: year) + dayBeforeMonth(month, year: year) + day - 1
  }

  /// Returns the year of a day, and the day in that year, counted from 0.
  package static func yearAndDay(ofDay day: Int) -> (year: Int, day: Int) {
    // The estimate is one year off at most.
    var year = 1970 + Int((Double(day) / 365.2425).rounded(.down))
    while start(ofYear: year) > day { year -= 1 }
    while start(ofYear: year + 1) <= day { year += 1 }
    return (year, day - start(ofYear: year))
  }

  /// The number of days of a year.
  package static func length(ofYear year: Int) -> Int { isLeap(year) ? 366 : 365 }

  /// Returns the day of the week of a day. 0 is Monday.
  package static func weekday(ofDay day: Int) -> Int {
    // 1970-01-01 was a Thursday.
    let rest = (day + 3) % 7
    return rest < 0 ? rest + 7 : rest
  }

  private static func isLeap(_ year: Int) -> Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
  }

  private static func length(ofMonth month: Int, year: Int) -> Int {
    month == 2 ? (isLeap(year) ? 29 : 28) : 30 + (month + month / 8) % 2
  }

  private static func dayBeforeMonth(_ month: Int, year: Int) -> Int {
    daysBefore[month - 1] + (month > 2 && isLeap(year) ? 1 : 0)
  }

  /// The day on which a year begins.
  private static func start(ofYear year: Int) -> Int {
    // Counts from the year 1, which began 719,162 days before 1970.
    let past = year - 1
    return past * 365 + floored(past, 4) - floored(past, 100) + floored(past, 400) - 719_162
  }

  private static func floored(_ value: Int, _ divisor: Int) -> Int {
    value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
  }

  private static let daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
}
