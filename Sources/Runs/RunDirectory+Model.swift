internal import DataSources
internal import Files
internal import ModelFiles
internal import YAML

extension RunDirectory {
  /// The model file that the run keeps: the resolved model, with paths of the data as they were written.
  ///
  /// Its `folder` says where these begin: seen from the run's folder, which holds when model, data and runs move
  /// together, and then from the root, which holds when only the run moves. A model without relative paths has none.
  ///
  /// - Throws: ``RunFailure/environment(_:)`` if a folder is gone.
  func text(of model: ModelFile, data: DataParts) throws(RunFailure) -> String {
    guard !data.relativePaths.isEmpty else { return model.resolved(data: data, folders: []).yaml }
    let home = try RunDirectory.absolute(model.directory)
    let here = try RunDirectory.absolute(path)
    return model.resolved(data: data, folders: [RunDirectory.path(to: home, from: here), home]).yaml
  }

  /// The way from one folder to another, both given from the root: `../../..`.
  private static func path(to target: String, from start: String) -> String {
    let (target, start) = (target.split(separator: "/"), start.split(separator: "/"))
    let shared = zip(target, start).prefix { $0 == $1 }.count
    let parts =
      start.dropFirst(shared).map { _ in ".." } + target.dropFirst(shared).map(String.init)
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }
}
