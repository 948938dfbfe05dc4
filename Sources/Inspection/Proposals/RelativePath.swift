internal import Files

/// The path from the folder of a model file to a data file.
enum RelativePath {
  /// Returns a path that leads from the folder of `file` to `target`. It is absolute when the two
  /// share no folder besides the root.
  static func from(_ file: String, to target: String) -> String {
    guard let target = FileSystem.realPath(target),
      let folder = FileSystem.realPath(FileSystem.folder(of: file))
    else { return target }
    let (names, own) = (target.split(separator: "/"), folder.split(separator: "/"))
    let shared = zip(names, own).prefix { $0 == $1 }.count
    guard shared > 0 || own.isEmpty else { return target }
    let steps = Array(repeating: "..", count: own.count - shared)
    return (steps + names.dropFirst(shared).map(String.init)).joined(separator: "/")
  }
}
