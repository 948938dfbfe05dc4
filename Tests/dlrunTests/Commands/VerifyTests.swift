import Files
import Foundation
import FoundationXML
import Oracles
import Testing

/// Tests `dlrun record` and `dlrun verify` as in continuous integration.
@Suite struct VerifyTests {
  private static let model = """
    name: small
    data:
      train: {source: spiral, points_per_class: 20, batch_size: 16}
    network:
      - {name: ip1, type: Linear, num_output: 8}
      - {name: relu1, type: ReLU}
      - {name: ip2, type: Linear, num_output: 3}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.5, max_epochs: 3}

    """

  /// Returns a folder with three models: one with its record, one that differs from its record, and
  /// one without a record.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.makeFolder("models")
    for name in ["a", "b", "c"] { try folder.write(VerifyTests.model, to: "models/\(name).yaml") }
    let result = try Program.run(["record", "models/a.yaml", "models/b.yaml"], in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
    #expect(result.errors.isEmpty)
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("models/a.expected.csv: 12 iterations, loss 0."))
    #expect(lines[1].hasPrefix("models/b.expected.csv: 12 iterations, loss 0."))
    try folder.write(
      VerifyTests.model.replacing("base_lr: 0.5", with: "base_lr: 0.25"), to: "models/b.yaml")
    return folder
  }

  @Test func printsATable() throws {
    let folder = try folder()
    let before = folder.contents
    let result = try Program.run(["verify", "models"], in: folder)
    #expect(result.exitCode == 5)
    #expect(
      result.errors.replacing(/[0-9]+\.[0-9]{3} s/, with: "TIME") == """
        models/a.yaml: same, TIME
        models/b.yaml: different, TIME
        models/c.yaml: failed, TIME
        error: 2 of 3 models failed

        """)
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    #expect(
      lines.prefix(4) == [
        "model          result     compared     iterations",
        "models/a.yaml  same       bit for bit          12",
        "models/b.yaml  different  bit for bit          12",
        "models/c.yaml  failed     -                     -",
      ])
    #expect(lines[4...5] == ["", "models/b.yaml:"])
    #expect(lines[6] == "  the model was changed since it was recorded")
    #expect(
      lines[7] == "  iteration 1, learning_rate: recorded 0.5, now 0.25")
    #expect(
      lines.suffix(4) == [
        "", "models/c.yaml:",
        "  error: 'models/c.yaml' has no record 'models/c.expected.csv': 'dlrun record' makes one",
        "",
      ])
    // The command writes no files.
    #expect(folder.contents == before)
  }

  @Test func passesIfAllResultsAreTheSame() throws {
    let folder = try folder()
    let result = try Program.run(["verify", "models/a.yaml"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.errors.hasPrefix("models/a.yaml: same, "))
    #expect(
      result.output
        == "model          result  compared     iterations\n"
        + "models/a.yaml  same    bit for bit          12\n")
  }

  @Test func printsJSON() throws {
    let folder = try folder()
    let result = try Program.run(["verify", "models", "--json"], in: folder)
    #expect(result.exitCode == 5)
    let record = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let document = try #require(record as? [String: Any])
    #expect(document["passed"] as? Bool == false)
    let models = try #require(document["models"] as? [[String: Any]])
    #expect(
      models.map { $0["model"] as? String } == ["models/a.yaml", "models/b.yaml", "models/c.yaml"])
    #expect(models.map { $0["result"] as? String } == ["same", "different", "failed"])
    #expect(models.map { $0["compared"] as? String } == ["bit for bit", "bit for bit", nil])
    #expect(models.map { $0["iterations"] as? Int } == [12, 12, nil])
    let differences = try #require(models[1]["differences"] as? [[String: Any]])
    #expect(differences[0]["kind"] as? String == "model")
    #expect(differences[1]["kind"] as? String == "history")
    #expect(differences[1]["iteration"] as? Int == 1)
    #expect(differences[1]["column"] as? String == "learning_rate")
    #expect(differences[1]["recorded"] as? String == "0.5")
    #expect(differences[1]["now"] as? String == "0.25")
    #expect(
      models[2]["error"] as? String
        == "error: 'models/c.yaml' has no record 'models/c.expected.csv': 'dlrun record' makes one")
  }

  @Test func writesJUnit() throws {
    let folder = try folder()
    let result = try Program.run(["verify", "models", "--junit", "out.xml"], in: folder)
    #expect(result.exitCode == 5)
    let lines = try junit("out.xml", in: folder).split(separator: "\n").map(String.init)
    #expect(
      lines.prefix(5) == [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "<testsuites tests=\"3\" failures=\"1\" errors=\"1\" time=\"TIME\">",
        "<testsuite name=\"dlrun verify\" tests=\"3\" failures=\"1\" errors=\"1\" skipped=\"0\" "
          + "time=\"TIME\">",
        "<testcase classname=\"models\" name=\"models/a.yaml\" file=\"models/a.yaml\" "
          + "time=\"TIME\"/>",
        lines[4],
      ])
    let begin =
      "<testcase classname=\"models\" name=\"models/b.yaml\" file=\"models/b.yaml\" time=\"TIME\">"
      + "<failure message=\"the model was changed since it was recorded; iteration 1, "
      + "learning_rate: recorded 0.5, now 0.25; "
    #expect(lines[4].hasPrefix(begin), "\(lines[4])")
    #expect(lines[4].hasSuffix("\">the model was changed since it was recorded"))
    #expect(lines[5] == "iteration 1, learning_rate: recorded 0.5, now 0.25")
    // The message contains each difference of the text.
    for line in lines[5...].prefix(while: { !$0.hasPrefix("<testcase") }) {
      #expect(lines[4].contains(line.replacing("</failure></testcase>", with: "")), "\(line)")
    }
    let error =
      "error: &#39;models/c.yaml&#39; has no record &#39;models/c.expected.csv&#39;: "
      + "&#39;dlrun record&#39; makes one"
    #expect(
      lines.suffix(3) == [
        "<testcase classname=\"models\" name=\"models/c.yaml\" file=\"models/c.yaml\" time=\"TIME\">"
          + "<error message=\"\(error)\">\(error)</error></testcase>", "</testsuite>",
        "</testsuites>",
      ])
    #expect(XMLParser(data: Data(try folder.bytes("out.xml"))).parse())
  }

  /// Returns the file with fixed times, because its own vary.
  private func junit(_ name: String, in folder: TemporaryFolder) throws -> String {
    try folder.text(name).replacing(/time="[0-9]+\.[0-9]{3}"/, with: "time=\"TIME\"")
  }

  /// Commands do not train or record a skipped model. Each command counts and lists it.
  @Test func listsSkippedModels() throws {
    let folder = try folder()
    try folder.write(
      VerifyTests.model + "verify: false\nverify_reason: MNIST does not ship\n",
      to: "models/c.yaml")
    folder.remove("models/b.yaml")
    folder.remove("models/b.expected.csv")
    let result = try Program.run(
      ["verify", "models", "models/c.yaml", "--junit", "out.xml"], in: folder)
    #expect(result.exitCode == 0)
    #expect(
      result.output == """
        model          result   compared     iterations
        models/a.yaml  same     bit for bit          12
        models/c.yaml  skipped  -                     -

        1 of 2 models skipped:
          models/c.yaml: MNIST does not ship

        """)
    #expect(
      try junit("out.xml", in: folder).contains(
        "<testcase classname=\"models\" name=\"models/c.yaml\" file=\"models/c.yaml\" "
          + "time=\"TIME\"><skipped message=\"MNIST does not ship\"/></testcase>"))
    #expect(try junit("out.xml", in: folder).contains(" skipped=\"1\" "))
    let json = try Program.run(["verify", "models", "--json"], in: folder)
    let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(document?["skipped"] as? Int == 1)
    #expect(document?["passed"] as? Bool == true)
    let models = try #require(document?["models"] as? [[String: Any]])
    #expect(models[1]["result"] as? String == "skipped")
    #expect(models[1]["reason"] as? String == "MNIST does not ship")
    let record = try Program.run(["record", "models"], in: folder)
    #expect(record.exitCode == 0)
    #expect(
      record.output == """
        models/a.expected.csv: already exists, unchanged
        models/c.yaml: skipped: MNIST does not ship
        1 of 2 models skipped

        """)
    // An override enables the verification of the model.
    let trained = try Program.run(
      ["record", "models/c.yaml", "--set", "verify=true"], in: folder)
    #expect(trained.exitCode == 0)
    #expect(trained.output.hasPrefix("models/c.expected.csv: 12 iterations, loss 0."))
  }

  @Test func aSkippedModelNeedsAReason() throws {
    let folder = try TemporaryFolder()
    try folder.write(VerifyTests.model + "verify: false\n", to: "a.yaml")
    try folder.write(VerifyTests.model + "verify_reason: slow\n", to: "b.yaml")
    let bare = try Program.run(["check", "a.yaml"], in: folder)
    #expect(bare.exitCode == 1)
    #expect(
      bare.errors == """
        a.yaml:10:9: error: verify: false needs a 'verify_reason', which says why the model is \
        not verified
           10 | verify: false
              |         ^

        """)
    let lone = try Program.run(["check", "b.yaml"], in: folder)
    #expect(lone.exitCode == 1)
    #expect(
      lone.errors == """
        b.yaml:10:16: error: verify_reason: expected 'verify: false' with it
           10 | verify_reason: slow
              |                ^

        """)
    // A run keeps the setting of its file.
    let run = try Program.run(
      ["a.yaml", "--set", "verify_reason=it takes hours", "--output", "run"], in: folder)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(
      try folder.text("run/model.yaml").contains(
        "\nverify: false\nverify_reason: it takes hours\n"))
  }

  @Test func refusesAPathForJUnitBeforeTraining() throws {
    let folder = try folder()
    let result = try Program.run(
      ["verify", "models", "--junit", "nowhere/out.xml"], in: folder)
    #expect(result.exitCode == 4)
    #expect(result.output == "")
    #expect(
      result.errors == "error: cannot write 'nowhere/out.xml': No such file or directory\n")
  }

  @Test(arguments: ["2", "7"]) func printsTheSameForAnyNumberOfJobs(jobs: String) throws {
    let folder = try folder()
    let one = try Program.run(["verify", "models", "--junit", "1.xml"], in: folder)
    let many = try Program.run(
      ["verify", "models", "--jobs", jobs, "--junit", "2.xml"], in: folder)
    #expect(many.output == one.output)
    #expect(many.exitCode == one.exitCode)
    #expect(try junit("2.xml", in: folder) == (try junit("1.xml", in: folder)))
  }

  @Test func rewritesRecordsWithUpdate() throws {
    let folder = try folder()
    let update = try Program.run(["verify", "models", "--update"], in: folder)
    // The third model still has no record.
    #expect(update.exitCode == 5)
    #expect(update.output.contains("\nmodels/b.yaml  rewritten  -"))
    #expect(try Program.run(["verify", "models/b.yaml"], in: folder).exitCode == 0)
    let again = try Program.run(["record", "models/b.yaml"], in: folder)
    #expect(again.exitCode == 1)
    #expect(
      again.errors
        == "error: 'models/b.expected.csv' already exists: 'dlrun verify --update' replaces it\n")
  }

  @Test func comparesWithinToleranceWithAnotherArithmetic() throws {
    let folder = try folder()
    let record = try folder.text("models/a.expected.csv")
    try folder.write(
      record.replacing("# arithmetic: 1\n", with: "# arithmetic: 0\n"),
      to: "models/a.expected.csv")
    let result = try Program.run(["verify", "models/a.yaml"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.output.contains("\nmodels/a.yaml  same    within tolerance          12\n"))
  }

  @Test func overridesExceptPathsChangeTheModel() throws {
    let folder = try folder()
    let result = try Program.run(["verify", "models/a.yaml", "--set", "seed=2"], in: folder)
    #expect(result.exitCode == 5)
    #expect(result.output.contains("\n  the model was changed since it was recorded\n"))
    #expect(result.output.contains("\n  seed: recorded 1, now 2\n"))
  }

  @Test func setsTheToleranceOfARecord() throws {
    let folder = try TemporaryFolder()
    try folder.write(VerifyTests.model, to: "a.yaml")
    let result = try Program.run(["record", "a.yaml", "--tolerance", "0.05"], in: folder)
    #expect(result.exitCode == 0)
    #expect(try folder.text("a.expected.csv").contains("\n# tolerance: 0.05\n"))
  }

  @Test func recordsValidModelsAndEndsWithTheGreatestCode() throws {
    let folder = try TemporaryFolder()
    try folder.write(VerifyTests.model, to: "a.yaml")
    try folder.write("name: b\n", to: "b.yaml")
    let result = try Program.run(["record", "missing.yaml", "b.yaml", "a.yaml"], in: folder)
    #expect(result.exitCode == 4)
    #expect(
      result.errors.hasPrefix("error: cannot read 'missing.yaml': No such file or directory\n"))
    #expect(result.output.hasPrefix("a.expected.csv: 12 iterations"))
    #expect(folder.contents == ["a.expected.csv", "a.yaml", "b.yaml"])
  }

  /// The project's CI verifies the whole folder. Each model has a record or a reason to be skipped.
  @Test func everyShippedModelIsVerifiedOrHasAReason() throws {
    let script = try String(contentsOfFile: "\(Program.package)/.ci/run", encoding: .utf8)
    #expect(script.contains("\nrun .build/release/dlrun verify --jobs 2 models\n"))
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(Program.package)/models")
    let models = files.filter { $0.hasSuffix(".yaml") }.map { $0.replacing(".yaml", with: "") }
    let unverified = try models.filter { name in
      let text = try String(contentsOfFile: Program.model(name), encoding: .utf8)
      return text.contains(/\nverify: false\nverify_reason: .+\n/)
    }
    #expect(
      unverified.sorted() == [
        "autoencoder_mnist", "cifar10_augmented", "cifar10_quick", "digits_images", "lenet",
        "mlp_mnist", "resnet20", "siamese_mnist",
      ])
    let records = files.filter { $0.hasSuffix(".expected.csv") }
    #expect(
      records.sorted()
        == models.filter { !unverified.contains($0) }.map { "\($0).expected.csv" }.sorted())
    let listed = try Program.run(
      ["verify"] + unverified.sorted().map(Program.model), in: TemporaryFolder())
    #expect(listed.exitCode == 0)
    #expect(listed.output.contains("\n8 of 8 models skipped:\n"))
    // The records are short.
    for record in records {
      let size =
        try FileManager.default.attributesOfItem(
          atPath: "\(Program.package)/models/\(record)")[.size] as? Int
      #expect(try #require(size) < 40_000, "\(record)")
    }
  }
}
