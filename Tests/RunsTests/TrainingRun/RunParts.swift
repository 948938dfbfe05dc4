import Files
import Oracles
import RunOracles
import Runs
import Training

/// The parts of a run, made without a `TrainingRun`.
struct RunParts {
  let memory: MemoryBudget
  let data: TrainingData
  let trainer: Trainer

  init(_ text: String) throws {
    let model = try prepared(text)
    memory = try MemoryBudget(of: model, limit: 1 << 30, loaders: nil)
    data = try TrainingData(of: model, within: memory)
    trainer = try Trainer(model, train: data.train, test: data.test, threads: 1)
  }

  /// Makes the folder `run` in `folder`, with the text `model` as its model file.
  func files(in folder: TemporaryFolder, beginsWithWeights: Bool = false) throws -> RunFiles {
    let directory = try RunDirectory(at: folder.file("run"), overwrites: false)
    return try RunFiles(
      in: directory, modelText: "model", history: HistoryFile(path: directory.file("history.csv")),
      beginsWithWeights: beginsWithWeights)
  }

  func checkpoints(in files: RunFiles) -> CheckpointWriter {
    CheckpointWriter(of: trainer, data, within: memory, in: files)
  }
}

extension TemporaryFolder {
  /// The names of the checkpoints in the folder `run`, without their ending.
  var checkpoints: [String] {
    let start = "run/checkpoints/"
    return contents.filter { $0.hasPrefix(start) && $0 != start }.sorted()
      .map { String($0.dropFirst(start.count).prefix { $0 != "." }) }
  }
}
