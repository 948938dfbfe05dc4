internal import Fields
internal import Kernels

/// What the sum of a loss over its positions is divided by.
package enum LossNormalization: String, FieldChoice {
  /// The positions that count, each with its weight.
  case valid = "VALID"
  /// All positions.
  case full = "FULL"
  /// The examples.
  case batchSize = "BATCH_SIZE"
  /// 1: the sum, of a test over all its examples.
  case none = "NONE"

  var divisor: LossDivisor {
    switch self {
    case .valid: .valid
    case .full: .positions
    case .batchSize: .examples
    case .none: .one
    }
  }
}
