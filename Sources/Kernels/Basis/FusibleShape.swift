/// A primitive that can apply a nonlinearity to its result before it stores the result.
package protocol FusibleShape: PrimitiveShape {
  var nonlinearity: Nonlinearity? { get set }
}

extension FusibleShape {
  package func fused(with next: any PrimitiveShape) -> (any PrimitiveShape)? {
    guard nonlinearity == nil, let next = next as? NonlinearityShape else { return nil }
    var fused = self
    fused.nonlinearity = next.function
    return fused
  }
}

/// A primitive that can also multiply its result by the gradient of a ReLU.
package protocol MaskableShape: FusibleShape {
  /// The slope of a ReLU whose gradient the result becomes. The mask, the value of the ReLU, is the
  /// operand before the result.
  var maskSlope: Float? { get set }
}

extension MaskableShape {
  package func fused(with next: any PrimitiveShape) -> (any PrimitiveShape)? {
    guard nonlinearity == nil, maskSlope == nil else { return nil }
    var fused = self
    switch next {
    case let next as NonlinearityShape:
      fused.nonlinearity = next.function
    case let next as NonlinearityGradientShape:
      guard let slope = next.function.slope else { return nil }
      fused.maskSlope = slope
    default:
      return nil
    }
    return fused
  }
}
