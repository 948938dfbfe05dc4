internal import YAML

/// A mistake in a formula, at a byte offset of the surrounding text.
package struct FormulaMistake: Error, Equatable {
  package let message: String
  package let offset: Int
  package let suggestion: String?
  /// Whether the `)` of `$(…)` is missing.
  package private(set) var isUnclosed = false

  package init(_ message: String, at offset: Int, suggestion: String? = nil) {
    self.message = message
    self.offset = offset
    self.suggestion = suggestion
  }

  static func unclosed(at offset: Int) -> FormulaMistake {
    var mistake = FormulaMistake("'$(' without a closing ')'", at: offset)
    mistake.isUnclosed = true
    return mistake
  }

  /// The mistake with a prefix that names its location.
  func inside(_ subject: String) -> FormulaMistake {
    isUnclosed
      ? self : FormulaMistake("\(subject): \(message)", at: offset, suggestion: suggestion)
  }
}
