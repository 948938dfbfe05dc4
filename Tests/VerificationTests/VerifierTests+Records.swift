import Files
import Oracles
import RunOracles
import Testing
import Training
import Verification

extension VerifierTests {
  @Test("rewrites a record on request") func rewrites() throws {
    let folder = try folder(["a.yaml": VerifierTests.model])
    #expect(verify(["a.yaml"], in: folder, rewrites: true).map(\.result) == ["same"])
    try change("a.yaml", in: folder, "base_lr: 0.5", to: "base_lr: 0.4")
    #expect(verify(["a.yaml"], in: folder).map(\.result) == ["different"])
    #expect(verify(["a.yaml"], in: folder, rewrites: true).map(\.result) == ["rewritten"])
    #expect(verify(["a.yaml"], in: folder).map(\.result) == ["same"])
    #expect(folder.contents == ["a.expected.csv", "a.yaml"])
  }

  @Test("keeps a valid record byte for byte") func keeps() throws {
    let folder = try folder(["a.yaml": VerifierTests.model])
    let written = try folder.text("a.expected.csv")
    // Another version made the record, on another system.
    let text = written.replacing("# version: ", with: "# version: 0.0.").replacing(
      "\n", with: "\r\n")
    try folder.write(text, to: "a.expected.csv")
    #expect(verify(["a.yaml"], in: folder, rewrites: true).map(\.result) == ["same"])
    #expect(try folder.text("a.expected.csv") == text)
  }

  @Test("renews a valid record of another arithmetic") func renews() throws {
    let folder = try folder(["a.yaml": VerifierTests.model])
    let written = try folder.text("a.expected.csv")
    try folder.write(
      written.replacing(VerifierTests.arithmetic, with: "# arithmetic: 0"), to: "a.expected.csv")
    #expect(verify(["a.yaml"], in: folder).map(\.result) == ["same"])
    #expect(verify(["a.yaml"], in: folder, rewrites: true).map(\.result) == ["rewritten"])
    #expect(try folder.text("a.expected.csv") == written)
  }

  @Test("skips a model that states so, and lists it") func skips() throws {
    let skipped = VerifierTests.model + "verify: false\nverify_reason: it takes hours\n"
    let folder = try folder(
      ["a.yaml": VerifierTests.model, "b.yaml": skipped], recorded: ["a.yaml"])
    for paths in [[""], ["a.yaml", "b.yaml"]] {
      let verifications = verify(paths, in: folder, rewrites: true)
      #expect(verifications.map(\.result) == ["same", "skipped"])
      #expect(verifications.map(\.exitCode) == [0, 0])
      #expect(verifications.map(\.skipReason) == [nil, "it takes hours"])
    }
    #expect(folder.contents == ["a.expected.csv", "a.yaml", "b.yaml"])
    var outcomes: [String] = []
    Recorder(options: .oneThread, tolerance: 0.01).record([folder.path]) { _, outcome in
      switch outcome {
      case .recorded: outcomes.append("recorded")
      case .kept: outcomes.append("kept")
      case .skipped(let reason): outcomes.append(reason)
      case .failed(let failure): outcomes.append(failure.rendered)
      }
    }
    #expect(outcomes == ["kept", "it takes hours"])
    #expect(folder.contents == ["a.expected.csv", "a.yaml", "b.yaml"])
    // The verifier still reports mistakes of a skipped model, and refuses a record of it.
    try folder.write(skipped + "sovler: {}\n", to: "b.yaml")
    #expect(verify(["b.yaml"], in: folder).map(\.exitCode) == [1])
    try folder.write(skipped, to: "b.yaml")
    try folder.write("", to: "b.expected.csv")
    #expect(
      findings("b.yaml", in: folder) == [
        "error: 'b.expected.csv' is never compared, because 'b.yaml' states 'verify: false'"
      ])
  }

  @Test("records only new models that meet their expectations") func records() throws {
    let folder = try folder(["a.yaml": VerifierTests.model])
    let before = try folder.text("a.expected.csv")
    func failure(_ name: String) -> String {
      do throws(RunFailure) {
        try record(folder.file(name))
        return ""
      } catch {
        return "\(error.exitCode) \(error.rendered.replacing("\(folder.path)/", with: ""))"
      }
    }
    #expect(
      failure("a.yaml")
        == "1 error: 'a.expected.csv' already exists: 'dlrun verify --update' replaces it")
    #expect(try folder.text("a.expected.csv") == before)
    try folder.write(
      VerifierTests.model.replacing("base_lr: 0.5", with: "base_lr: 1000000, weight_decay: 1"),
      to: "b.yaml")
    #expect(failure("b.yaml").hasPrefix("3 error: iteration "))
    try folder.write(
      VerifierTests.model + "expect: {train_accuracy: \">= 1.5\"}\n", to: "c.yaml")
    #expect(failure("c.yaml").hasPrefix("5 c.yaml:"))
    #expect(folder.contents == ["a.expected.csv", "a.yaml", "b.yaml", "c.yaml"])
  }

  @Test("gives the same results for any number of jobs") func jobs() throws {
    var models: [String: String] = [:]
    for number in 1...6 {
      models["m\(number).yaml"] = VerifierTests.model.replacing(
        "base_lr: 0.5", with: "base_lr: 0.\(number)")
    }
    let folder = try folder(models)
    try change("m2.yaml", in: folder, "base_lr: 0.2", to: "base_lr: 0.25")
    try folder.write("nonsense", to: "m4.yaml")
    let expected = verify([""], in: folder)
    #expect(
      expected.map(\.result) == ["same", "different", "same", "failed", "same", "same"])
    for jobs in [2, 3, 50] {
      let verifications = verify([""], in: folder, jobs: jobs)
      #expect(Verification.json(verifications) == Verification.json(expected))
      #expect(Verification.table(verifications) == Verification.table(expected))
    }
  }
}
