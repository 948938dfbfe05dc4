/// The function whose values over a row a reduction sums.
package enum ReductionFunction: Sendable, Hashable {
  case sum
  case absoluteSum
  case squareSum
}
