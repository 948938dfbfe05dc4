/// What is made of a row of elements.
package enum ReductionFunction: Sendable, Hashable {
  case sum
  case absoluteSum
  case squareSum
}
