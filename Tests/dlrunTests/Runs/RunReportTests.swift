import Oracles
import Testing

/// Tests the content of `report.html` and `run.json`.
@Suite struct RunReportTests {
  private func train(
    _ solver: String, expect: String = "{}", in folder: TemporaryFolder
  ) throws -> Program.Result {
    try folder.write("a,b,label\n1,2,yes\n3,1,no\n2,2,yes\n4,0,no\n", to: "t.csv")
    try folder.write(
      """
      data:
        train: {source: csv, file: t.csv, target: label, batch_size: 4}
        test: {source: csv, file: t.csv, target: label, batch_size: 4}
      network:
      - {name: ip, type: Linear, num_output: 2}
      - {name: loss, type: SoftmaxWithLoss}
      - {name: confusion, type: ConfusionMatrix, phase: test}
      - {name: f1, type: F1Score, phase: test}
      - {name: share, type: Accuracy, phase: test, per_class: true}
      solver: \(solver)
      expect: \(expect)

      """, to: "net.yaml")
    return try Program.run(["net.yaml", "--output", "run"], in: folder)
  }

  @Test func usesTheNamesOfClasses() throws {
    let folder = try TemporaryFolder()
    let result = try train("{base_lr: 0.1, max_iter: 5}", in: folder)
    #expect(result.exitCode == 0, "\(result.errors)")
    let record = try folder.text("run/run.json")
    let page = try folder.text("run/report.html")
    for part in ["train", "test"] {
      for table in ["confusion", "f1", "share"] {
        let text = try #require(record.firstRange(of: "\"\(part)_\(table)\": {"))
        let rows = record[text.upperBound...].prefix(400)
        #expect(rows.contains("\"name\": \"no\""), "\(part)_\(table)")
        let start = try #require(page.firstRange(of: "<h2>\(part)_\(table)</h2>"))
        let section = page[start.upperBound...].prefix(600)
        #expect(section.contains("<td>no</td>") && section.contains("<td>yes</td>"))
      }
      let start = try #require(record.firstRange(of: "\"\(part)_confusion\": {"))
      #expect(record[start.upperBound...].prefix(60).contains("\"columns\": [\"no\", \"yes\"]"))
    }
    // This is the legend of the decision boundary.
    let boundary = try folder.text("run/boundary.svg")
    #expect(boundary.contains(">no</text>") && boundary.contains(">yes</text>"))
    #expect(!boundary.contains("class 0"))
  }

  @Test func saysWhichExpectationsAreMet() throws {
    let folder = try TemporaryFolder()
    let result = try train(
      "{base_lr: 0.1, max_iter: 200}", expect: "{test_share: \">= 2\", test_loss: \"<= 100\"}",
      in: folder)
    #expect(result.exitCode == 5)
    let page = try folder.text("run/report.html")
    #expect(page.contains("<li class=\"unmet\">test_share &gt;= 2.0: NOT MET, received 1.0</li>"))
    #expect(page.contains("<li>test_loss &lt;= 100.0: met, received "))
    let record = try folder.text("run/run.json")
    #expect(
      record.contains(
        """
              "metric": "test_share",
              "expected": ">= 2.0",
              "received": 1.0,
              "met": false
        """))
    #expect(record.contains("\"met\": true"))
  }

  /// The charts of a diverged run show the finite values and the divergence.
  @Test func showsARunThatDiverged() throws {
    let folder = try TemporaryFolder()
    let result = try train(
      "{base_lr: 1e6, weight_decay: 1000, max_iter: 50, test_interval: 10}",
      expect: "{test_share: \">= 0.5\"}",
      in: folder)
    #expect(result.exitCode == 3)
    let last = try #require(try folder.text("run/history.csv").split(separator: "\n").last)
    let iteration = try #require(last.split(separator: ",").first)
    let page = try folder.text("run/report.html")
    #expect(page.contains("diverged at iteration \(iteration)"))
    #expect(page.contains("role=\"alert\">diverged: iteration \(iteration): "))
    #expect(page.contains("no values before the divergence"))
    #expect(
      page.contains("<li class=\"unmet\">test_share &gt;= 0.5: NOT MET, received none</li>"))
    #expect(try folder.text("run/run.json").contains("\"met\": false"))
  }
}
