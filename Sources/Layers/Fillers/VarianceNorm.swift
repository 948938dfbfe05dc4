internal import Fields
internal import Tensors

/// The number of connections that `variance_norm` divides by; the names are Caffe's.
package enum VarianceNorm: String, FieldChoice {
  /// The inputs of one output.
  case fanIn = "FAN_IN"
  /// The outputs of one input.
  case fanOut = "FAN_OUT"
  /// The mean of both numbers.
  case average = "AVERAGE"

  /// Returns the connections of one output (count / shape[0]), of one input (count / shape[1]), or
  /// their mean, as in Caffe.
  ///
  /// The result is at least 1, so that empty parameters cause no division by 0.
  func connections(of shape: Shape) -> Double {
    let fanIn = Double(shape.count) / Double(max(shape.axes.first ?? 1, 1))
    let fanOut =
      shape.rank > 1 ? Double(shape.count) / Double(max(shape[1], 1)) : Double(shape.count)
    return switch self {
    case .fanIn: max(fanIn, 1)
    case .fanOut: max(fanOut, 1)
    case .average: max((fanIn + fanOut) / 2, 1)
    }
  }
}
