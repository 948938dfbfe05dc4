internal import Fields

/// How the numbers of classes become one.
package enum ClassAverage: String, FieldChoice {
  /// The mean over the classes that are there or are predicted.
  case macro
  /// The number of all positions together.
  case micro
  /// The mean over the classes, each with the number of its positions.
  case weighted
}
