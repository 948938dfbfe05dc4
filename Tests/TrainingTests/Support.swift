import DataSources
import Files
import Glibc
import ModelFiles
import Oracles
import Runs
import Testing
import Training
import YAML

/// A temporary folder, removed with its content on deallocation.
final class TemporaryFolder: Sendable {
  private let folder: ScratchFolder
  var path: String { folder.path }

  init() throws { folder = try ScratchFolder() }

  static func remove(_ path: String) { ScratchFolder.remove(path) }

  /// The relative paths of all files and folders in it. Folders end with `/`.
  var contents: [String] { contents(of: "") }

  private func contents(of folder: String) -> [String] {
    ScratchFolder.names(in: "\(path)/\(folder)").flatMap { name in
      let entry = folder + name
      return ScratchFolder.isFolder("\(path)/\(entry)")
        ? ["\(entry)/"] + contents(of: "\(entry)/") : [entry]
    }
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ bytes: [UInt8], to name: String) throws {
    guard let file = unsafe fopen(self.file(name), "w") else {
      throw RunFailure.environment("cannot write \(name)")
    }
    defer { unsafe fclose(file) }
    let count = unsafe fwrite(bytes, 1, bytes.count, file)
    try #require(count == bytes.count)
  }

  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  func makeFolder(_ name: String) throws {
    let status = unsafe mkdir(file(name), 0o755)
    try #require(status == 0)
  }

  func makeLink(_ name: String, to target: String) throws {
    let status = unsafe symlink(target, file(name))
    try #require(status == 0)
  }

  /// Returns the content of a file. Nil when the file does not exist.
  func bytes(_ name: String) throws -> [UInt8]? {
    guard let file = unsafe fopen(self.file(name), "r") else { return nil }
    defer { unsafe fclose(file) }
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe fread(&chunk, 1, chunk.count, file)
      if count == 0 { return result }
      result += chunk.prefix(count)
    }
  }

  func text(_ name: String) throws -> String? {
    try bytes(name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Returns the target of a link.
  func target(_ name: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink(file(name), &buffer, buffer.count)
    guard count >= 0 else { return nil }
    return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// Returns a network for the spiral, trained for a few steps.
func spiralModel(
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
func prepared(_ text: String, path: String = "model.yaml") throws(RunFailure) -> PreparedModel {
  let document: Node
  do throws(Diagnostics) {
    document = try Node.parse(Array(text.utf8), name: path)
  } catch {
    throw .refused(error)
  }
  return try PreparedModel(document, path: path)
}

/// Returns the rendered mistakes of a model file. Empty when it has none.
func mistakes(in text: String) -> String {
  do {
    _ = try prepared(text)
    return ""
  } catch {
    return error.rendered
  }
}

/// Makes a trainer that has read its data.
func trainer(_ text: String, path: String = "model.yaml", threads: Int = 1) throws -> Trainer {
  let model = try prepared(text, path: path)
  let file = model.file
  let (train, test, _) = try loadParts(
    train: file.data.train, test: file.data.test, directory: file.directory, seed: file.seed)
  return try Trainer(model, train: train, test: test, threads: threads)
}

/// Trains a model file from disk in the run directory `run` of `folder`.
@discardableResult
func run(
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
func failure(
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
func snapshotModel(_ solver: String) -> String {
  spiralModel(
    train: "{source: spiral, points_per_class: 20, batch_size: 16, shuffle: true}",
    test: "{source: spiral, points_per_class: 10, batch_size: 16}",
    solver: "type: Adam, base_lr: 0.01, \(solver)")
}

/// Resumes a run of `folder`, by default `run`. Returns its notes, with `F` for the folder.
@discardableResult
func resumed(
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
func refusal(
  _ folder: TemporaryFolder, _ text: String, _ resume: RunOptions.Resume = .latest
) -> String {
  refusal { () throws(RunFailure) in try resumed(folder, text, resume) }
    .replacing(folder.path, with: "F")
}

/// Returns the failure of `body`. Empty when it succeeds.
func refusal(of body: () throws(RunFailure) -> some Any) -> String {
  do {
    _ = try body()
    return ""
  } catch {
    return error.rendered
  }
}
