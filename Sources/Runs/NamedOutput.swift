package import Files
internal import Glibc
internal import ModelFiles
internal import YAML

/// An output that the command line names, such as `--output y.csv`. One rule applies to all such
/// outputs.
///
/// - A file that the command reads is never replaced, and neither is a file of a run.
/// - A link is neither replaced nor followed.
/// - Another existing file is replaced only if the user asks for that with `--overwrite`.
/// - `-` and `/dev/stdout` are standard output. The command also writes to another open descriptor
///   (`/dev/fd/3`), a named pipe with a reader, a terminal and `/dev/null`.
///
/// The initializer checks the rule, before any work.
package struct NamedOutput {
  private enum Place {
    case file(replaces: Bool)
    case standardOutput
    case open(CInt)
  }

  private let path: String
  private let place: Place

  /// Whether this is standard output. The command must then print only the output there.
  package var isStandardOutput: Bool {
    if case .standardOutput = place { true } else { false }
  }

  /// Checks that the output may be written.
  ///
  /// - Parameters:
  ///   - option: The option that names the output, such as `--output`.
  ///   - overwrites: Whether another existing file may be replaced.
  ///   - inputs: The files that the command reads.
  /// - Throws: ``RunFailure/refusedInput(_:)`` if the rule forbids the output.
  ///   ``RunFailure/environment(_:)`` if the place is not writable.
  package init(
    _ path: String, option: String, overwrites: Bool, sparing inputs: InputFiles
  ) throws(RunFailure) {
    self.path = path
    let subject = "\(option) '\(path.quotable)'"
    if let descriptor = path == "-" ? STDOUT_FILENO : NamedOutput.descriptor(of: path) {
      if let role = inputs.role(of: FileIdentity(ofFile: descriptor)) {
        throw .refusedInput("\(subject): standard output leads to \(role), which the command reads")
      }
      let mode = fcntl(descriptor, F_GETFL)
      guard descriptor == STDOUT_FILENO || mode >= 0 && mode & O_ACCMODE != O_RDONLY else {
        if mode >= 0 { errno = EBADF }
        throw OutputFile.failure("write", path)
      }
      place = descriptor == STDOUT_FILENO ? .standardOutput : .open(descriptor)
      return
    }
    switch FileKind(at: path) {
    case .link:
      throw .refusedInput(
        "\(subject) is a link, which is neither replaced nor followed: name the file itself")
    case .pipe, .socket, .disk, .device:
      place = .open(try NamedOutput.open(path))
    case .file, .folder, nil:
      try OutputFile.check(path)
      if let role = inputs.role(of: FileIdentity(of: path)) {
        throw .refusedInput("\(subject) is \(role), which the command reads: choose another name")
      }
      if let run = RunDirectory.run(ofFile: path) {
        throw .refusedInput(
          "\(subject) is a file of the run in '\(run.quotable)': choose another name")
      }
      let exists = FileKind(at: path) != nil
      guard !exists || overwrites else {
        throw .refusedInput(
          "\(subject) exists already: choose another name, or add --overwrite")
      }
      if exists, let role = inputs.role(ofFolderAbove: path) {
        throw .refusedInput(
          "\(subject) lies in \(role), whose files the command reads: choose another name")
      }
      place = .file(replaces: exists)
    }
  }

  /// Writes the whole output.
  ///
  /// - Throws: ``RunFailure/environment(_:)``. A file is then unchanged.
  package func write(_ bytes: [UInt8]) throws(RunFailure) {
    try write { (write) throws(RunFailure) in try write(bytes) }
  }

  /// Writes the tensors piece by piece.
  package func write(_ content: SafetensorsWriter) throws(RunFailure) {
    try write(content.write)
  }

  /// Writes content that is produced piece by piece. A failure of `content` leaves a file
  /// unchanged; what an open descriptor received remains.
  package func write(
    _ content: (_ write: ([UInt8]) throws(RunFailure) -> Void) throws(RunFailure) -> Void
  ) throws(RunFailure) {
    switch place {
    case .file(let replaces):
      try OutputFile.write(to: path, replaces: replaces, content)
    case .standardOutput:
      try content { (piece) throws(RunFailure) in try StandardOutput.write(piece) }
    case .open(let descriptor):
      try content { (piece) throws(RunFailure) in
        guard let error = OpenOutput.write(piece, to: descriptor) else { return }
        throw .environment("cannot write '\(path.quotable)': \(error)")
      }
    }
  }

  package func write(_ text: String) throws(RunFailure) { try write(Array(text.utf8)) }

  /// Returns the descriptor that a system path names: 1 for `/dev/stdout`, 3 for `/dev/fd/3`.
  private static func descriptor(of path: String) -> CInt? {
    guard let folder = FileSystem.realPath(FileSystem.folder(of: path)) else { return nil }
    let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
    if folder == "/dev" {
      return name == "stdout" ? STDOUT_FILENO : name == "stderr" ? STDERR_FILENO : nil
    }
    let own = "/proc/\(getpid())/"
    guard folder.hasPrefix(own), folder.hasSuffix("/fd"), name.isOfDigits else { return nil }
    return CInt(name)
  }

  /// Opens a path that is not a regular file, if that is safe.
  private static func open(_ path: String) throws(RunFailure) -> CInt {
    guard let status = FileSystem.status(at: path) else { throw OutputFile.failure("write", path) }
    guard status.kind == .pipe || status.kind == .device && isHarmless(status) else {
      throw .refusedInput(
        "cannot write '\(path.quotable)': expected a file, a pipe or a terminal, received a "
          + (status.kind == .socket ? "socket" : "device"))
    }
    // Opening a pipe without a reader would wait for ever. The reader may be about to start.
    var descriptor: CInt
    var tries = 200
    repeat {
      descriptor = FileSystem.open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW)
      tries -= 1
    } while descriptor < 0 && errno == ENXIO && tries > 0 && usleep(50_000) == 0
    guard descriptor >= 0 else {
      guard errno == ENXIO, status.kind == .pipe else { throw OutputFile.failure("write", path) }
      throw .environment("cannot write '\(path.quotable)': no process reads this pipe")
    }
    _ = fcntl(descriptor, F_SETFL, O_WRONLY)
    return descriptor
  }

  /// Whether a device is a terminal, `/dev/null`, `/dev/zero` or `/dev/full`. Others may be a disk
  /// or the memory.
  private static func isHarmless(_ status: FileStatus) -> Bool {
    switch status.device.major {
    case 1: [3, 5, 7].contains(status.device.minor)
    case 4, 5, 136...143: true
    default: false
    }
  }
}
