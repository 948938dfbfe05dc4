package import Fields
package import YAML

/// A share of all rows in random order. `fraction: 0.8` is short for `fraction: [0, 0.8]`.
package struct FractionRange: FieldValue, Equatable {
  package let from: Double
  package let to: Double

  /// Makes a share. Nil unless 0 ≤ from < to ≤ 1.
  package init?(from: Double, to: Double) {
    guard from >= 0, from < to, to <= 1 else { return nil }
    self.from = from
    self.to = to
  }

  package static var expectation: String {
    "a number above 0 up to 1, or [from, to] with 0 <= from < to <= 1"
  }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<FractionRange> {
    [Double].decode(node, &diagnostics).compactMap(of: node) { bounds in
      let bounds = node.items == nil ? [0] + bounds : bounds
      return bounds.count == 2 ? FractionRange(from: bounds[0], to: bounds[1]) : nil
    }
  }

  package var encoded: Node { [from, to].encoded }
}
