internal import Fields

/// The treatment of rows without a target.
package enum MissingTarget: String, FieldChoice {
  /// A missing target is a mistake of the table.
  case refuse = "error"
  /// The row is left out.
  case row
}
