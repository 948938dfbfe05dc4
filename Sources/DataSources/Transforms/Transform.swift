package import Fields

/// A change of examples: one file in `Transforms/Catalog`, and one line of ``TransformCatalog``.
///
/// A transform has its effect by one of the refinements: ``ExampleTransform`` changes one example at a
/// time, ``LinearTransform`` maps each value of the inputs, and ``Mixup`` changes a batch.
package protocol Transform: CatalogType {
  /// Whether tests and predictions skip the transform, unless its `in_tests` is true.
  var isForTraining: Bool { get }

  /// Returns the tensor after the transform.
  ///
  /// - Throws: the reason why the tensor does not suit the transform.
  func result(of top: DataTop) throws(TransformMistake) -> DataTop
}

extension Transform {
  package var isForTraining: Bool { false }

  package func result(of top: DataTop) throws(TransformMistake) -> DataTop { top }
}
