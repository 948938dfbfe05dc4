package import Fields
internal import Tensors
package import YAML

/// A range of a table's rows. Rows are counted from 0, and the end is excluded. `rows: 100` is
/// short for `rows: [0, 100]`.
package struct RowRange: FieldValue, Equatable {
  package let range: Range<Int>

  package init(_ range: Range<Int>) { self.range = range }

  package static var expectation: String {
    "a number of rows of at least 1, or [from, to] with 0 <= from < to"
  }

  package static var boundedExpectation: String {
    "a number of rows from 1 to \(Int.max), or [from, to] with 0 <= from < to <= \(Int.max)"
  }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<RowRange> {
    [Int].decode(node, &diagnostics).compactMap(of: node) { bounds in
      let bounds = node.items == nil ? [0] + bounds : bounds
      guard bounds.count == 2, bounds[0] >= 0, bounds[0] < bounds[1] else { return nil }
      return RowRange(bounds[0]..<bounds[1])
    }
  }

  package var encoded: Node { [range.lowerBound, range.upperBound].encoded }
}
