/// What pyramid pooling computes of a bin.
package enum PyramidFunction: Sendable, Hashable {
  case maximum
  case average
}
