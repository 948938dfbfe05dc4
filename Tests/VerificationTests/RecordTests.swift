import Files
import Oracles
import RunOracles
import Runs
import Testing
import Training
import Verification

@Suite("A record") struct RecordTests {
  private func record(_ text: String, threads: Int = 1) throws -> Record {
    var options = RunOptions()
    options.threads = threads
    return try RecordedTraining(try prepared(text), options: options).run(
      tolerance: Record.standardTolerance
    ).record
  }

  @Test("survives the round trip through its text", arguments: SoundModel.own)
  func readsBack(model: SoundModel) throws {
    let record = try model.record()
    #expect(try Record(text: record.text, name: "a.csv") == record)
    let elsewhere = record.text.replacing("\n", with: "\r\n")
    #expect(try Record(text: elsewhere, name: "a.csv") == record)
  }

  @Test("is the same in a repetition and for any number of threads", arguments: SoundModel.own)
  func isTheSame(model: SoundModel) throws {
    let text = try model.record().text
    for threads in [1, 3] { #expect(try record(try model.text(), threads: threads).text == text) }
  }

  @Test("begins with the properties of the whole training")
  func comments() throws {
    let record = try SoundModel.perceptron.record()
    let lines = record.text.split(separator: "\n").map(String.init)
    let names = lines.prefix { $0.hasPrefix("# ") }.map { line in
      line.dropFirst(2).split(separator: ": ", maxSplits: 1).first.map(String.init) ?? ""
    }
    #expect(
      names == [
        "dlrun record", "version", "seed", "arithmetic", "tolerance", "model", "data", "end",
        "iterations", "history", "weights", "rows", "reached loss", "reached train_loss",
        "reached train_accuracy", "reached test_loss", "reached test_accuracy",
        "reached best_test_loss", "reached best_test_accuracy",
      ])
    #expect(lines.contains("# dlrun record: 1"))
    #expect(lines.contains("# version: \(Version.dlrun)"))
    #expect(lines.contains("# seed: 1"))
    #expect(lines.contains("# tolerance: 0.05"))
    #expect(lines.contains("# end: completed"))
    #expect(lines.contains("# iterations: 40"))
    #expect(lines.contains("# rows: all"))
    #expect(
      lines[names.count] == "iteration,epoch,learning_rate,loss,test_loss,test_accuracy")
    #expect(lines.count == names.count + 1 + 40)
  }

  /// The rows equal those of a run's history.
  @Test("has the rows of the history for any display interval")
  func rows() throws {
    let trainer = try trainer(SoundModel.perceptron.text())
    #expect(trainer.run { _ in true } == .completed)
    let shown = try record(
      SoundModel.perceptron.text().replacing("shards: 1", with: "shards: 1\n  display: 7"))
    #expect(shown.text == (try SoundModel.perceptron.record()).text)
    #expect(shown.text.hasSuffix(trainer.history.csv))
  }

  /// The training has 1000 iterations and 250 tests.
  @Test("of a long training keeps some rows")
  func someRows() throws {
    let text = spiralModel(
      test: "{source: spiral, points_per_class: 4}",
      solver: "base_lr: 0.1, max_iter: 1000, test_interval: 4")
    let record = try record(text)
    let expected = (1...1000).filter { $0 <= 20 || $0 % 5 == 0 || $0 % 8 == 0 }
    #expect(record.rows.map(\.iteration) == expected)
    #expect(record.kept == "1 to 20, one of 5, each test of 2, the last")
    #expect(record.rows.count <= 20 + 200 + 200)
    #expect(try Record(text: record.text, name: "a.csv") == record)
  }

  /// The record keeps the last row, although no stride selects it.
  @Test("keeps the last row") func lastRow() throws {
    let record = try record(spiralModel(solver: "base_lr: 0.1, max_iter: 203"))
    #expect(record.rows.map(\.iteration).suffix(2) == [202, 203])
    #expect(record.kept == "1 to 20, one of 2, each test, the last")
  }

  @Test("states why a training stopped early")
  func earlyStop() throws {
    let record = try record(
      spiralModel(
        test: "{source: spiral}",
        solver:
          "base_lr: 0, max_epochs: 9, early_stop: {metric: test_accuracy, patience: 1}"))
    #expect(record.end == "stopped early, test_accuracy did not improve in 1 test")
    #expect(record.iterations < 30)
    #expect(try Record(text: record.text, name: "a.csv") == record)
  }

  @Test(
    "lies beside its model",
    arguments: [
      ("models/a.yaml", "models/a.expected.csv"), ("b.yml", "b.expected.csv"),
      ("c.d", "c.d.expected.csv"),
    ]) func path(model: String, record: String)
  {
    #expect(Record.path(ofModel: model) == record)
  }

  private static let sound = """
    # dlrun record: 1
    # version: 0.1.0
    # seed: 1
    # arithmetic: 1
    # tolerance: 0.01
    # model: crc32:00000001
    # data: crc32:00000002
    # end: completed
    # iterations: 2
    # history: crc32:00000003
    # weights: crc32:00000004
    # rows: all
    # reached loss: 0.5
    iteration,epoch,learning_rate,loss
    1,1,0.1,1.5
    2,1,0.1,0.5

    """

  @Test(
    "is refused if it is not a record",
    arguments: [
      ("# seed: 1\n", "", "r.csv:1: expected a record of dlrun with '# seed: …'"),
      ("record: 1", "record: 2", "r.csv:1: expected a record of format 1, received 2"),
      ("# seed: 1", "# seed 1", "r.csv:3: expected '# key: value', received '# seed 1'"),
      ("# seed: 1", "# sed: 1", "r.csv:3: unknown or repeated 'sed'"),
      ("# seed: 1", "# : ", "r.csv:3: unknown or repeated ''"),
      ("# seed: 1", "# ", "r.csv:3: expected '# key: value', received '# '"),
      ("# seed: 1", "# seed: 1\n# seed: 1", "r.csv:4: unknown or repeated 'seed'"),
      ("seed: 1", "seed: one", "r.csv:1: seed: expected a number, received 'one'"),
      (
        "tolerance: 0.01", "tolerance: 2",
        "r.csv:1: tolerance: expected a number from 1e-06 to 0.5, received 2.0"
      ),
      (
        "tolerance: 0.01", "tolerance: nan",
        "r.csv:1: tolerance: expected a number from 1e-06 to 0.5, received nan"
      ),
      ("reached loss: 0.5", "reached loss: much", "r.csv:13: expected a number, received 'much'"),
      (
        "2,1,0.1,0.5", "2,1,0.1",
        "r.csv:16: expected a row of numbers like the first row, received '2,1,0.1'"
      ),
      (
        "2,1,0.1,0.5", "2,1,0.1,low",
        "r.csv:16: expected a row of numbers like the first row, received '2,1,0.1,low'"
      ),
      (
        "1,1,0.1,1.5", "\u{1B}",
        "r.csv:15: expected a row of numbers like the first row, received '\\u{1B}'"
      ),
      ("\n1,1,0.1,1.5\n2,1,0.1,0.5", "", "r.csv:15: expected at least one row"),
      (
        "\niteration,epoch,learning_rate,loss\n1,1,0.1,1.5\n2,1,0.1,0.5\n", "",
        "r.csv:14: expected the names of the history's columns"
      ),
    ]) func isRefused(part: String, replacement: String, message: String) throws
  {
    #expect(try Record(text: RecordTests.sound, name: "r.csv").rows.count == 2)
    try #require(RecordTests.sound.contains(part))
    let text = RecordTests.sound.replacing(part, with: replacement)
    do {
      _ = try Record(text: text, name: "r.csv")
      Issue.record("is taken for a record")
    } catch {
      #expect(error.rendered == "error: \(message)")
    }
  }

  /// Rows with one or few cells do not reach the comparison.
  @Test("without a loss is refused") func fewCells() throws {
    let text = RecordTests.sound.replacing("1,1,0.1,1.5\n2,1,0.1,0.5", with: "1\n2")
    let record = try Record(text: text, name: "r.csv")
    let comparison = RecordComparison(record, try SoundModel.perceptron.record())
    #expect(!comparison.differences.isEmpty)
  }
}
