internal import Fields

/// The way in which the figures of the classes are combined into one number.
package enum ClassAverage: String, FieldChoice {
  /// The mean over the classes that occur as a label or as a prediction.
  case macro
  /// The figure computed from the counts summed over all classes.
  case micro
  /// The mean over the classes, weighted by their numbers of positions.
  case weighted
}
