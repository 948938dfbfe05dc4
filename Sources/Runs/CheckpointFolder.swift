internal import Files
internal import Glibc
internal import YAML

/// The checkpoints of a run: `checkpoints/00000500.safetensors` by iteration, of which the last two are kept, and
/// `checkpoints/best.safetensors`.
struct CheckpointFolder {
  let path: String

  /// How many of those that are counted by iteration are kept.
  private static let keptCount = 2
  private static let suffix = ".safetensors"
  private static let bestName = "best"

  /// - Parameter run: the run's folder.
  init(of run: RunDirectory) { path = run.file(RunDirectory.checkpoints) }

  /// Refuses a disk that has no room for two checkpoints, or for one.
  ///
  /// - Parameter freed: bytes that will be free before the first is written.
  /// - Throws: ``RunFailure/environment(_:)``.
  static func checkSpace(
    for bytes: Int, count: Int = 2, in run: RunDirectory, freed: Int = 0
  ) throws(RunFailure) {
    guard let left = FileSystem.freeBytes(at: run.path) else { return }
    let free = left + Double(freed)
    guard free < Double(count) * Double(bytes) else { return }
    let checkpoints = count == 1 ? "a checkpoint takes" : "two checkpoints take"
    throw .environment(
      "'\(run.path.quotable)' has room for \(Int(free)) bytes, and \(checkpoints) \(count * bytes)")
  }

  /// Writes a checkpoint, and then removes those before the last two, and those of iterations that are still to come
  /// again, since the run went back.
  ///
  /// - Throws: ``RunFailure/environment(_:)``; the checkpoints before are there still.
  func write(_ content: SafetensorsWriter, iteration: Int) throws(RunFailure) {
    try make()
    try OutputFile.write(to: file(iteration), isDurable: true, content.write)
    let written = iterations
    let kept = written.filter { $0 <= iteration }.prefix(CheckpointFolder.keptCount)
    for old in written where !kept.contains(old) { try OutputFile.remove(file(old)) }
  }

  /// Writes the checkpoint of the best test so far in the place of the one before.
  func writeBest(_ content: SafetensorsWriter) throws(RunFailure) {
    try make()
    try OutputFile.write(to: bestFile, isDurable: true, content.write)
  }

  /// Makes the folder where it is not there, and waits until the disk has its name and those of the folders above.
  private func make() throws(RunFailure) {
    guard PathKind(at: path) != .folder else { return }
    try RunDirectory.makeFolder(path)
    try OutputFile.synchronizeFolders(of: path)
  }

  /// What a run can go on from, the last first: those that are counted, and then the best.
  var candidates: [String] {
    let best = bestFile
    return iterations.map(file) + (InputFile.exists(best) ? [best] : [])
  }

  private var bestFile: String { "\(path)/\(CheckpointFolder.bestName)\(CheckpointFolder.suffix)" }

  /// Whether a folder of checkpoints may hold a file of this name.
  static func isOwn(_ name: String) -> Bool {
    name == bestName + suffix || iteration(of: name) != nil
  }

  /// The path of the checkpoint of an iteration.
  func file(_ iteration: Int) -> String {
    "\(path)/\(iteration.digits(8))\(CheckpointFolder.suffix)"
  }

  /// Of the checkpoints that are counted, the last first.
  var iterations: [Int] {
    FileSystem.names(in: path).compactMap(CheckpointFolder.iteration).sorted(by: >)
  }

  private static func iteration(of name: String) -> Int? {
    guard name.hasSuffix(suffix) else { return nil }
    let digits = name.dropLast(suffix.count)
    return digits.isOfDigits ? Int(digits) : nil
  }
}
