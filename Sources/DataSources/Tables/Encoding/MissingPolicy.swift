internal import Fields

/// The value that replaces a missing value.
package enum MissingPolicy: String, FieldChoice {
  /// The mean of the training rows. Of dates it is rounded down to a whole day or second.
  case mean
  /// The median of the training rows: of an even number of rows the mean of the middle two. Of
  /// dates and ordinals it is the lower of the two.
  case median
  /// The most frequent value of the training rows. Of equally frequent values it is the first in
  /// order.
  case mostFrequent = "most_frequent"
  /// A category of its own. For other types the mean, the lower median of ordinals, or false, with
  /// an indicator.
  case own
  /// The value of `fill`.
  case constant
  /// The row is left out.
  case row
}
