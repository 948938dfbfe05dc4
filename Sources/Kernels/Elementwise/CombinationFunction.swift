/// How several tensors of one shape become one.
package enum CombinationFunction: Sendable, Hashable {
  /// Σ c_i·x_i
  case sum([Float])
  /// Π x_i
  case product
  /// The greatest. Of the first two the second wins a tie, of later ones the earlier: as in Caffe.
  case maximum
}
