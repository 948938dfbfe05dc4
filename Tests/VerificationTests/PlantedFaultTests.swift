import Fields
import ModelFiles
import Oracles
import RunOracles
import Testing
import Training
import Verification
import YAML

/// `verify` must notice mistakes in dlrun.
///
/// Each fault is planted, and must show in the results of the training. A difference of the model
/// does not count.
@Suite("A planted fault", .tags(.slow)) struct PlantedFaultTests {
  /// The differences in the results. Empty if the fault was not found.
  private func findings(_ fault: PlantedFault, _ record: Record) throws -> [Difference] {
    var verifier = Verifier()
    verifier.run = .oneThread
    let faulty = try fault.plant(fault.model)
    let verification = try verifier.verify(faulty, path: "model.yaml", against: record)
    guard case .different(let differences) = verification.outcome else { return [] }
    return differences.filter { ![.model, .data].contains($0.kind) }
  }

  @Test("is caught", arguments: PlantedFault.all)
  func isCaught(fault: PlantedFault) throws {
    #expect(!(try findings(fault, try fault.model.record())).isEmpty)
  }

  /// The record states another arithmetic.
  @Test("is caught with another arithmetic", arguments: PlantedFault.all)
  func isCaughtElsewhere(fault: PlantedFault) throws {
    var record = try fault.model.record()
    record.arithmetic = 0
    #expect(try findings(fault, record).isEmpty == fault.isWithinTolerance)
  }

  /// Without this test, the tests above would prove nothing.
  @Test("is absent from the sound model", arguments: SoundModel.own)
  func isNone(model: SoundModel) throws {
    var verifier = Verifier()
    verifier.run = .oneThread
    let record = try model.record()
    for arithmetic in [Version.arithmetic, 0] {
      var record = record
      record.arithmetic = arithmetic
      let verification = try verifier.verify(
        try model.variant(), path: "model.yaml", against: record)
      #expect(verification.messages.isEmpty)
      #expect(verification.result == "same")
      #expect(
        verification.standard == (arithmetic == 0 ? .tolerance : .bits))
    }
  }

  /// A wrapper without a fault equals the sound model, so that the wrapper is not the difference.
  @Test("is not caused by the wrapper") func isNotTheWrapper() throws {
    let sound = SoundModel.perceptron
    var file = try sound.variant().file
    file.network[0].layer = FaultyLayer(
      file.network[0].layer, .parameterGradient(0) { $0 })
    file.solver.solver = FaultySolver(file.solver.solver, .sumsBatches(1))
    file.solver.policy.value = LatePolicy(file.solver.policy.value, by: 0)
    let now = try RecordedTraining(try PreparedModel(file), options: .oneThread).run(
      tolerance: Record.standardTolerance
    ).record
    let record = try sound.record()
    #expect(now.history == record.history)
    #expect(now.weights == record.weights)
    #expect(now.model != record.model)
  }

  @Test("is one of many faults") func count() {
    #expect(PlantedFault.shipped.count >= 20)
    #expect(Set(PlantedFault.all.map(\.testDescription)).count == PlantedFault.all.count)
  }
}
