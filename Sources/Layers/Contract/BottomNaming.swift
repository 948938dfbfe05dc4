package import YAML

/// A layer whose own fields speak of its bottoms by name.
package protocol BottomNaming: Layer {
  /// Takes the names of the bottoms, and reports what the fields say of names that are none.
  ///
  /// - Parameter names: in order; nil if the bottom is another blob in each phase, and one.
  mutating func takeNames(ofBottoms names: [String]?, _ diagnostics: inout Diagnostics)
}
