import Expressions
import Files
import Oracles
import RunOracles
import Testing
import Training
import Verification

@Suite("A verifier") struct VerifierTests {
  static let model = spiralModel(
    test: "{source: spiral, points_per_class: 10}", solver: "base_lr: 0.5, max_epochs: 8")

  func folder(_ models: [String: String], recorded: Set<String>? = nil) throws
    -> TemporaryFolder
  {
    let folder = try TemporaryFolder()
    for (name, text) in models {
      try folder.write(text, to: name)
      guard recorded?.contains(name) ?? true else { continue }
      try record(folder.file(name))
    }
    return folder
  }

  /// Records one model by its own path.
  func record(_ path: String) throws(RunFailure) {
    var failure: RunFailure?
    Recorder(options: .oneThread, tolerance: 0.01).record([path]) { _, outcome in
      if case .failed(let error) = outcome { failure = error }
    }
    if let failure { throw failure }
  }

  func verify(
    _ paths: [String], in folder: TemporaryFolder, jobs: Int = 1, rewrites: Bool = false
  ) -> [Verification] {
    var verifier = Verifier()
    verifier.run = .oneThread
    verifier.jobs = jobs
    verifier.rewrites = rewrites
    return verifier.verify(paths.map(folder.file))
  }

  /// The messages about one model, without the folder's path.
  func findings(_ path: String, in folder: TemporaryFolder) -> [String] {
    verify([path], in: folder).flatMap(\.messages).map {
      $0.replacing("\(folder.path)/", with: "").replacing(folder.path, with: ".")
    }
  }

  /// The line of a record that states the arithmetic of this dlrun.
  static let arithmetic = "# arithmetic: \(Version.arithmetic)"

  func change(
    _ name: String, in folder: TemporaryFolder, _ part: String, to replacement: String
  ) throws {
    let text = try folder.text(name)
    try #require(text.contains(part), "\(part) in \(text)")
    try folder.write(text.replacing(part, with: replacement), to: name)
  }

  @Test("finds the recorded results, and writes nothing")
  func same() throws {
    let folder = try folder(["a.yaml": VerifierTests.model])
    let before = try folder.text("a.expected.csv")
    let verification = try #require(verify(["a.yaml"], in: folder).first)
    #expect(verification.messages.isEmpty)
    #expect(verification.result == "same")
    #expect(verification.standard == .bits)
    #expect(verification.iterations == 32)
    #expect(verification.exitCode == 0)
    #expect(folder.contents == ["a.expected.csv", "a.yaml"])
    #expect(try folder.text("a.expected.csv") == before)
  }

  @Test("fails without a record") func noRecord() throws {
    let folder = try folder(["a.yaml": VerifierTests.model], recorded: [])
    #expect(
      findings("a.yaml", in: folder) == [
        "error: 'a.yaml' has no record 'a.expected.csv': 'dlrun record' makes one"
      ])
    #expect(verify(["a.yaml"], in: folder).map(\.exitCode) == [5])
    // --update fails as well, because it replaces only existing records.
    #expect(verify(["a.yaml"], in: folder, rewrites: true).map(\.exitCode) == [5])
    #expect(folder.contents == ["a.yaml"])
  }

  @Test("fails without a model") func noModel() throws {
    let folder = try folder(["a.yaml": VerifierTests.model])
    #expect(
      findings("b.yaml", in: folder) == [
        "error: cannot read 'b.yaml': No such file or directory"
      ])
    #expect(verify(["b.yaml"], in: folder).map(\.exitCode) == [4])
  }

  @Test("fails in a folder without models") func emptyFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "README.md")
    let verifications = Verifier().verify([folder.path])
    #expect(verifications.map(\.exitCode) == [1])
    #expect(
      verifications.flatMap(\.messages) == [
        "error: the folder '\(folder.path)' holds no model file"
      ])
  }

  @Test("verifies every model of a folder, by name")
  func wholeFolder() throws {
    let folder = try folder(
      ["b.yaml": VerifierTests.model, "a.yml": VerifierTests.model, "c.yaml": "name: c\n"],
      recorded: ["a.yml", "b.yaml"])
    try folder.write("", to: "d.expected.csv")
    try folder.write("", to: "notes.txt")
    let verifications = Verifier().verify([folder.path + "/"])
    #expect(
      verifications.map { $0.model.replacing("\(folder.path)/", with: "") } == [
        "a.yml", "b.yaml", "c.yaml", "d.expected.csv",
      ])
    #expect(verifications.map(\.result) == ["same", "same", "failed", "failed"])
    // The third model has mistakes, which come before its missing record.
    #expect(verifications.map(\.exitCode) == [0, 0, 1, 1])
    #expect(
      verifications[3].messages == [
        "error: '\(folder.path)/d.expected.csv' is a record without a model"
      ])
  }

  @Test("fails if two models have one record") func twins() throws {
    let folder = try folder(["a.yaml": VerifierTests.model])
    try folder.write(VerifierTests.model, to: "a.yml")
    let verifications = verify([""], in: folder)
    #expect(verifications.map(\.result) == ["same", "failed"])
    #expect(
      verifications[1].messages == [
        "error: '\(folder.path)/a.yml' has the same record as '\(folder.path)/a.yaml'"
      ])
  }

  @Test("fails if the data are missing") func noData() throws {
    let text = """
      data:
        train: {source: csv, file: table.csv, target: y}
      network: [{name: ip1, type: Linear, num_output: 2}, {name: loss, type: SoftmaxWithLoss}]
      solver: {base_lr: 0.1, max_iter: 3}
      """
    let folder = try TemporaryFolder()
    try folder.write(text, to: "a.yaml")
    try folder.write("x,y\n1,a\n2,b\n", to: "table.csv")
    try record(folder.file("a.yaml"))
    #expect(verify(["a.yaml"], in: folder).map(\.result) == ["same"])
    // The same table at another path has no effect.
    try folder.makeFolder("data")
    try folder.write("x,y\n1,a\n2,b\n", to: "data/table.csv")
    try change("a.yaml", in: folder, "table.csv", to: "data/table.csv")
    #expect(verify(["a.yaml"], in: folder).map(\.result) == ["same"])
    try folder.write("x,y\n1,a\n2,a\n3,b\n", to: "data/table.csv")
    #expect(
      findings("a.yaml", in: folder).first == "the examples differ from those of the record")
    try change("a.yaml", in: folder, "data/table.csv", to: "none.csv")
    let verification = try #require(verify(["a.yaml"], in: folder).first)
    #expect(verification.result == "failed")
    #expect(verification.exitCode != 0)
    #expect(verification.messages.first?.contains("none.csv") ?? false)
  }

  @Test("fails with an invalid record") func noSuchRecord() throws {
    let folder = try folder(["a.yaml": VerifierTests.model], recorded: [])
    try folder.write("iteration,epoch\n1,1\n", to: "a.expected.csv")
    #expect(
      findings("a.yaml", in: folder) == [
        "error: a.expected.csv:1: expected a record of dlrun with '# dlrun record: …'"
      ])
    #expect(verify(["a.yaml"], in: folder).map(\.exitCode) == [1])
  }

  @Test("names the first iteration that differs, with both values")
  func firstIteration() throws {
    let folder = try folder(["a.yaml": VerifierTests.model])
    let record = try Record(path: folder.file("a.expected.csv"))
    let row = record.rows[6].cells.joined(separator: ",")
    let loss = record.rows[6].cells[3]
    for place in [6, 9] {
      let old = record.rows[place].cells.joined(separator: ",")
      let new = old.replacing(record.rows[place].cells[3], with: "0.25")
      try change("a.expected.csv", in: folder, "\n\(old)\n", to: "\n\(new)\n")
    }
    #expect(!row.isEmpty)
    #expect(
      findings("a.yaml", in: folder) == [
        "iteration 7, loss: recorded 0.25, now \(loss); all recorded values up to iteration 6 are equal"
      ])
    let verification = try #require(verify(["a.yaml"], in: folder).first)
    #expect(verification.exitCode == 5)
    guard case .different(let differences) = verification.outcome else {
      Issue.record("no difference")
      return
    }
    #expect(differences.map(\.kind) == [.history])
    #expect(differences.map(\.iteration) == [7])
    #expect(differences.map(\.column) == ["loss"])
    #expect(differences.map(\.recorded) == ["0.25"])
    #expect(differences.map(\.now) == [loss])
  }

  /// A key of the record, and the difference for another value.
  @Test(
    "reports every kind of difference",
    arguments: [
      ("weights", "weights: recorded crc32:00000000, now NOW"),
      ("history", "history: the recorded rows are equal, but rows between them differ"),
      ("data", "the examples differ from those of the record"),
      ("model", "the model was changed since it was recorded"),
    ]) func digests(key: String, message: String) throws
  {
    let folder = try folder(["a.yaml": VerifierTests.model])
    let text = try folder.text("a.expected.csv")
    let line = try #require(
      text.split(separator: "\n").first { $0.hasPrefix("# \(key): ") }.map(String.init))
    let now = line.replacing("# \(key): ", with: "")
    try change("a.expected.csv", in: folder, line, to: "# \(key): crc32:00000000")
    #expect(findings("a.yaml", in: folder) == [message.replacing("NOW", with: now)])
  }

  @Test("reports that scores differ") func scores() throws {
    let folder = try folder(["a.yaml": VerifierTests.model])
    let record = try Record(path: folder.file("a.expected.csv"))
    let score = try #require(record.scores.first { $0.name == "train_accuracy" })
    try change(
      "a.expected.csv", in: folder, "# reached train_accuracy: \(score.value)",
      to: "# reached train_accuracy: 0.125")
    #expect(
      findings("a.yaml", in: folder) == ["train_accuracy: recorded 0.125, now \(score.value)"])
  }

  @Test("notices another model") func otherModel() throws {
    let folder = try folder(["a.yaml": VerifierTests.model])
    try change("a.yaml", in: folder, "max_epochs: 8", to: "max_epochs: 7")
    let findings = findings("a.yaml", in: folder)
    #expect(
      findings.prefix(2) == [
        "the model was changed since it was recorded", "iterations: recorded 32, now 28",
      ])
    #expect(findings.last?.hasPrefix("weights: recorded crc32:") ?? false)
    #expect(verify(["a.yaml"], in: folder).map(\.exitCode) == [5])
  }

  /// Comments, names, display and snapshots change no number.
  @Test("accepts changes of the model that change no number") func sameModel() throws {
    let folder = try folder(["a.yaml": VerifierTests.model])
    try change("a.yaml", in: folder, "name: spiral", to: "# A comment.\nname: other")
    try change("a.yaml", in: folder, "base_lr: 0.5,", to: "base_lr: 0.5, momentum: 0, display: 5,")
    try folder.write(
      (try folder.text("a.yaml")) + "expect: {loss: \"<= 9\"}\n", to: "a.yaml")
    #expect(findings("a.yaml", in: folder).isEmpty)
    #expect(verify(["a.yaml"], in: folder).map(\.result) == ["same"])
  }

  @Test("checks the expectations of the file") func expectation() throws {
    let folder = try folder(["a.yaml": VerifierTests.model])
    let text = VerifierTests.model + "expect: {train_accuracy: \">= 1.5\"}\n"
    try folder.write(text, to: "a.yaml")
    let accuracy = try #require(
      try Record(path: folder.file("a.expected.csv")).scores.first { $0.name == "train_accuracy" })
    let line = text.split(separator: "\n").count
    #expect(
      findings("a.yaml", in: folder) == [
        """
        a.yaml:\(line):10: error: expect: train_accuracy: expected >= 1.5, received \(accuracy.value)
           \(line) | expect: {train_accuracy: ">= 1.5"}
              |          ^
        """
      ])
    #expect(verify(["a.yaml"], in: folder).map(\.exitCode) == [5])
    // The verifier never records a run that misses its expectations.
    let before = try folder.text("a.expected.csv")
    #expect(verify(["a.yaml"], in: folder, rewrites: true).map(\.exitCode) == [5])
    #expect(try folder.text("a.expected.csv") == before)
  }

  @Test("reports a training that diverges") func divergence() throws {
    let folder = try folder(["a.yaml": VerifierTests.model])
    try change("a.yaml", in: folder, "base_lr: 0.5", to: "base_lr: 1000000, weight_decay: 1")
    let verification = try #require(verify(["a.yaml"], in: folder).first)
    #expect(verification.exitCode == 5)
    #expect(verification.messages.first?.hasPrefix("diverged: iteration ") ?? false)
  }

  /// An iteration, the factor of its loss, and whether the result is within tolerance.
  @Test(
    "compares within tolerance with another arithmetic",
    arguments: [
      (7, 1.00008, true), (7, 1.0002, false), (30, 1.008, true), (30, 1.02, false),
    ]) func tolerance(iteration: Int, factor: Double, isNear: Bool) throws
  {
    let folder = try folder(["a.yaml": VerifierTests.model])
    let record = try Record(path: folder.file("a.expected.csv"))
    try change("a.expected.csv", in: folder, VerifierTests.arithmetic, to: "# arithmetic: 0")
    let cells = record.rows[iteration - 1].cells
    let loss = try #require(Double(cells[3]))
    var changed = cells
    changed[3] = "\(Float(loss * factor))"
    try change(
      "a.expected.csv", in: folder, "\n" + cells.joined(separator: ",") + "\n",
      to: "\n" + changed.joined(separator: ",") + "\n")
    let verification = try #require(verify(["a.yaml"], in: folder).first)
    #expect(verification.standard == .tolerance)
    #expect(verification.result == (isNear ? "same" : "different"), "\(verification.messages)")
  }

  @Test("compares neither weights nor examples with another arithmetic")
  func digestsElsewhere() throws {
    let folder = try folder(["a.yaml": VerifierTests.model])
    let record = try Record(path: folder.file("a.expected.csv"))
    for digest in [record.weights, record.data, record.history] {
      try change("a.expected.csv", in: folder, digest, to: "crc32:00000000")
    }
    #expect(verify(["a.yaml"], in: folder).map(\.result) == ["different"])
    try change("a.expected.csv", in: folder, VerifierTests.arithmetic, to: "# arithmetic: 0")
    #expect(verify(["a.yaml"], in: folder).map(\.result) == ["same"])
    try change("a.expected.csv", in: folder, record.model, to: "crc32:00000000")
    #expect(
      findings("a.yaml", in: folder) == ["the model was changed since it was recorded"])
  }

  /// An incomplete record passes with no arithmetic.
  @Test("notices missing rows and cells of a record", arguments: [true, false])
  func missingRows(isAnother: Bool) throws {
    let folder = try folder(["a.yaml": VerifierTests.model])
    let record = try Record(path: folder.file("a.expected.csv"))
    if isAnother {
      try change("a.expected.csv", in: folder, VerifierTests.arithmetic, to: "# arithmetic: 0")
    }
    let text = try folder.text("a.expected.csv")
    let row = record.rows[4].cells.joined(separator: ",")
    try folder.write(text.replacing("\n\(row)\n", with: "\n"), to: "a.expected.csv")
    #expect(findings("a.yaml", in: folder) == ["rows: recorded 31, now 32 others"])
    let rows = record.rows.map { $0.cells.joined(separator: ",") + "\n" }.joined()
    let short = record.rows.map { $0.cells.prefix(3).joined(separator: ",") + "\n" }.joined()
    try #require(text.contains(rows))
    try folder.write(text.replacing(rows, with: short), to: "a.expected.csv")
    #expect(findings("a.yaml", in: folder).first == "cells of iteration 1: recorded 3, now 6")
  }

  /// Single losses may differ, but not all in the same direction.
  @Test("compares the mean of later losses with another arithmetic")
  func mean() throws {
    let folder = try folder([
      "a.yaml": VerifierTests.model.replacing("max_epochs: 8", with: "max_iter: 150")
    ])
    let record = try Record(path: folder.file("a.expected.csv"))
    try change("a.expected.csv", in: folder, VerifierTests.arithmetic, to: "# arithmetic: 0")
    let text = try folder.text("a.expected.csv")
    func shifted(_ factor: (Int) -> Double) -> String {
      record.rows.reduce(text) { text, row in
        guard row.iteration > 100, let loss = Double(row.cells[3]) else { return text }
        var cells = row.cells
        cells[3] = "\(Float(loss * factor(row.iteration)))"
        return text.replacing(
          "\n" + row.cells.joined(separator: ",") + "\n",
          with: "\n" + cells.joined(separator: ",") + "\n")
      }
    }
    try folder.write(shifted { $0 == 120 ? 1.2 : 1 }, to: "a.expected.csv")
    #expect(findings("a.yaml", in: folder).isEmpty)
    try folder.write(shifted { _ in 1.2 }, to: "a.expected.csv")
    let findings = findings("a.yaml", in: folder)
    #expect(findings.count == 1)
    #expect(
      findings.first?.hasPrefix("mean of the recorded losses from iteration 21 on: recorded ")
        ?? false)
  }
}
