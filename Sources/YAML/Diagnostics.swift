/// All mistakes found in the input so far.
///
/// Reading continues after a mistake, so that one run reports all mistakes.
///
/// A thousand errors and a thousand warnings are kept. Further ones are only counted, so that a
/// file full of mistakes costs neither memory nor time. A mistake in a text that was copied many
/// times counts once. The reports from further copies are ignored.
package struct Diagnostics: Error, Sendable {
  /// The largest number of errors that are kept. The same limit applies to warnings.
  package static let limit = 1000

  package private(set) var all: [Diagnostic] = []
  /// The number of reported errors, including those that were not kept.
  package private(set) var errorCount = 0
  package private(set) var warningCount = 0
  /// The source of the first report at each position: the text, or a copy of it.
  private var sources: [String: SourceText] = [:]

  package init() {}

  package init(_ diagnostic: Diagnostic) { report(diagnostic) }

  package mutating func report(_ diagnostic: Diagnostic) {
    let source = diagnostic.mark.source
    let place = diagnostic.mark.description
    if !source.notes.isEmpty, let first = sources[place], first !== source { return }
    guard count(1, of: diagnostic.severity) else { return }
    all.append(diagnostic)
    sources[place] = sources[place] ?? source
  }

  package mutating func error(
    _ message: String, at mark: Mark, suggestion: String? = nil, notes: [Diagnostic.Note] = []
  ) {
    report(Diagnostic(message, at: mark, suggestion: suggestion, notes: notes))
  }

  /// Counts errors without describing them. Callers use it when no more are kept.
  package mutating func omitErrors(_ count: Int) { errorCount += count }

  package mutating func merge(_ other: Diagnostics) {
    let kept = other.all.count { $0.severity == .error }
    for diagnostic in other.all { report(diagnostic) }
    _ = count(other.errorCount - kept, of: .error)
    _ = count(other.warningCount - (other.all.count - kept), of: .warning)
  }

  package var hasErrors: Bool { errorCount > 0 }

  /// True when a further error would be counted but not kept.
  package var isFull: Bool { errorCount >= Diagnostics.limit }

  /// All diagnostics sorted by position. Diagnostics at one position keep the order of their
  /// reports.
  package var sorted: [Diagnostic] {
    all.enumerated().sorted { left, right in
      let (a, b) = (left.element.mark, right.element.mark)
      return (a.source.name, a.line, a.column, left.offset)
        < (b.source.name, b.line, b.column, right.offset)
    }.map(\.element)
  }

  package var rendered: String {
    var lines = sorted.map(\.rendered)
    lines += omitted(errorCount, of: "error") + omitted(warningCount, of: "warning")
    return lines.joined(separator: "\n")
  }

  /// Adds to a count, and returns whether one more diagnostic of the severity may be kept.
  private mutating func count(_ number: Int, of severity: Diagnostic.Severity) -> Bool {
    switch severity {
    case .error:
      errorCount += number
      return errorCount <= Diagnostics.limit
    case .warning:
      warningCount += number
      return warningCount <= Diagnostics.limit
    }
  }

  private func omitted(_ count: Int, of severity: String) -> [String] {
    let rest = count - Diagnostics.limit
    return rest > 0 ? ["and \(rest) more \(severity)\(rest == 1 ? "" : "s")"] : []
  }
}
