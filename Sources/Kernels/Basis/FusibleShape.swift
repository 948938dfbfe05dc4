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
