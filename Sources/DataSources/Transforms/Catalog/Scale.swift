package import Fields

/// Multiplies by a number: y = factor·x.
///
/// - `factor`: the number.
package struct Scale: LinearTransform {
  var factor = 1.0

  package init() {}

  package init(_ factor: Double) { self.factor = factor }

  package static let reference = Reference(
    "scale", formula: "y = factor·x",
    discussion: """
      The field 'scale' of the data is short for this transform, after all others and after 'mean'.
      """,
    example: "{type: scale, factor: 0.00390625}")

  package static let fields: [Field<Scale>] = [
    .required("factor", \.factor, .within(-1e30...1e30), "The number.")
  ]

  package func result(of top: DataTop) -> DataTop { top.withoutCategories }

  package func steps(for top: DataTop, _ statistics: Standardization?) -> [LinearRun.Step] {
    [.multiply(factor)]
  }
}
