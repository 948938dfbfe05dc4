internal import DataFiles

/// The values that represent a date or a time.
///
/// - `days`: days from 1970-01-01 in units of 365.2425 days, which is about the number of years.
/// - `year_sin`, `year_cos`: the position in the year, as a point on a circle.
/// - `week_sin`, `week_cos`: the position in the week, which begins on Monday.
/// - `day_sin`, `day_cos`: the position in the day, of a time alone.
///
/// The position of a date is that of its midnight. Times are UTC.
enum DateParts {
  /// The days of a year on average.
  static let yearLength = 365.2425

  static let dateNames = ["days", "year_sin", "year_cos", "week_sin", "week_cos"]
  static let timeNames = dateNames + ["day_sin", "day_cos"]

  /// Returns the parts of a day, counted from 1970-01-01. The fraction is the time of the day.
  static func parts(ofDay time: Double, withTime: Bool) -> [Double] {
    let whole = time.rounded(.down)
    let fraction = time - whole
    // A table has only years up to 9999.
    let day = Int(exactly: whole) ?? 0
    let (year, dayOfYear) = CalendarDate.yearAndDay(ofDay: day)
    let length = Double(CalendarDate.length(ofYear: year))
    let yearly = Turns.sineAndCosine((Double(dayOfYear) + fraction) / length)
    let weekly = Turns.sineAndCosine(
      (Double(CalendarDate.weekday(ofDay: day)) + fraction) / 7)
    let parts = [
      time / yearLength, yearly.sine, yearly.cosine, weekly.sine, weekly.cosine,
    ]
    guard withTime else { return parts }
    let daily = Turns.sineAndCosine(fraction)
    return parts + [daily.sine, daily.cosine]
  }
}
