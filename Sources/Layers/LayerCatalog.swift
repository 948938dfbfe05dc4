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
      entry(Power.self),
      entry(Exp.self),
      entry(Log.self),
      entry(AbsVal.self),
      entry(BNLL.self),
      entry(Clip.self),
      entry(Threshold.self),
      entry(ReLU6.self),
      entry(PReLU.self),
      entry(ELU.self),
      entry(SELU.self),
      entry(GELU.self),
      entry(Swish.self),
      entry(Mish.self),
      entry(HardSwish.self),
      entry(Softmax.self),
      entry(LogSoftmax.self),
      entry(Scale.self),
      entry(Bias.self),
      entry(Dropout.self),
      entry(SpatialDropout.self),
      entry(DropConnect.self),
      entry(GaussianNoise.self),
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
