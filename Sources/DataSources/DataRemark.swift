/// A suspicious property of data. The data remain usable.
package struct DataRemark: Equatable, Sendable {
  package enum Kind: Sendable {
    /// Different numbers of a source that become one number in float32.
    case equalValues
    /// Classes whose labels differ only in blanks or letter case.
    case similarLabels
    /// A target with one value.
    case constantTarget
  }

  package let kind: Kind
  /// The fields of the part that the remark concerns. A message points at the first one that the
  /// model file states.
  package let fields: [String]
  package let message: String

  package init(_ kind: Kind, fields: [String], _ message: String) {
    self.kind = kind
    self.fields = fields
    self.message = message
  }
}
