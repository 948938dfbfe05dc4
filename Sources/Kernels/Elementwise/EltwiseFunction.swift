/// An elementwise function of several tensors of one shape.
package enum EltwiseFunction: Sendable, Hashable {
  /// Σ c_i·x_i
  case sum([Float])
  /// Π x_i
  case product
  /// The maximum. Of two equal first inputs the second wins; of later ones the earlier wins, as in
  /// Caffe.
  case maximum
}
