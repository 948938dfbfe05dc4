internal import Files

/// The name of a proposed model.
enum ModelName {
  /// Returns the name of a model file without folder and ending, in the letters of a model's name.
  ///
  /// - Parameter data: the path that names a model on standard output.
  static func of(_ modelPath: String, else data: String) -> String {
    let path = modelPath == "-" ? data : modelPath
    let file = path.split(separator: "/").last.map(String.init) ?? "model"
    let stem = file.firstIndex(of: ".").map { String(file[..<$0]) } ?? file
    let name = String(
      stem.unicodeScalars.map { scalar -> Character in
        let isKept =
          ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
          || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "-"
        return isKept ? Character(scalar) : "_"
      })
    let isName = name.contains { $0 != "_" && $0 != "-" }
    return isName ? String(name.drop { $0 == "-" }.prefix(100)) : "model"
  }
}
