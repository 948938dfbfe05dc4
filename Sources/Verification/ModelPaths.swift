internal import Files
internal import YAML

/// The models that files and folders name, in the order of the paths. The models of a folder are
/// sorted by name.
package enum ModelPaths {
  /// The endings of model files.
  static let endings = [".yaml", ".yml"]

  /// A model to verify, or the reason why it cannot be verified.
  struct Item: Sendable {
    let path: String
    let failure: RunFailure?
    /// Whether the path names the model itself instead of its folder.
    var isNamed = false
  }

  /// Finds the models.
  ///
  /// Failures are a folder without a model, a record without a model, and two models with one
  /// record. Without these failures, a missing model would go unnoticed.
  static func items(of paths: [String]) -> [Item] {
    var items: [Item] = []
    for path in paths {
      let found =
        FileKind(of: path) == .folder
        ? models(inFolder: path) : [Item(path: path, failure: nil, isNamed: true)]
      for item in found where !items.contains(where: { $0.path == item.path }) {
        let record = Record.path(ofModel: item.path)
        let twin = items.first { $0.failure == nil && Record.path(ofModel: $0.path) == record }
        guard item.failure == nil, let twin else {
          items.append(item)
          continue
        }
        items.append(
          Item(
            path: item.path,
            failure: .refusedInput(
              "'\(item.path.quotable)' has the same record as '\(twin.path.quotable)'")))
      }
    }
    return items
  }

  private static func models(inFolder path: String) -> [Item] {
    var folder = path[...]
    while folder.count > 1, folder.hasSuffix("/") { folder = folder.dropLast() }
    let names = FileSystem.names(in: path).sorted()
    let models = names.filter { name in
      endings.contains { name.lowercased().hasSuffix($0) }
    }
    var items = models.map { Item(path: "\(folder)/\($0)", failure: nil) }
    if items.isEmpty {
      items.append(
        Item(
          path: path, failure: .refusedInput("the folder '\(path.quotable)' holds no model file")))
    }
    let known = Set(models.map { Record.path(ofModel: $0) })
    for name in names where name.hasSuffix(Record.fileEnding) && !known.contains(name) {
      let file = "\(folder)/\(name)"
      items.append(
        Item(path: file, failure: .refusedInput("'\(file.quotable)' is a record without a model")))
    }
    return items
  }
}
