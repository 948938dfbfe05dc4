internal import DataFiles
internal import DataSources
package import Files
internal import Kernels
internal import ModelFiles
internal import Networks
internal import Plans
internal import Tensors

extension PreparedModel {
  /// Returns the plan of a training step on a full batch, and of its update, as text.
  ///
  /// The function does not read examples.
  ///
  /// - Throws: ``RunFailure`` if the memory does not suffice.
  package func planText() throws(RunFailure) -> String {
    do throws(KernelError) {
      let store = try ParameterStore(training.parameters, forTraining: true)
      let cache = ImplementationCache()
      let plan = try NetworkPlan(
        training, purpose: .training, store: store, source: try batchOfZeros(),
        shards: file.solver.shards, cache: cache)
      let update = try UpdatePlan(store, file.solver, cache: cache)
      return "forward and backward\n\(plan.plan.text)\n\nupdate\n\(update.text)"
    } catch {
      throw .environment(error.message)
    }
  }

  /// Makes a batch of zeros, because a plan binds its operands to the memory of a data set.
  private func batchOfZeros() throws(KernelError) -> BatchSource {
    let count = training.batchSize
    let tensors = try signature.tops.map { top throws(KernelError) in
      guard let zeros = FloatStorage(count: count * top.width) else {
        throw KernelError("no memory for a batch of examples")
      }
      return ExampleTensor(top, .floats(zeros))
    }
    return try BatchSource(
      Dataset(count: count, tensors), batchSize: count, shuffles: false, seed: 0)
  }
}
