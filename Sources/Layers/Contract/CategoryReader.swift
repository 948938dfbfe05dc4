/// A layer that reads the indices of categories, and has a size that follows from their number.
package protocol CategoryReader: Layer {
  /// Sets the size that the file leaves out, and checks a stated one.
  ///
  /// - Parameter categories: the categories of each value of a bottom's example. Nil for a value
  ///   that is not known to be the index of a category.
  /// - Throws: ``ShapeFailure`` when the size neither is stated nor follows, or when a category
  ///   would lie beyond the stated size.
  mutating func takeCategories(_ categories: [IndexedCategories?]) throws(ShapeFailure)

  /// The field with the size.
  static var sizeField: String { get }
}

/// The categories that a value is an index of.
package struct IndexedCategories: Equatable, Sendable {
  /// The column, or the tensor of the data.
  package let name: String
  package let count: Int

  package init(_ name: String, count: Int) {
    self.name = name
    self.count = count
  }
}
