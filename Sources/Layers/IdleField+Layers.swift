internal import Fields

extension [IdleField] {
  /// The field `bias_filler`, which has no effect without a bias.
  static func biasFiller(_ hasBias: Bool) -> [IdleField] {
    hasBias ? [] : [IdleField("bias_filler", since: "bias_term is false")]
  }

  /// The fillers of γ and β, which have no effect if `affine` is false.
  static func affineFillers(
    _ isAffine: Bool, _ names: [String] = ["weight_filler", "bias_filler"]
  ) -> [IdleField] {
    isAffine ? [] : names.map { IdleField($0, since: "affine is false") }
  }
}
