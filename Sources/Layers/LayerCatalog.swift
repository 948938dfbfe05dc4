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
      entry(Expression.self),
      entry(SoftmaxWithLoss.self),
      entry(EuclideanLoss.self),
      entry(SigmoidCrossEntropyLoss.self),
      entry(L1Loss.self),
      entry(HuberLoss.self),
      entry(HingeLoss.self),
      entry(ContrastiveLoss.self),
      entry(TripletLoss.self),
      entry(InfogainLoss.self),
      entry(MultinomialLogisticLoss.self),
      entry(KLDivLoss.self),
      entry(CosineLoss.self),
      entry(FocalLoss.self),
      entry(Accuracy.self),
      entry(ConfusionMatrix.self),
      entry(Precision.self),
      entry(Recall.self),
      entry(F1Score.self),
      entry(ROCAUC.self),
      entry(R2.self),
      entry(MAE.self),
      entry(RMSE.self),
    ])

  private static func entry<Type: Layer>(_ type: Type.Type) -> Catalog<any Layer>.Entry {
    Catalog.Entry(type) { $0 }
  }
}
