internal import Fields
internal import LayerKernels

/// The divisor of a loss's sum over its positions; the names are Caffe's.
package enum LossNormalization: String, FieldChoice {
  /// The positions that are not ignored, each with its weight.
  case valid = "VALID"
  /// All positions.
  case full = "FULL"
  /// The examples.
  case batchSize = "BATCH_SIZE"
  /// 1. The loss is the sum; in testing it is the sum over all test examples.
  case none = "NONE"

  /// The corresponding divisor of the kernels.
  var divisor: LossDivisor {
    switch self {
    case .valid: .valid
    case .full: .positions
    case .batchSize: .examples
    case .none: .one
    }
  }
}
