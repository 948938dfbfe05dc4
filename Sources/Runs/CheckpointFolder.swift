internal import Files
internal import Glibc
internal import YAML

/// The checkpoints of a run: numbered ones such as `checkpoints/00000500.safetensors`, and
/// `checkpoints/best.safetensors`.
///
/// The number is the iteration. The folder keeps the last two numbered checkpoints.
struct CheckpointFolder {
  let path: String

  /// The number of numbered checkpoints to keep.
  private static let keptCount = 2
  private static let suffix = ".safetensors"
  private static let bestName = "best"

  /// - Parameter run: The run's folder.
  init(of run: RunDirectory) { path = run.file(RunDirectory.checkpoints) }

  /// Refuses a disk that has no room for two checkpoints, or for `count`.
  ///
  /// - Parameter freed: The bytes that the run frees before it writes the first checkpoint.
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

  /// Writes a checkpoint, and then removes all but the last two.
  ///
  /// A run that went back to an earlier iteration also removes the checkpoints of later iterations,
  /// which it will write again.
  ///
  /// - Throws: ``RunFailure/environment(_:)``. The earlier checkpoints then still exist.
  func write(_ content: SafetensorsWriter, iteration: Int) throws(RunFailure) {
    try make()
    try OutputFile.write(to: file(iteration), isDurable: true, content.write)
    let written = iterations
    let kept = written.filter { $0 <= iteration }.prefix(CheckpointFolder.keptCount)
    for old in written where !kept.contains(old) { try OutputFile.remove(file(old)) }
  }

  /// Replaces the checkpoint of the best test so far.
  func writeBest(_ content: SafetensorsWriter) throws(RunFailure) {
    try make()
    try OutputFile.write(to: bestFile, isDurable: true, content.write)
  }

  /// Makes the folder if it is missing, and waits until its path is durable on the disk.
  private func make() throws(RunFailure) {
    guard FileKind(at: path) != .folder else { return }
    try RunDirectory.makeFolder(path)
    try OutputFile.synchronizeFolders(of: path)
  }

  /// The checkpoints from which a run can resume: the numbered ones, latest first, and then the
  /// best.
  var candidates: [String] {
    let best = bestFile
    return iterations.map(file) + (InputFile.exists(best) ? [best] : [])
  }

  private var bestFile: String { "\(path)/\(CheckpointFolder.bestName)\(CheckpointFolder.suffix)" }

  /// Whether a checkpoint folder may contain a file of this name.
  static func isOwn(_ name: String) -> Bool {
    name == bestName + suffix || iteration(of: name) != nil
  }

  /// Returns the path of the checkpoint of an iteration.
  func file(_ iteration: Int) -> String {
    "\(path)/\(iteration.digits(8))\(CheckpointFolder.suffix)"
  }

  /// The iterations of the numbered checkpoints, latest first.
  var iterations: [Int] {
    FileSystem.names(in: path).compactMap(CheckpointFolder.iteration).sorted(by: >)
  }

  private static func iteration(of name: String) -> Int? {
    guard name.hasSuffix(suffix) else { return nil }
    let digits = name.dropLast(suffix.count)
    return digits.isOfDigits ? Int(digits) : nil
  }
}
