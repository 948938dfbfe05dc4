import Oracles
import RunOracles
import Runs
import Testing
import Training

@Suite("The files of a run during the training") struct RunFilesTests {
  @Test("begin with the model file, which shows whether the run began with weights")
  func model() throws {
    for (beginsWithWeights, text) in [(false, "model"), (true, "# began with --weights\nmodel")] {
      let folder = try TemporaryFolder()
      let parts = try RunParts(snapshotModel("max_iter: 3"))
      _ = try parts.files(in: folder, beginsWithWeights: beginsWithWeights)
      #expect(folder.contents.sorted() == ["run/", "run/model.yaml"])
      #expect(try folder.text("run/model.yaml") == text)
    }
  }

  @Test("include a history that grows by whole rows, whose length checkpoints store")
  func history() throws {
    let folder = try TemporaryFolder()
    let parts = try RunParts(snapshotModel("max_iter: 3"))
    let files = try parts.files(in: folder)
    var history = History(testNames: [], rows: 2, tests: 0)
    for row in 1...2 {
      history.append(iteration: row, epoch: 0, learningRate: 0.5, loss: 1)
      try files.write(history)
      #expect(try folder.text("run/history.csv") == history.csv)
    }
    let length = try files.writeDurably(history)
    #expect((length.rows, length.bytes) == (2, history.csv.utf8.count))
    #expect(try folder.text("run/history.csv") == history.csv)
  }
}
