/// The two elements along an axis between which each element of a larger axis stands.
package struct Interpolation: Sendable, Hashable {
  package let input: Int
  package let output: Int
  package let alignsCorners: Bool

  package init(input: Int, output: Int, alignsCorners: Bool) {
    self.input = input
    self.output = output
    self.alignsCorners = alignsCorners
  }

  struct Place: Sendable {
    let first: Int
    let second: Int
    /// The part of the second.
    let weight: Float
  }

  /// Element j stands at j·(input − 1)/(output − 1) where corners are aligned; else at (j + ½)·input/output − ½, not before
  /// the first.
  var places: ContiguousArray<Place> {
    ContiguousArray(
      (0..<output).map { index in
        let position =
          alignsCorners
          ? (output > 1 ? Double(index) * Double(input - 1) / Double(output - 1) : 0)
          : max(0, (Double(index) + 0.5) * Double(input) / Double(output) - 0.5)
        let first = min(Int(position), input - 1)
        return Place(
          first: first, second: min(first + 1, input - 1), weight: Float(position - Double(first)))
      })
  }
}
