import AllocationCounter
import DataSources
import Glibc
import ModelFiles
import Oracles
import RunOracles
import Testing
import Training
import YAML

@Suite("A trainer's iteration") struct TrainerStepTests {
  /// Trains on the spiral, and counts the allocations of 1,000 iterations between two tests.
  @Test(
    "does not allocate, history, progress and inspections of the doctor included",
    .enabled(if: allocation_counting_is_available()),
    arguments: [
      "base_lr: 0.1, momentum: 0.9",
      """
      type: NAdam, base_lr: 0.01, ema: 0.99, show_regularization: true, weight_decay: 0.001,
        warmup: {length: 1000}, lr_policy: {type: plateau, metric: test_accuracy, patience: 1},
        early_stop: {metric: test_loss, patience: 100}
      """,
      "type: LAMB, base_lr: 0.001, lr_policy: {type: one_cycle, three_phase: true}",
    ])
  func allocations(fields: String) async {
    await #expect(processExitsWith: .success) { [fields = fields as String] in
      let text = """
        data:
          train: {source: spiral, points_per_class: 50, batch_size: 20}
          test: {source: spiral, points_per_class: 50, batch_size: 20}
        network:
        - {name: ip1, type: Linear, num_output: 20}
        - {name: relu1, type: ReLU}
        - {name: ip2, type: Linear, num_output: 3}
        - {name: loss, type: SoftmaxWithLoss}
        - {name: accuracy, type: Accuracy, phase: test}
        solver: {\(fields), max_iter: 1500, test_interval: 200, iter_size: 2}
        """
      let document = try Node.parse(Array(text.utf8), name: "spiral.yaml")
      let model = try PreparedModel(document, path: "spiral.yaml")
      let (train, test, _) = try loadParts(
        train: model.file.data.train, test: model.file.data.test, directory: ".", seed: 1)
      let trainer = try Trainer(model, train: train, test: test, threads: 2)
      let doctor = try Doctor(of: trainer)
      doctor.begin(trainer, train: train, test: test, hasWeights: false)
      var counts: [Int: Int] = [:]
      counts.reserveCapacity(8)
      // Between the tests after 400 and 600, 600 and 800, and so on, the last batch of an epoch is
      // short.
      let outcome = trainer.run { progress in
        switch progress.iteration % 200 {
        case 1 where progress.iteration > 200: allocation_counting_begin()
        case 199 where progress.iteration > 200:
          counts[progress.iteration / 200] = allocation_counting_end()
        default: break
        }
        return true
      }
      #expect(outcome == .completed)
      #expect(counts == [1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0])
      #expect(doctor.warnings.isEmpty)
    }
  }
}
