internal import DataSources
internal import Files
internal import ModelFiles
internal import YAML

extension RunDirectory {
  /// Returns the model file that the run stores: the resolved model, with the data paths as they
  /// were written.
  ///
  /// Its `folder` states where these paths begin, in two forms. A path relative to the run's folder
  /// remains valid when model, data and runs move together. A path from the root remains valid when
  /// only the run moves. A model without relative paths has no `folder`.
  ///
  /// - Throws: ``RunFailure/environment(_:)`` if a folder no longer exists.
  func text(of model: ModelFile, data: DataParts) throws(RunFailure) -> String {
    guard !data.relativePaths.isEmpty else { return model.resolved(data: data, folders: []).yaml }
    let home = try RunDirectory.absolute(model.directory)
    let here = try RunDirectory.absolute(path)
    return model.resolved(data: data, folders: [RunDirectory.path(to: home, from: here), home]).yaml
  }

  /// Returns the relative path from one absolute folder to another, such as `../../..`.
  private static func path(to target: String, from start: String) -> String {
    let (target, start) = (target.split(separator: "/"), start.split(separator: "/"))
    let shared = zip(target, start).prefix { $0 == $1 }.count
    let parts =
      start.dropFirst(shared).map { _ in ".." } + target.dropFirst(shared).map(String.init)
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }
}
