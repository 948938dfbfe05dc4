/// Maps each element of a larger axis to two neighbours on a smaller axis.
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
    /// The weight of the second neighbour.
    let weight: Float
  }

  /// The neighbours of each output element.
  ///
  /// If corners are aligned, element j has the position j·(input − 1)/(output − 1). Otherwise its
  /// position is (j + ½)·input/output − ½, but at least 0.
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
