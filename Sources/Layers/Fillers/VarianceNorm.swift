internal import Fields
internal import Tensors

/// The number of connections that `variance_norm` divides by.
package enum VarianceNorm: String, FieldChoice {
  case fanIn = "FAN_IN"
  case fanOut = "FAN_OUT"
  case average = "AVERAGE"

  /// Connections of one output (count / shape[0]), of one input (count / shape[1]), or their mean; as in Caffe.
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
