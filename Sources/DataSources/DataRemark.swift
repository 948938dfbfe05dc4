/// A suspicious finding in data that can be used all the same.
package struct DataRemark: Equatable, Sendable {
  package enum Kind: Sendable {
    /// Different numbers of a source that are one number in single precision.
    case equalValues
    /// Classes whose labels differ only in blanks or in capital letters.
    case similarLabels
  }

  package let kind: Kind
  /// The fields of the part that it is about; a message stands at the first that is stated.
  package let fields: [String]
  package let message: String

  package init(_ kind: Kind, fields: [String], _ message: String) {
    self.kind = kind
    self.fields = fields
    self.message = message
  }
}
