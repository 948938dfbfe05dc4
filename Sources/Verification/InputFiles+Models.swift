internal import Files
internal import Glibc
package import ModelFiles
internal import Runs

extension InputFiles {
  /// The models that `verify` trains, with their records.
  package mutating func add(models paths: [String], overrides: [Override]) {
    for item in ModelPaths.items(of: paths) where item.failure == nil {
      add(model: item.path, overrides: overrides)
      add(Record.path(ofModel: item.path), as: "the record of a model")
    }
  }
}
