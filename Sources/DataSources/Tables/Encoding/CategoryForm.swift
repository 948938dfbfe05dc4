internal import Fields

/// The values that represent a category.
package enum CategoryForm: String, FieldChoice {
  /// One value for each category: 1 for the category of the example, otherwise 0.
  case oneHot = "one_hot"
  /// One value: the index of the category. An `Embed` layer reads it.
  case index
}
