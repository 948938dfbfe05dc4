internal import DataSources
internal import Glibc
package import Models
internal import YAML

/// The files that a command reads, so that no output of the command replaces one of them.
package struct InputFiles {
  /// A file, and what a message calls it.
  struct Item {
    let path: String
    /// "the model file"
    let role: String
  }

  private(set) var items: [Item] = []

  package init() {}

  /// A file that the command line names.
  package mutating func add(_ path: String?, as role: String) {
    if let path { items.append(Item(path: path, role: role)) }
  }

  /// A model file and the files of its data. What is wrong with the model is reported where it is read.
  package mutating func add(model path: String, overrides: [Override]) {
    add(path, as: "the model file")
    guard let document = try? Document.read(path),
      let file = ModelFile.draft(document, path: path, overrides: overrides).file
    else { return }
    add(dataOf: file)
  }

  /// The files of a model's data.
  mutating func add(dataOf file: ModelFile) {
    let parts: [(DataPhase, DataDeclaration?)] = [
      (.train, file.data.train), (.test, file.data.test),
    ]
    for (phase, part) in parts {
      let context = DataContext(directory: file.directory, seed: file.seed, phase: phase)
      for path in part?.source.files ?? [] {
        add(context.resolve(path), as: "a file of the model's \(phase.rawValue) data")
      }
    }
  }

  /// A run's files, the file that it was trained from, and the files of its model's data.
  package mutating func add(run path: String, overrides: [Override]) {
    let run = RunDirectory(existing: RunDirectory.run(named: path))
    for file in run.ownFiles { add(file, as: "a file of the run") }
    add(RunRecord(of: run)?.modelFile, as: "the model file of the run")
    add(model: run.file(RunDirectory.model), overrides: overrides)
  }

  /// The models that `verify` trains, with their records.
  package mutating func add(models paths: [String], overrides: [Override]) {
    for item in ModelPaths.items(of: paths) where item.failure == nil {
      add(model: item.path, overrides: overrides)
      add(Record.path(ofModel: item.path), as: "the record of a model")
    }
  }

  /// The role of the file that an output would replace; nil if it is none of these.
  func role(of identity: FileIdentity?) -> String? {
    guard let identity else { return nil }
    return items.first { FileIdentity(of: $0.path) == identity }?.role
  }
}
