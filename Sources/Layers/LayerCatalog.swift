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
      entry(Concat.self),
      entry(Slice.self),
      entry(Split.self),
      entry(Reshape.self),
      entry(Permute.self),
      entry(Tile.self),
      entry(Crop.self),
      entry(Pad.self),
      entry(Upsample.self),
      entry(Reduction.self),
      entry(ArgMax.self),
      entry(Embed.self),
      entry(SPP.self),
      entry(Parameter.self),
      entry(Silence.self),
      entry(Input.self),
      entry(DummyData.self),
      entry(Eltwise.self),
      entry(LayerNorm.self),
      entry(GroupNorm.self),
      entry(InstanceNorm.self),
      entry(RMSNorm.self),
      entry(MVN.self),
      entry(LRN.self),
      entry(Expression.self),
      entry(SoftmaxWithLoss.self),
      entry(EuclideanLoss.self),
      entry(Accuracy.self),
      entry(R2.self),
    ])

  private static func entry<Type: Layer>(_ type: Type.Type) -> Catalog<any Layer>.Entry {
    Catalog.Entry(type) { $0 }
  }
}
