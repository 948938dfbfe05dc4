/// The written forms in which all texts of a column are dates or times.
package struct DateForms: Sendable {
  /// Dates or times of one form.
  package struct Form: Sendable {
    /// `date` or `datetime`.
    package let type: ColumnType
    /// The first and the last date, in the stored unit of the type.
    package fileprivate(set) var first = Double.infinity
    package fileprivate(set) var last = -Double.infinity

    /// The format. Nil for ISO 8601.
    package var format: DateFormat? {
      switch type {
      case .date(let format), .datetime(let format): format
      default: nil
      }
    }
  }

  /// The possible forms, in the order of preference.
  package private(set) var forms = DateForms.all

  private static let dayFormats = [
    "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y.%m.%d", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%y",
    "%m/%d/%y", "%d/%m/%y", "%Y%m%d", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y",
    "%d. %B %Y",
  ]
  private static let times = [" %H:%M:%S", " %H:%M", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S"]

  private static let all: [Form] = {
    let days = dayFormats.compactMap { DateFormat($0) }
    let moments = dayFormats.flatMap { day in times.compactMap { DateFormat(day + $0) } }
    return [Form(type: .date()), Form(type: .datetime())]
      + days.map { Form(type: .date($0)) } + moments.map { Form(type: .datetime($0)) }
  }()

  /// Whether all texts so far are dates.
  package var isDate: Bool { !forms.isEmpty }

  mutating func add(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    guard isDate else { return }
    guard (6...40).contains(range.count), range.contains(where: { bytes[$0] &- 48 <= 9 }) else {
      forms = []
      return
    }
    forms = forms.compactMap { form in
      let content = CellReader.read(
        bytes, range, ColumnRequest(0, form.type, hasMissingTexts: false), [:], MissingTexts([]))
      guard case .value(let value) = content else { return nil }
      var form = form
      form.first = min(form.first, value)
      form.last = max(form.last, value)
      return form
    }
  }
}
