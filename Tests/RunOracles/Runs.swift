internal import DataSources
package import Files
internal import ModelFiles
package import Oracles
package import Runs
internal import Testing
package import Training
internal import YAML

/// Returns a network for the spiral, trained for a few steps.
package func spiralModel(
  train: String = "{source: spiral, points_per_class: 20, batch_size: 16}", test: String? = nil,
  network: [String] = [
    "name: ip1, type: Linear, num_output: 8", "name: relu1, type: ReLU",
    "name: ip2, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
    "name: accuracy, type: Accuracy, phase: test",
  ], solver: String = "base_lr: 0.5, max_epochs: 3"
) -> String {
  """
  name: spiral
  data:
    train: \(train)
  \(test.map { "  test: \($0)\n" } ?? "")solver: {\(solver)}
  network:

  """ + network.map { "  - {\($0)}\n" }.joined()
}

/// Checks the text of a model file as far as possible without its data.
package func prepared(_ text: String, path: String = "model.yaml") throws(RunFailure)
  -> PreparedModel
{
  let document: Node
  do throws(Diagnostics) {
    document = try Node.parse(Array(text.utf8), name: path)
  } catch {
    throw .refused(error)
  }
  return try PreparedModel(document, path: path)
}

/// Returns the rendered mistakes of a model file. Empty when it has none.
package func mistakes(in text: String) -> String {
  do {
    _ = try prepared(text)
    return ""
  } catch {
    return error.rendered
  }
}

/// Makes a trainer that has read its data.
package func trainer(_ text: String, path: String = "model.yaml", threads: Int = 1) throws
  -> Trainer
{
  let model = try prepared(text, path: path)
  let file = model.file
  let (train, test, _) = try loadParts(
    train: file.data.train, test: file.data.test, directory: file.directory, seed: file.seed)
  return try Trainer(model, train: train, test: test, threads: threads)
}

/// Trains a model file from disk in the run directory `run` of `folder`.
@discardableResult
package func run(
  _ text: String, in folder: TemporaryFolder, output: String = "run",
  _ change: (inout RunOptions) -> Void = { _ in }
) throws(RunFailure) -> RunSummary {
  try OutputFile.write(text, to: folder.file("model.yaml"))
  var options = RunOptions()
  options.threads = 1
  options.output = folder.file(output)
  change(&options)
  return try TrainingRun(path: folder.file("model.yaml"), options: options).run { _ in }
}

/// Returns the failure of a run. Empty when it succeeds.
package func failure(
  of text: String, in folder: TemporaryFolder, _ change: (inout RunOptions) -> Void = { _ in }
) -> String {
  do throws(RunFailure) {
    try run(text, in: folder, change)
    return ""
  } catch {
    return error.rendered
  }
}

/// Returns a model of the spiral with a test part, trained with Adam.
package func snapshotModel(_ solver: String) -> String {
  spiralModel(
    train: "{source: spiral, points_per_class: 20, batch_size: 16, shuffle: true}",
    test: "{source: spiral, points_per_class: 10, batch_size: 16}",
    solver: "type: Adam, base_lr: 0.01, \(solver)")
}

/// Resumes a run of `folder`, by default `run`. Returns its notes, with `F` for the folder.
@discardableResult
package func resumed(
  _ folder: TemporaryFolder, _ text: String, _ resume: RunOptions.Resume
) throws(RunFailure) -> [String] {
  try OutputFile.write(text, to: folder.file("model.yaml"))
  var options = RunOptions()
  options.threads = 2
  options.output = folder.file("run")
  options.resume = resume
  let run = try TrainingRun(path: folder.file("model.yaml"), options: options)
  _ = try run.run { _ in }
  return (run.damages + run.notes).map { $0.replacing(folder.path, with: "F") }
}

/// Returns the refusal of a resumption. Empty when it is accepted.
package func refusal(
  _ folder: TemporaryFolder, _ text: String, _ resume: RunOptions.Resume = .latest
) -> String {
  refusal { () throws(RunFailure) in try resumed(folder, text, resume) }
    .replacing(folder.path, with: "F")
}

/// Returns the failure of `body`. Empty when it succeeds.
package func refusal(of body: () throws(RunFailure) -> some Any) -> String {
  do {
    _ = try body()
    return ""
  } catch {
    return error.rendered
  }
}
