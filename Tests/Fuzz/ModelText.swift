import DataFiles
import DataSources
import ModelFiles
import Networks
import YAML

/// Reads a model file from YAML text, and makes the networks of both phases.
///
/// The text that `expand` writes for an accepted model must be readable, and give the same model.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let file = model(bytes) else { return 0 }
  let text = file.resolved().yaml
  guard let again = model(Array(text.utf8)) else {
    preconditionFailure("the written model is refused:\n\(text)")
  }
  precondition(
    again.resolved().yaml == text, "the written model differs after reading:\n\(text)")
  buildNetworks(of: file)
  return 0
}

private func model(_ bytes: [UInt8]) -> ModelFile? {
  do throws(Diagnostics) {
    return try ModelFile.read(try Node.parse(bytes, name: "fuzz.yaml"), path: "fuzz.yaml")
  } catch {
    precondition(error.hasErrors && !error.rendered.isEmpty, "a refusal without a message")
    return nil
  }
}

private func buildNetworks(of file: ModelFile) {
  let train = file.data.train
  guard
    let signature = try? train.signature(directory: "", seed: file.seed, phase: .train)
  else { return }
  var diagnostics = Diagnostics()
  let training = Graph(
    file, phase: .train, signature: signature, batchSize: train.batchSize, &diagnostics)
  let testing = Graph(
    file, phase: .test, signature: signature, batchSize: file.data.test?.batchSize ?? 1,
    sharing: training, &diagnostics)
  precondition(
    training != nil && testing != nil || diagnostics.hasErrors, "a network that is refused silently"
  )
  guard let training, let testing else { return }
  let estimate = MemoryEstimate(
    file, parameters: training.parameters, plans: [(training, .training), (testing, .testing)],
    isTraining: true, copyCount: 1, dataBytes: 0)
  precondition(!(estimate.total < 0), "a network of less than no memory")
}
