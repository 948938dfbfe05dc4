internal import DataFiles
internal import DataSources
internal import Files
internal import Glibc
package import ModelFiles
internal import Training

extension InputFiles {
  /// Adds a model file and the files of its data. Another part of the program reports mistakes in
  /// the model.
  package mutating func add(model path: String, overrides: [Override]) {
    add(path, as: "the model file")
    guard let document = try? Document.read(path),
      let file = ModelFile.draft(document, path: path, overrides: overrides).file
    else { return }
    add(dataOf: file)
  }

  /// Adds the files of a model's data.
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

  /// Adds a run's files, the model file that it was trained from, and the files of its model's
  /// data.
  package mutating func add(run path: String, overrides: [Override]) {
    let run = RunDirectory(existing: RunDirectory.run(named: path))
    for file in run.ownFiles { add(file, as: "a file of the run") }
    add(RunRecord(of: run)?.modelFile, as: "the model file of the run")
    add(model: run.file(RunDirectory.model), overrides: overrides)
  }
}
