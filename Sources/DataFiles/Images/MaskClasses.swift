internal import Tensors

/// The classes that the stored samples of a mask stand for.
package struct MaskClasses: Sendable {
  /// The class of each sample of up to 16 bits. NaN for a sample that is not a class.
  private let values: [Float]
  /// The classes as messages name them.
  let expectation: String
  /// Returns the failure for a sample that is not a class.
  let refusal: @Sendable (String) -> DataFailure

  /// - Parameters:
  ///   - limit: the number of classes.
  ///   - offset: the sample of the first class.
  ///   - ignored: labels that the network ignores. They stay as they are.
  ///   - isKnown: whether the number of classes is known. Otherwise an ignored label is not a class.
  package init(
    below limit: Int, offset: Int = 0, ignoring ignored: Set<Int> = [],
    isKnown: Bool = true,
    refusing refusal: @escaping @Sendable (String) -> DataFailure = { .content($0) }
  ) {
    expectation = "a class from \(offset) to \(offset + limit - 1)"
    self.refusal = refusal
    values = (0...Int(UInt16.max)).map { sample in
      let number = sample - offset
      let label = [sample, number].first(where: ignored.contains)
      if let label, !isKnown { return Float(label) }
      return (0..<limit).contains(number) ? Float(number) : label.map { Float($0) } ?? .nan
    }
  }

  /// The class of a sample. NaN when it is not one.
  subscript(sample: UInt16) -> Float { values[Int(sample)] }
}
