import Oracles
import RunOracles
import Runs
import Testing
import Training

@Suite("Tests that cannot be the best") struct UnrankedTestsTests {
  private static func model(_ train: String, test: String, metric: String) -> String {
    """
    data:
      train: {source: csv, file: \(train), target: y, task: regression, batch_size: 4}
      test: {source: csv, file: \(test), target: y, task: regression, batch_size: 4}
    solver: {base_lr: 0.01, max_iter: 6, test_interval: 2}
    network:
      - {name: ip, type: Linear, num_output: 1}
      - {name: loss, type: EuclideanLoss}
      - {name: score, type: \(metric), phase: test}

    """
  }

  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("x,y\n1,2\n2,4\n3,5\n4,9\n", to: "varies.csv")
    try folder.write("x,y\n5,2\n6,2\n7,2\n8,2\n", to: "stays.csv")
    try folder.write("x,y\n5,6\n6,3\n7,8\n8,4\n", to: "others.csv")
    return folder
  }

  @Test("are reported at the metric, with the missing file")
  func notANumber() throws {
    let folder = try UnrankedTestsTests.folder()
    let text = UnrankedTestsTests.model("varies.csv", test: "stays.csv", metric: "R2")
    let told = try warnings(of: text, in: folder)
    #expect(told.map(\.kind) == [.unrankedTests])
    #expect(told.first?.layer == "score")
    #expect(
      told.first?.text == """
        model.yaml:8:5: warning: layer 'score' (R2): 'test_score' was nan in 3 of 3 tests; such a test is never the best; dlrun writes no best.safetensors
            8 |   - {name: score, type: R2, phase: test}
              |     ^
        """)
    #expect(!folder.holds("run/best.safetensors"))
    let record = try folder.text("run/run.json")
    #expect(record.contains("\"kind\": \"unranked_tests\""))
  }

  @Test("are not reported if the metric is a number")
  func number() throws {
    let folder = try UnrankedTestsTests.folder()
    for (test, metric) in [("others.csv", "R2"), ("stays.csv", "RMSE")] {
      let text = UnrankedTestsTests.model("varies.csv", test: test, metric: metric)
      #expect(try warnings(of: text, in: folder) { $0.overwrites = true }.isEmpty)
      #expect(folder.holds("run/best.safetensors"))
    }
  }
}
