package import YAML

/// A layer with fields that refer to its bottoms by name, such as a formula.
package protocol BottomNaming: Layer {
  /// Takes the names of the bottoms, and reports names in the fields that no bottom has.
  ///
  /// - Parameters:
  ///   - names: the names in the order of the bottoms. Nil if the layer has one bottom that is
  ///     another blob in each phase.
  ///   - diagnostics: receives the mistakes.
  mutating func takeNames(ofBottoms names: [String]?, _ diagnostics: inout Diagnostics)
}
