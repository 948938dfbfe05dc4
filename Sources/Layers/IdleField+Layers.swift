internal import Fields

extension [IdleField] {
  /// First values of a bias, where there is none.
  static func biasFiller(_ hasBias: Bool) -> [IdleField] {
    hasBias ? [] : [IdleField("bias_filler", since: "bias_term is false")]
  }

  /// First values of what `affine` adds, where it adds nothing.
  static func affineFillers(
    _ isAffine: Bool, _ names: [String] = ["weight_filler", "bias_filler"]
  ) -> [IdleField] {
    isAffine ? [] : names.map { IdleField($0, since: "affine is false") }
  }
}
