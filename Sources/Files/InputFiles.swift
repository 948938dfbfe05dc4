/// The files that a command reads. The command must not write its output over one of them.
package struct InputFiles {
  /// A file and its role in messages.
  package struct Item {
    package let path: String
    /// For example "the model file".
    package let role: String
  }

  package private(set) var items: [Item] = []

  package init() {}

  /// Adds a file that the command line names.
  package mutating func add(_ path: String?, as role: String) {
    if let path { items.append(Item(path: path, role: role)) }
  }

  /// The role of the input file that an output would replace. Nil if it would not replace any.
  package func role(of identity: FileIdentity?) -> String? {
    guard let identity else { return nil }
    return items.first { FileIdentity(of: $0.path) == identity }?.role
  }
}
