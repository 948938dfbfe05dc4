/// What ``greatestElements`` gives.
package enum GreatestElementsResult: Sendable, Hashable {
  case places
  case values
  /// First all places, then all values.
  case both
}
