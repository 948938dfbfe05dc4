import Expressions
import Files
import Glibc
import Oracles
import RunOracles
import Runs
import Testing

@Suite("The numbered runs of a name") struct RunSeriesTests {
  private let folder: TemporaryFolder
  private var runs: String { folder.file("runs") }

  init() throws {
    folder = try TemporaryFolder()
    for name in ["runs", "runs/m"] { try folder.makeFolder(name) }
  }

  /// Begins a run and abandons it.
  private func begun() throws -> String {
    let run = try RunDirectory(nextOf: "m", in: runs)
    try run.begin()
    try OutputFile.write("name: m\n", to: run.file("model.yaml"))
    return name(run.path)
  }

  private func name(_ path: String) -> String {
    String(path.dropFirst(folder.file("runs/m/").count))
  }

  private var latest: String? { RunDirectory.latest(of: "m", in: runs).map(name) }

  private func makeRun(_ name: String) throws {
    try folder.makeFolder("runs/m/\(name)")
    try folder.write("", to: "runs/m/\(name)/model.yaml")
  }

  @Test(
    "get the number after the highest in use",
    arguments: [
      ([], "001"), (["002"], "003"), (["001", "003"], "004"), (["999"], "1000"),
      (["007", "1000"], "1001"), (["10"], "011"), (["notes", "5b", "+9", "-7", "٣"], "001"),
      (["20261129"], "20261130"), (["12345678901234567890"], "001"),
    ] as [([String], String)])
  func numbers(there: [String], next: String) throws {
    for name in there { try folder.makeFolder("runs/m/\(name)") }
    #expect(try begun() == next)
    #expect(folder.target("runs/m/latest") == next)
    #expect(latest == next)
  }

  @Test("get a number after that of a file with a numeric name")
  func filesCount() throws {
    try folder.write("mine", to: "runs/m/004")
    #expect(try begun() == "005")
  }

  @Test("do not reuse the number of a removed run while a later one exists")
  func removedRuns() throws {
    for name in ["001", "002"] { #expect(try begun() == name) }
    folder.remove("runs/m/001")
    #expect(try begun() == "003")
    #expect(latest == "003")
    // The link is now dangling, and the latest run is the previous one.
    folder.remove("runs/m/003")
    #expect(latest == "002")
    let resumed = try RunDirectory(resuming: folder.file("runs/m/latest"))
    #expect(name(resumed.path) == "002")
    try resumed.begin()
    #expect(folder.target("runs/m/latest") == "002")
    #expect(RunDirectory(existing: folder.file("runs/m/latest")).path.hasSuffix("runs/m/latest"))
  }

  @Test("have a latest run: the target of the link, or else the highest number with a run")
  func latestRun() throws {
    #expect(latest == nil)
    for name in ["001", "002", "010"] { try makeRun(name) }
    try folder.makeFolder("runs/m/011")
    try folder.makeFolder("runs/m/500")
    try folder.write("mine", to: "runs/m/500/notes.txt")
    #expect(latest == "010")
    #expect(RunDirectory(existing: folder.file("runs/m/latest")).path == folder.file("runs/m/010"))
    // A run killed before its first file is still the latest.
    try folder.makeLink("runs/m/latest", to: "011")
    #expect(latest == "011")
    for target in ["012", "../m/002", "notes", "/", "0", "99999999999999999999"] {
      unsafe unlink(folder.file("runs/m/latest"))
      try folder.makeLink("runs/m/latest", to: target)
      #expect(latest == "010", "\(target)")
    }
  }

  @Test("refuse to begin if latest is not a link, and leave it unchanged")
  func foreignLatest() throws {
    try makeRun("001")
    try folder.write("mine", to: "runs/m/latest")
    #expect(
      refusal { () throws(RunFailure) in try RunDirectory(nextOf: "m", in: runs) }
        == "error: '\(folder.file("runs/m/latest"))' is not a link: rename or remove it first"
    )
    #expect(folder.contents.contains("runs/m/latest"))
    #expect(!folder.contents.contains("runs/m/002/"))
    #expect(latest == "001")
  }

  @Test("leave no folder of a refused run, and restore the link")
  func refusedRuns() throws {
    #expect(try begun() == "001")
    for begins in [false, true] {
      let refused = try RunDirectory(nextOf: "m", in: runs)
      if begins { try refused.begin() }
      refused.giveUp()
      #expect(folder.target("runs/m/latest") == "001")
      #expect(!folder.contents.contains("runs/m/002/"))
    }
    let first = try RunDirectory(nextOf: "n", in: folder.file("others"))
    first.giveUp()
    #expect(!folder.contents.contains("others/"))
    // A refused run keeps the files that it wrote, and a folder that existed before.
    let other = try RunDirectory(nextOf: "m", in: runs)
    try folder.write("", to: "runs/m/002/model.yaml")
    other.giveUp()
    #expect(folder.contents.contains("runs/m/002/model.yaml"))
  }

  @Test("that begin at the same time get different numbers, and the link names the highest")
  func concurrentStarts() async throws {
    let runs = runs
    let names = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<20 {
        group.addTask {
          let run = try RunDirectory(nextOf: "m", in: runs)
          try run.begin()
          return run.path
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(names.map(name)).count == 20)
    #expect(folder.target("runs/m/latest") == "020")
  }

  /// Here the later run was faster.
  @Test("keep the link to a later run that has begun in the meantime")
  func overtaken() throws {
    let first = try RunDirectory(nextOf: "m", in: runs)
    let second = try RunDirectory(nextOf: "m", in: runs)
    try second.begin()
    try first.begin()
    #expect(folder.target("runs/m/latest") == name(second.path))
  }
}
