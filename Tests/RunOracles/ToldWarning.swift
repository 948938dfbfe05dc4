package import Oracles
package import Runs
internal import Testing
package import Training
internal import YAML

/// A warning in the form that a user sees, without the folder's path.
package struct ToldWarning {
  package let kind: Warning.Kind
  package let layer: String?
  package let text: String
}

/// The warnings of a run in their order.
package func warnings(
  of text: String, in folder: TemporaryFolder? = nil,
  _ change: (inout RunOptions) -> Void = { _ in }
) throws -> [ToldWarning] {
  let folder = try folder ?? TemporaryFolder()
  try folder.write(text, to: "model.yaml")
  var options = RunOptions.oneThread
  options.output = folder.file("run")
  change(&options)
  let training = try TrainingRun(path: folder.file("model.yaml"), options: options)
  var told: [ToldWarning] = []
  _ = try training.run(
    report: { _ in },
    warn: { warning in
      let text = warning.diagnostic.rendered.replacing("\(folder.path)/", with: "")
      told.append(ToldWarning(kind: warning.kind, layer: warning.layer, text: text))
    })
  #expect(told.count == training.warnings.count)
  return told
}
