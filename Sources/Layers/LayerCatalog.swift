package import YAML

/// Every layer type, one line each.
package enum LayerCatalog {
  package static let all = Catalog<any Layer>(
    of: "layer", listing: "dlrun help-layer",
    [
      entry(Linear.self),
      entry(Convolution.self),
      entry(Deconvolution.self),
      entry(Pooling.self),
      entry(BatchNorm.self),
      entry(ReLU.self),
      entry(Sigmoid.self),
      entry(TanH.self),
      entry(Softmax.self),
      entry(Flatten.self),
      entry(SoftmaxWithLoss.self),
      entry(EuclideanLoss.self),
      entry(Accuracy.self),
      entry(R2.self),
    ])

  private static func entry<Type: Layer>(_ type: Type.Type) -> Catalog<any Layer>.Entry {
    Catalog.Entry(type) { $0 }
  }
}
