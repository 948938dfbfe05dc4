/// The function that pyramid pooling applies to a bin.
package enum PyramidFunction: Sendable, Hashable {
  case maximum
  case average
}
