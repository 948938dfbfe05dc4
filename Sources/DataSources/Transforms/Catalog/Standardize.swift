package import Fields

/// Standardizes the inputs: y = (x − mean) / deviation.
///
/// The statistics come from the training part, as tests see it at this place of the transforms: without
/// random changes. They are kept with the run.
///
/// The index of a category stays as it is, for a layer such as `Embed`.
///
/// - `per` (value): `value` takes statistics of each value of an example, and `channel` of each channel.
///
/// See ``Standardization``.
package struct Standardize: LinearTransform {
  /// The values that share their statistics.
  package enum Group: String, FieldChoice {
    case value, channel
  }

  var group = Group.value

  package init() {}

  package static let reference = Reference(
    "standardize", formula: "y = (x − mean) / deviation, with the statistics of the training part",
    discussion: """
      The deviation of a constant value is 1. The index of a category stays as it is. At most one transform standardizes, and later ones keep \
      the shape. The field 'standardize' of the data is short for this transform, after all others.
      """,
    example: "{type: standardize, per: channel}")

  package static let fields: [Field<Standardize>] = [
    .optional("per", \.group, "The values that share their statistics: each value, or a channel.")
  ]

  package func steps(for top: DataTop, _ statistics: Standardization?) -> [LinearRun.Step] {
    guard let statistics else { return [] }
    return [.subtract(statistics.mean), .divide(statistics.deviation)]
  }
}
