internal import Fields

extension [IdleField] {
  /// The filler of a bias, if the layer has no bias.
  static func biasFiller(_ hasBias: Bool) -> [IdleField] {
    hasBias ? [] : [IdleField("bias_filler", since: "bias_term is false")]
  }

  /// The fillers of γ and β, if `affine` is false.
  static func affineFillers(
    _ isAffine: Bool, _ names: [String] = ["weight_filler", "bias_filler"]
  ) -> [IdleField] {
    isAffine ? [] : names.map { IdleField($0, since: "affine is false") }
  }
}
