import DataFiles
import DataSources
import Files
import Kernels
import ModelFiles
import Networks
import Plans
import Tensors
import Threads
import YAML

/// Parses the formula of a layer, binds it to tensors of several shapes, differentiates and runs
/// it.
///
/// Two runs of an accepted formula must give the same bits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: start, count: count)
  guard let formula = String(validating: bytes, as: UTF8.self) else { return 0 }
  guard let file = model(Node.text(formula).json) else { return 0 }
  do {
    let (first, second) = (try loss(of: file), try loss(of: file))
    precondition(first == second, "two runs of a formula differ")
  } catch {
    preconditionFailure("an accepted formula does not run: \(error)")
  }
  return 0
}

/// - Parameter formula: The formula as a JSON string.
private func model(_ formula: String) -> ModelFile? {
  let text = """
    data:
      train: {source: xor, points_per_quadrant: 1, batch_size: 3, shuffle: false}
    network:
      - {name: p, type: Parameter, shape: [1], filler: {type: constant, value: 0.5}}
      - {name: q, type: Parameter, shape: [3, 2], filler: {type: uniform, min: -2, max: 2}}
      - {name: y, type: Expression, bottom: [data, p, q], loss_weight: 1,
         formula: \(formula)}
    solver: {base_lr: 0.1, max_iter: 1}
    """
  do throws(Diagnostics) {
    return try ModelFile.read(try Node.parse(Array(text.utf8), name: "fuzz"), path: "fuzz.yaml")
  } catch {
    precondition(error.hasErrors && !error.rendered.isEmpty, "a refusal without a message")
    return nil
  }
}

/// Returns the bits of the loss and of the parameters' gradients. Empty when the shapes do not fit.
private func loss(of file: ModelFile) throws -> [UInt64] {
  let parts = try loadParts(train: file.data.train, test: nil, directory: "", seed: 1)
  let signature = try file.data.train.signature(directory: "", seed: 1, phase: .train)
  var diagnostics = Diagnostics()
  guard
    let graph = Graph(file, phase: .train, signature: signature, batchSize: 3, &diagnostics)
  else {
    precondition(diagnostics.hasErrors, "a formula that is refused silently")
    return []
  }
  let store = try ParameterStore(graph.parameters, forTraining: true)
  try store.fill(seed: 1)
  let source = try BatchSource(parts.train, batchSize: 3, shuffles: false, seed: 1)
  source.begin(epoch: 0)
  try source.select(batch: 0)
  let plan = try NetworkPlan(
    graph, purpose: .differentiation, store: store, source: source, shards: 1,
    cache: ImplementationCache())
  plan.plan.run(on: Workers(count: 1))
  let gradients = graph.parameters.indices.flatMap { index in
    store.gradient(index).map { view in (0..<view.count).map { UInt64(view[$0].bitPattern) } } ?? []
  }
  return [plan.loss.bitPattern] + gradients
}
