/// The result of ``greatestElements``.
package enum GreatestElementsResult: Sendable, Hashable {
  case places
  case values
  /// All places, followed by all values.
  case both
}
