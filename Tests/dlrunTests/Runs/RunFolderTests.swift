import Files
import Foundation
import Oracles
import Testing

/// Tests numbered runs, moved runs, and the names of their folders.
@Suite struct RunFolderTests {
  private static let table = "a,b,label\n1,2,x\n3,1,y\n2,2,x\n4,0,y\n"

  private static let model = """
    data: {train: {source: csv, file: data/t.csv, target: label, batch_size: 4}}
    network: [{name: ip, type: Linear, num_output: 2}, {name: loss, type: SoftmaxWithLoss}]
    solver: {base_lr: 0.1, max_iter: 5, snapshot: 2}

    """

  /// Returns a folder that contains `project` with a model, its data, and a run.
  private func project(_ model: String = RunFolderTests.model) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.makeFolder("project/data")
    try folder.write(RunFolderTests.table, to: "project/data/t.csv")
    try folder.write(model, to: "project/net.yaml")
    let result = try Program.shell("cd project && $dlrun net.yaml --quiet", in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
    return folder
  }

  @Test("the last killed run is the latest and resumes, even if an earlier run was removed")
  func latestIsTheNewest() throws {
    let folder = try project()
    let result = try Program.shell(
      """
      cd project && $dlrun net.yaml --quiet && rm -r runs/net/001
      $dlrun net.yaml --quiet --set solver.max_iter=1000000000 --set solver.snapshot=none --set solver.display=1000 &
      for look in {1..300}; do [ -s runs/net/003/history.csv ] && break; sleep 0.1; done
      kill -9 $!
      wait
      readlink runs/net/latest; ls runs/net
      $dlrun net.yaml --resume --set solver.max_iter=7 2>&1 | head -2
      $dlrun test runs/net/latest
      """, in: folder)
    let lines = result.output.split(separator: "\n")
    #expect(
      lines.prefix(5) == [
        "003", "002", "003", "latest", "'runs/net/003' has no checkpoint: begins anew",
      ], "\(result.output)")
    #expect(lines.dropFirst(5).first?.hasPrefix("7 iterations in ") == true)
    #expect(lines.last?.hasPrefix("train_loss 0.") == true)
  }

  @Test("the link is replaced if its run was removed")
  func danglingLink() throws {
    let folder = try project()
    let result = try Program.shell(
      """
      cd project && $dlrun net.yaml --quiet && rm -r runs/net/002
      $dlrun test runs/net/latest && $dlrun net.yaml --resume 2>&1 | head -1; readlink runs/net/latest
      """, in: folder)
    let lines = result.output.split(separator: "\n")
    try #require(lines.count == 3, "\(result.output) \(result.errors)")
    #expect(lines[0].hasPrefix("train_loss "))
    #expect(
      lines[1] == "resumes after iteration 5, from runs/net/001/checkpoints/00000005.safetensors")
    #expect(lines[2] == "001")
  }

  /// The run was moved to another folder, machine or container.
  @Test("a run that moved with its model and data resumes, and can be tested from any folder")
  func movedProject() throws {
    let folder = try project()
    let before = try Program.run(["test", "project/runs/net/001"], in: folder)
    #expect(before.output.hasPrefix("train_loss "))
    let moved = try Program.shell("mkdir elsewhere && mv project elsewhere/p2", in: folder)
    #expect(moved.exitCode == 0)
    for run in ["elsewhere/p2/runs/net/001", "elsewhere/p2/runs/net/latest"] {
      let tested = try Program.run(["test", run], in: folder)
      #expect(tested.output == before.output, "\(tested.errors)")
    }
    let predicted = try Program.run(
      [
        "predict", "elsewhere/p2/runs/net/001", "--input", "elsewhere/p2/data/t.csv", "--output",
        "y.csv",
      ], in: folder)
    #expect(predicted.exitCode == 0, "\(predicted.errors)")
    let resumed = try Program.shell(
      "cd elsewhere/p2 && $dlrun net.yaml --resume --set solver.max_iter=8", in: folder)
    #expect(
      resumed.errors
        == "resumes after iteration 5, from runs/net/001/checkpoints/00000005.safetensors\n")
    #expect(resumed.output.hasPrefix("8 iterations, the last 3 of them in "))
    // The run's model file is a complete model.
    let again = try Program.run(
      ["elsewhere/p2/runs/net/001/model.yaml", "--quiet", "--output", "again"], in: folder)
    #expect(again.exitCode == 0, "\(again.errors)")
    for name in ["history.csv", "weights.safetensors"] {
      #expect(
        try folder.bytes("again/\(name)") == folder.bytes("elsewhere/p2/runs/net/001/\(name)"))
    }
    #expect(try Program.run(["test", "again"], in: folder).exitCode == 0)
  }

  @Test("a run that moved without its data finds the data at the old place")
  func movedRun() throws {
    let folder = try project()
    let before = try Program.run(["test", "project/runs/net/001"], in: folder)
    let moved = try Program.shell("mkdir -p far/away && mv project/runs far/away", in: folder)
    #expect(moved.exitCode == 0)
    let tested = try Program.run(["test", "far/away/runs/net/001"], in: folder)
    #expect(tested.output == before.output, "\(tested.errors)")
    let resumed = try Program.run(
      ["project/net.yaml", "--resume", "far/away/runs/net/001", "--set", "solver.max_iter=6"],
      in: folder)
    #expect(
      resumed.errors
        == "resumes after iteration 5, from far/away/runs/net/001/checkpoints/00000005.safetensors\n"
    )
    #expect(resumed.output.hasPrefix("6 iterations, the last 1 of them in "))
  }

  @Test("data at another path are compared by content")
  func movedData() throws {
    let folder = try project(
      RunFolderTests.model.replacingOccurrences(of: "data/t.csv", with: "'${data}/t.csv'")
        + "variables: {data: data}\n")
    let before = try folder.bytes("project/runs/net/001/history.csv")
    let moved = try Program.shell(
      "cd project && mv data other && mkdir wrong && sed s/4,0/4,1/ other/t.csv > wrong/t.csv",
      in: folder)
    #expect(moved.exitCode == 0)
    func resumed(_ path: String) throws -> Program.Result {
      try Program.shell(
        "cd project && $dlrun net.yaml --resume --set variables.data=\(path)", in: folder)
    }
    let wrong = try resumed("wrong")
    #expect(wrong.exitCode == 1)
    #expect(
      wrong.errors.hasPrefix(
        "error: runs/net/001/checkpoints/00000005.safetensors: the checkpoint was made with "
          + "other examples: "))
    for path in ["other", folder.file("project/other")] {
      let right = try resumed(path)
      #expect(right.exitCode == 0)
      // The run made no update, so that the checkpoint still belongs to the first run.
      #expect(
        right.errors == """
          resumes after iteration 5, from runs/net/001/checkpoints/00000005.safetensors
          data.train.file: "data/t.csv", now "\(path)/t.csv": the examples are the same

          """)
    }
    #expect(try folder.bytes("project/runs/net/001/history.csv") == before)
  }

  @Test("a renamed model file resumes the named run")
  func renamedModel() throws {
    let folder = try project()
    let result = try Program.shell(
      "cd project && mv net.yaml better.yaml && $dlrun better.yaml --resume runs/net/001",
      in: folder)
    #expect(
      result.errors
        == "resumes after iteration 5, from runs/net/001/checkpoints/00000005.safetensors\n")
  }

  @Test("models without Latin letters in their names have separate folders")
  func names() throws {
    let folder = try project()
    let files = ["модель-а.yaml", "модель-б.yaml", "模型.yaml", "my net.yaml", "my_net.yaml"]
    for file in files {
      try folder.write(RunFolderTests.model, to: "project/\(file)")
      let result = try Program.shell("cd project && $dlrun '\(file)' --quiet", in: folder)
      #expect(result.exitCode == 0, "\(result.errors)")
    }
    for name in ["модель-а", "модель-б", "模型", "my_net", "my_net-55bf7807", "net"] {
      #expect(folder.holds("project/runs/\(name)/001/weights.safetensors"), "\(name)")
      #expect(!folder.holds("project/runs/\(name)/002"), "\(name)")
    }
  }

  @Test("a history can be followed while it grows", .timeLimit(.minutes(2)))
  func followed() throws {
    let folder = try project()
    let result = try Program.shell(
      """
      cd project
      $dlrun net.yaml --quiet --set solver.max_iter=1000000000 --set solver.display=1000 --set solver.snapshot=auto &
      training=$!
      history=runs/net/002/history.csv
      for look in {1..300}; do [ -s $history ] && break; sleep 0.1; done
      tail --lines=+1 --follow $history > seen &
      tail=$!
      for look in {1..300}; do [ $(wc --lines < seen) -gt 3 ] && break; sleep 0.1; done
      # tail reads the rows that exist now within a second.
      wc --lines < $history
      sleep 3
      kill $tail
      wc --lines < $history
      kill -9 $training
      wait
      cmp --bytes $(stat --format %s seen) seen $history && tail --bytes=1 seen | od -An -tx1
      """, in: folder)
    let lines = result.output.split(separator: "\n").map { $0.split(separator: " ").joined() }
    try #require(lines.count == 3, "\(result.output) \(result.errors)")
    let (first, second) = (try #require(Int(lines[0])), try #require(Int(lines[1])))
    #expect(first > 3 && second > first)
    #expect(lines[2] == "0a")
    let seen = try folder.text("project/seen").split(separator: "\n")
    #expect(seen.allSatisfy { $0.split(separator: ",").count == 4 })
  }
}
