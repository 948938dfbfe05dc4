import Files
import ModelFiles
import Oracles
import RunOracles
import Runs
import Testing
import Training

@Suite("A schedule of another length") struct ChangedScheduleTests {
  /// Sixteen updates in four epochs of four batches.
  private static func model(_ policy: String, _ length: String = "max_epochs: 4") -> String {
    """
    data:
      train: {source: spiral, points_per_class: 8, batch_size: 6}
    solver: {base_lr: 0.1, lr_policy: \(policy), snapshot: 4, \(length)}
    network:
      - {name: ip, type: Linear, num_output: 3}
      - {name: loss, type: SoftmaxWithLoss}
    """
  }

  /// Resumes a run of four epochs. Returns the warnings and the rates of its updates.
  private func told(
    _ text: String, _ overrides: [String] = [], goingOnAs longer: String? = nil
  ) throws -> (warnings: [ToldWarning], rates: [Double]) {
    let folder = try TemporaryFolder()
    _ = try warnings(of: text, in: folder)
    let told = try warnings(of: longer ?? text, in: folder) { options in
      options.output = nil
      options.resume = .path(folder.file("run"))
      options.overrides = overrides.compactMap { try? Override($0) }
    }
    let lines = try folder.text("run/history.csv").split(separator: "\n").dropFirst()
    return (
      told.filter { $0.kind == .changedSchedule },
      lines.compactMap { line in
        Double(line.split(separator: ",")[2])
      }
    )
  }

  @Test("is reported at the option, with both rates and the field that keeps the old end")
  func option() throws {
    let (told, rates) = try told(
      ChangedScheduleTests.model("one_cycle"), ["solver.max_epochs=8"])
    #expect(rates.count == 32)
    #expect(
      told.map(\.text) == [
        """
        --set:1:19: warning: max_epochs: 'one_cycle' ended after 4 epochs until now: the learning rate \
        jumps from 4e-07 at update 16 to 0.0754 at update 17; \
        'lr_length: 4 epochs' keeps the old end
            1 | solver.max_epochs=8
              |                   ^
        """
      ])
    #expect(rates[15] < 1e-6)
    #expect(rates[16] > 0.05)
  }

  @Test(
    "is reported for each policy that ends with the training",
    arguments: ["one_cycle", "cosine", "linear", "poly", "{type: poly, power: 2}"])
  func policies(policy: String) throws {
    let text = ChangedScheduleTests.model(policy)
    let longer = ChangedScheduleTests.model(policy, "max_epochs: 8")
    #expect(try told(text, goingOnAs: longer).warnings.count == 1)
    // With the old end, the schedule is unchanged, and the rate is constant after it.
    let kept = try told(
      text, goingOnAs: ChangedScheduleTests.model(policy, "max_epochs: 8, lr_length: 4 epochs"))
    #expect(kept.warnings.isEmpty)
    #expect(kept.rates.count == 32)
    #expect(kept.rates[16...].allSatisfy { $0 <= kept.rates[15] }, "\(kept.rates)")
    #expect(Set(kept.rates[16...]).count == 1)
  }

  @Test(
    "is not reported if the rates are unchanged",
    arguments: [
      "fixed", "{type: step, stepsize: 3}", "{type: exp, gamma: 0.9}", "inverse_sqrt",
      "{type: cosine, length: 2 epochs}", "{type: one_cycle, length: 4 epochs}",
      "{type: linear, length: 16}", "{type: linear, end_lr: 0.1}", "plateau",
    ])
  func none(policy: String) throws {
    let longer = ChangedScheduleTests.model(policy, "max_iter: 24")
    #expect(try told(ChangedScheduleTests.model(policy), goingOnAs: longer).warnings.isEmpty)
  }

  /// A warm-up states its own length in epochs, which does not depend on the training's length.
  @Test("is not reported for a warm-up") func warmup() throws {
    let text = ChangedScheduleTests.model(
      "fixed", "max_epochs: 4, warmup: {length: 2 epochs}")
    #expect(try told(text, ["solver.max_epochs=8"]).warnings.isEmpty)
  }
}
