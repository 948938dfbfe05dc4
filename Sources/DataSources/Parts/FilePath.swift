package import YAML

extension Constraint where Value == String {
  /// A path of a model file.
  package static var path: Constraint {
    Constraint("a path, relative to the model file") { !$0.isEmpty && !$0.utf8.contains(0) }
  }
}

extension String {
  /// The path as it holds from any folder, where it began in `directory` until now.
  func absolute(from directory: String) -> String {
    hasPrefix("/") ? self : "\(directory)/\(self)"
  }
}
