/// The files that a command reads. The command must not write its output over one of them.
package struct InputFiles {
  /// A file and its role in messages.
  package struct Item {
    package let path: String
    /// For example "the model file".
    package let role: String
  }

  package private(set) var items: [Item] = []

  /// The folders whose files the command reads.
  private var folders: [Item] = []

  package init() {}

  /// Adds a file that the command line names.
  package mutating func add(_ path: String?, as role: String) {
    if let path { items.append(Item(path: path, role: role)) }
  }

  /// Adds all files in a folder, and in its folders. Ignores a path that is not a folder.
  package mutating func add(filesIn path: String?, as role: String) {
    if let path, FileKind(of: path) == .folder { folders.append(Item(path: path, role: role)) }
  }

  /// The role of the input folder in which a file lies. Nil if it does not lie in any.
  package func role(ofFolderAbove path: String) -> String? {
    guard !folders.isEmpty, var place = FileSystem.realPath(FileSystem.folder(of: path)) else {
      return nil
    }
    while true {
      let identity = FileIdentity(of: place)
      if let found = folders.first(where: { FileIdentity(of: $0.path) == identity }) {
        return found.role
      }
      guard place != "/" else { return nil }
      place = FileSystem.folder(of: place)
    }
  }

  /// The role of the input file that an output would replace. Nil if it would not replace any.
  package func role(of identity: FileIdentity?) -> String? {
    guard let identity else { return nil }
    return items.first { FileIdentity(of: $0.path) == identity }?.role
  }
}
