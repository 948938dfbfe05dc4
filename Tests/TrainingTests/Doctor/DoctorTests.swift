import DataSources
import ModelFiles
import Networks
import Oracles
import RunOracles
import Runs
import Testing
import Training

@Suite("The doctor") struct DoctorTests {
  /// The models trigger every check: dead units, gradients, and a constant loss.
  private static let models = [
    spiralModel(solver: "base_lr: 0.5, max_iter: 200"),
    spiralModel(
      network: [
        "name: ip1, type: Linear, num_output: 8, weight_filler: {type: constant, value: 0.1}",
        "name: norm, type: BatchNorm", "name: relu1, type: ReLU", "name: drop, type: Dropout",
        "name: ip2, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
      ], solver: "type: Adam, base_lr: 0.01, max_iter: 200, iter_size: 3, shards: 4"),
    spiralModel(
      network: [
        "name: ip1, type: Linear, num_output: 8, bias_filler: {type: constant, value: -100}",
        "name: relu1, type: ReLU", "name: ip2, type: Linear, num_output: 3",
        "name: loss, type: SoftmaxWithLoss",
      ], solver: "base_lr: 1e-9, max_iter: 1500, weight_decay: 0.1, ema: 0.9"),
    spiralModel(solver: "base_lr: 50, max_iter: 200, weight_decay: 0.01"),
  ]

  @Test("changes no bit of the run", arguments: models)
  func sameBits(text: String) throws {
    func train(_ isWatched: Bool) throws -> (Trainer, Doctor?, Trainer.Outcome) {
      let model = try prepared(text)
      let file = model.file
      let (train, test, _) = try loadParts(
        train: file.data.train, test: file.data.test, directory: ".", seed: file.seed)
      let trainer = try Trainer(model, train: train, test: test, threads: 2)
      let doctor = isWatched ? try Doctor(of: trainer) : nil
      doctor?.begin(trainer, train: train, test: test, hasWeights: false)
      return (trainer, doctor, trainer.run { _ in true })
    }
    let (watched, doctor, end) = try train(true)
    let (alone, _, otherEnd) = try train(false)
    #expect(doctor != nil && end == otherEnd)
    #expect(watched.history.losses.map(\.bitPattern) == alone.history.losses.map(\.bitPattern))
    for index in alone.store.parameters.indices {
      let values = (watched.store.rowMajor(index), alone.store.rowMajor(index))
      #expect(values.0.map(\.bitPattern) == values.1.map(\.bitPattern))
    }
  }

  @Test("reports each kind once, in the order of the run")
  func order() throws {
    let told = try warnings(of: DoctorTests.models[2])
    #expect(told.map(\.kind) == [.stagnantLoss, .deadUnits])
    #expect(try warnings(of: DoctorTests.models[1]).map(\.kind) == [.equalWeights])
  }

  @Test("stores its warnings in run.json, as an empty list without warnings")
  func record() throws {
    let folder = try TemporaryFolder()
    _ = try warnings(of: DoctorTests.models[1], in: folder)
    let record = try folder.text("run/run.json")
    #expect(
      record.contains(
        """
          "warnings": [
            {
              "kind": "equal_weights",
              "layer": "ip1",
              "place": "\(folder.path)/model.yaml:6:61",
              "message": "layer 'ip1' (Linear): all 16 weights begin as 0.1, so that
        """))
    _ = try warnings(of: DoctorTests.models[0], in: folder) { $0.overwrites = true }
    #expect(try folder.text("run/run.json").contains("\n  \"warnings\": [],\n"))
  }
}
