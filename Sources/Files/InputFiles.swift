/// The files that a command reads, so that no output of the command replaces one of them.
package struct InputFiles {
  /// A file, and what a message calls it.
  package struct Item {
    package let path: String
    /// "the model file"
    package let role: String
  }

  package private(set) var items: [Item] = []

  package init() {}

  /// A file that the command line names.
  package mutating func add(_ path: String?, as role: String) {
    if let path { items.append(Item(path: path, role: role)) }
  }

  /// The role of the file that an output would replace; nil if it is none of these.
  package func role(of identity: FileIdentity?) -> String? {
    guard let identity else { return nil }
    return items.first { FileIdentity(of: $0.path) == identity }?.role
  }
}
