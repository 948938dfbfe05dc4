import Files
import Glibc
import Oracles
import RunOracles
import Runs
import Testing

@Suite("The folder of a run") struct RunDirectoryTests {
  @Test("is free when its run ends, even if a child process inherited its descriptor")
  func freed() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    var run: RunDirectory? = try RunDirectory(at: path, overwrites: false)
    let copies = descriptors(of: path).map { dup($0) }
    defer { for copy in copies { close(copy) } }
    #expect(!copies.isEmpty)
    #expect(throws: RunFailure.self) { try RunDirectory(at: path, overwrites: false) }
    run = nil
    _ = run
    _ = try RunDirectory(at: path, overwrites: false)
  }

  @Test("contains a run, and keeps all other files")
  func foreignFolder() throws {
    let folder = try TemporaryFolder()
    let text = snapshotModel("max_iter: 3")
    try folder.makeFolder("run")
    for name in ["thesis.txt", "model.yaml", "history.csv", "old.tmp"] {
      try folder.write("mine", to: "run/\(name)")
    }
    #expect(
      refusal(folder, text)
        == "error: output 'F/run' holds 'old.tmp', which does not belong to a run: "
        + "choose another folder")
    #expect(try folder.text("run/model.yaml") == "mine")
    folder.remove("run")
    let saved = snapshotModel("max_iter: 3, snapshot: 1")
    try run(saved, in: folder)
    for name in ["notes.tmp", "weights.safetensors.77-0.tmp", "thesis.safetensors.77-0.tmp"] {
      try folder.write("mine", to: "run/\(name)")
    }
    #expect(try resumed(folder, saved, .latest).count == 1)
    #expect(
      folder.contents.filter { $0.hasSuffix(".tmp") }.sorted()
        == ["run/notes.tmp", "run/thesis.safetensors.77-0.tmp"])
  }

  @Test("does not follow links")
  func links() throws {
    let folder = try TemporaryFolder()
    let text = snapshotModel("max_iter: 20, snapshot: 6")
    try run(text, in: folder)
    let earlier = folder.file("run/checkpoints/00000018.safetensors")
    unsafe rename(folder.file("run/history.csv"), folder.file("history"))
    try folder.makeLink("run/history.csv", to: "../history")
    let before = try folder.bytes("history")
    #expect(
      refusal(folder, text, .path(earlier)).hasPrefix("error: cannot cut 'F/run/history.csv': "))
    #expect(try folder.bytes("history") == before)
    unsafe rename(folder.file("run/checkpoints"), folder.file("saved"))
    try folder.makeLink("run/checkpoints", to: "../saved")
    #expect(
      refusal(folder, text)
        == "error: 'F/run/checkpoints' is a link: checkpoints are written below the run only")
    try folder.makeLink("elsewhere", to: "run")
    #expect(
      refusal { () throws(RunFailure) in
        try RunDirectory(at: folder.file("elsewhere/"), overwrites: true)
      }
      .hasSuffix("elsewhere' is not a folder"))
  }

  @Test("does not replace a link of the system")
  func systemLinks() throws {
    let folder = try TemporaryFolder()
    for target in ["/proc/self/fd/1", "/dev/null"] {
      try folder.makeLink("out", to: target)
      #expect(
        refusal { () throws(RunFailure) in try OutputFile.write("x", to: folder.file("out")) }
          == "error: cannot write '\(folder.file("out"))': it is a link to a system device")
      unsafe unlink(folder.file("out"))
    }
  }

  @Test("keeps the model file that it trains")
  func modelInOutput() throws {
    let folder = try TemporaryFolder()
    let text = snapshotModel("max_iter: 3")
    try OutputFile.write(text, to: folder.file("model.yaml"))
    var options = RunOptions()
    (options.output, options.overwrites) = (folder.path, true)
    #expect(
      refusal { () throws(RunFailure) in
        try TrainingRun(path: folder.file("model.yaml"), options: options)
      }
        == "error: output '\(folder.path)' holds the model file itself, which would be replaced: "
        + "choose another folder")
    #expect(try folder.text("model.yaml") == text)
    (options.overwrites, options.resume) = (false, .latest)
    #expect(
      refusal { () throws(RunFailure) in
        try TrainingRun(path: folder.file("model.yaml"), options: options)
      }.contains("the model was changed since"))
    #expect(try folder.text("model.yaml") == text)
    // The model file of a run is written again, so it is not lost.
    options.output = folder.file("run")
    _ = try TrainingRun(path: folder.file("model.yaml"), options: options).run { _ in }
    let resolved = try folder.text("run/model.yaml")
    (options.overwrites, options.resume) = (true, nil)
    _ = try TrainingRun(path: folder.file("run/model.yaml"), options: options).run { _ in }
    #expect(try folder.text("run/model.yaml") == resolved)
    // The model may be trained for longer.
    let saved = snapshotModel("max_iter: 3, snapshot: 3")
    try OutputFile.write(saved, to: folder.file("model.yaml"))
    _ = try TrainingRun(path: folder.file("model.yaml"), options: options).run { _ in }
    (options.overwrites, options.resume) = (false, .latest)
    let length = try folder.text("run/model.yaml").replacing("max_iter: 3", with: "max_iter: 5")
    try OutputFile.write(length, to: folder.file("run/model.yaml"))
    let longer = try TrainingRun(path: folder.file("run/model.yaml"), options: options)
    #expect(try longer.run { _ in }.iterations == 5)
  }

  @Test("may be named by the link to the latest, and refuses fewer updates than were made")
  func latestLink() throws {
    let folder = try TemporaryFolder()
    let text = snapshotModel("max_iter: 6, snapshot: 3")
    try run(text, in: folder, output: "003")
    try folder.makeLink("latest", to: "003")
    for link in ["latest", "latest/"] {
      let notes = try resumed(folder, text, .path(folder.file(link)))
      #expect(
        notes == ["resumes after iteration 6, from F/003/checkpoints/00000006.safetensors"])
    }
    try folder.makeLink("other", to: "003")
    #expect(
      refusal(folder, text, .path(folder.file("other")))
        == "error: 'F/other' is not the folder of a run")
    let shorter = text.replacing("max_iter: 6", with: "max_iter: 5")
    #expect(
      refusal(folder, shorter, .path(folder.file("latest")))
        == "error: F/003/checkpoints/00000006.safetensors: 6 iterations are in the checkpoint, "
        + "but the training ends after 5")
  }

  @Test("needs no checkpoint to begin anew, and then keeps all other files")
  func beginsAnew() throws {
    let folder = try TemporaryFolder()
    let text = snapshotModel("max_iter: 12")
    try run(text, in: folder, output: "plain")
    try run(text, in: folder)
    for name in ["weights.safetensors", "run.json"] { unsafe unlink(folder.file("run/\(name)")) }
    try folder.makeFolder("run/checkpoints")
    try folder.write([1], to: "run/checkpoints/notes.txt")
    let notes = try resumed(folder, text, .latest)
    #expect(notes == ["'F/run' has no checkpoint: begins anew"])
    // A folder that only resembles a run's keeps its files.
    try folder.makeFolder("commented")
    let commented = "# mine\n" + (try folder.text("run/model.yaml"))
    try folder.write(commented, to: "commented/model.yaml")
    #expect(
      refusal(folder, text, .path(folder.file("commented")))
        == "error: 'F/commented/model.yaml' was not written by a run, and would be replaced")
    #expect(try folder.text("commented/model.yaml") == commented)
    for name in ["model.yaml", "history.csv"] {
      let place = "like_\(name)"
      try folder.makeFolder(place)
      try folder.write("mine", to: "\(place)/\(name)")
      #expect(!refusal(folder, text, .path(folder.file(place))).isEmpty)
      #expect(try folder.text("\(place)/\(name)") == "mine")
    }
    #expect(try folder.bytes("run/history.csv") == folder.bytes("plain/history.csv"))
    #expect(try folder.bytes("run/checkpoints/notes.txt") == [1])
  }

  @Test("belongs to one process at a time, and is free when that ends")
  func lock() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    var directory: RunDirectory? = try RunDirectory(at: path, overwrites: false)
    #expect(directory?.path == path)
    let refusal = failure(of: snapshotModel("max_iter: 3"), in: folder)
    #expect(refusal == "error: output '\(path)' is in use by process \(getpid())")
    directory = nil
    #expect(failure(of: snapshotModel("max_iter: 3"), in: folder) == "")
  }

  /// Returns the descriptors of this process that are open on a file or folder.
  private func descriptors(of path: String) -> [CInt] {
    var wanted = stat()
    guard unsafe stat(path, &wanted) == 0 else { return [] }
    return (0..<1024).filter { descriptor in
      var status = stat()
      return unsafe fstat(descriptor, &status) == 0 && status.st_dev == wanted.st_dev
        && status.st_ino == wanted.st_ino
    }
  }
}
