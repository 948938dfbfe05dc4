internal import Glibc
internal import YAML

/// The folder of one run.
///
/// By default `runs/<name>/<NNN>/` below the current folder, with the next free number, and
/// `runs/<name>/latest` as a link to it. Never one that holds a run already, unless that is asked
/// for.
package struct RunDirectory: Sendable {
  package let path: String

  /// The files of a run. The first of them mark a folder as one's.
  private static let files = [
    "model.yaml", "history.csv", "weights.safetensors", "best.safetensors", "run.json",
    "report.html", "history.svg", "boundary.svg",
  ]
  private static var signs: ArraySlice<String> { files.prefix(5) }

  /// Takes the next free number. Making the folder is what takes it, so two runs never share one.
  ///
  /// - Throws: ``RunFailure`` if a folder cannot be made, or what is called `latest` is no link;
  ///   no numbered folder is made then.
  package init(nextOf name: String, in parent: String = "runs") throws(RunFailure) {
    try RunDirectory.makeFolder(parent)
    let folder = "\(parent)/\(name)"
    try RunDirectory.makeFolder(folder)
    let latest = "\(folder)/latest"
    try RunDirectory.checkLink(latest)
    var number = 1
    while true {
      let digits = String(number)
      let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
      let path = "\(folder)/\(padded)"
      if unsafe mkdir(path, 0o755) == 0 {
        self.path = path
        try RunDirectory.link(latest, to: padded)
        return
      }
      guard errno == EEXIST else { throw OutputFile.failure("make the folder", path) }
      number += 1
    }
  }

  /// Takes exactly `path`. What a run left there is removed where it may be overwritten: a run that
  /// stops early would else be taken for one with the weights of another.
  ///
  /// - Throws: ``RunFailure`` if it holds a run and `overwrites` is false, or is no folder.
  package init(at path: String, overwrites: Bool) throws(RunFailure) {
    var status = stat()
    if unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
      throw .refusedInput("output '\(path.quotable)' is no folder")
    }
    try RunDirectory.makeFolders(path)
    let isTaken = RunDirectory.signs.contains { unsafe access("\(path)/\($0)", F_OK) == 0 }
    guard overwrites || !isTaken else {
      throw .refusedInput(
        "output '\(path.quotable)' holds a run already: choose another folder, or give --overwrite")
    }
    guard unsafe access(path, W_OK | X_OK) == 0 else {
      throw OutputFile.failure("write to", path)
    }
    self.path = path
    for name in RunDirectory.files where unsafe unlink(file(name)) != 0 && errno != ENOENT {
      throw OutputFile.failure("remove", file(name))
    }
  }

  /// A folder that a run left.
  package init(existing path: String) { self.path = path }

  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The path from the root, links resolved.
  static func absolute(_ path: String) throws(RunFailure) -> String {
    guard let real = unsafe realpath(path, nil) else {
      throw OutputFile.failure("find the folder", path)
    }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  private static func makeFolders(_ path: String) throws(RunFailure) {
    var partial = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      partial += partial.isEmpty || partial == "/" ? String(part) : "/\(part)"
      try makeFolder(partial)
    }
  }

  private static func makeFolder(_ path: String) throws(RunFailure) {
    if unsafe mkdir(path, 0o755) == 0 { return }
    let code = errno
    var status = stat()
    if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
    errno = code
    throw OutputFile.failure("make the folder", path)
  }

  private static func checkLink(_ path: String) throws(RunFailure) {
    var status = stat()
    if unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFLNK {
      throw .refusedInput("'\(path.quotable)' is no link: it is left alone, and has to go first")
    }
  }

  /// Replaces a link in one step.
  private static func link(_ path: String, to target: String) throws(RunFailure) {
    let temporary = try OutputFile.makeTemporary(beside: path, "make the link") {
      unsafe symlink(target, $0) == 0
    }
    guard unsafe rename(temporary, path) == 0 else {
      let error = OutputFile.failure("make the link", path)
      unsafe unlink(temporary)
      throw error
    }
  }
}
