internal import Fields

/// The type of a column as a model file names it.
package enum ColumnKind: String, FieldChoice {
  case number
  case category
  case boolean
  case date
  case datetime
  case ordinal
}
