package import Fields

/// Subtracts numbers: y = x − mean.
///
/// - `value`: one number, or one for each channel, which is the first axis of an example.
package struct Mean: LinearTransform {
  var value: [Double] = []

  package init() {}

  package init(_ value: [Double]) { self.value = value }

  package static let reference = Reference(
    "mean", formula: "y = x − mean",
    discussion: "The field 'mean' of the data is short for this transform, after all others.",
    example: "{type: mean, value: [125.3, 123.0, 113.9]}")

  package static let fields: [Field<Mean>] = [
    .required(
      "value", \.value, .each(.within(-1e30...1e30)),
      "The number that is subtracted, or a list with a number for each channel.")
  ]

  package func result(of top: DataTop) throws(TransformMistake) -> DataTop {
    if let mistake = InputScaling.mistake(mean: value, for: top.shape) {
      throw TransformMistake(String(mistake.dropFirst("mean: ".count)))
    }
    return top.withoutCategories
  }

  package func steps(for top: DataTop, _ statistics: Standardization?) -> [LinearRun.Step] {
    [.subtract(value)]
  }
}
