package import Files
package import Inspection
package import Networks
import Oracles
internal import Runs

/// Prepares the first step of a model file's text.
package func firstStep(
  _ text: String, weights: Safetensors? = nil, input: Safetensors? = nil,
  purposes: [NetworkPlan.Purpose] = ModelTrace.purposes
) throws -> FirstStep {
  let folder = try TemporaryFolder()
  try folder.write(text, to: "model.yaml")
  for (name, file) in [("weights", weights), ("input", input)] {
    if let file { try folder.write(file.bytes, to: "\(name).safetensors") }
  }
  var options = RunOptions()
  options.threads = 1
  return try FirstStep(
    path: folder.file("model.yaml"), options: options,
    weights: weights.map { _ in folder.file("weights.safetensors") },
    input: input.map { _ in folder.file("input.safetensors") }, purposes: purposes)
}

/// Returns the refusal of a first step without the folder's path. Empty when the step is accepted.
package func refusal(_ text: String, weights: Safetensors? = nil, input: Safetensors? = nil)
  -> String
{
  do {
    _ = try firstStep(text, weights: weights, input: input)
    return ""
  } catch {
    let rendered = (error as? RunFailure)?.rendered ?? "\(error)"
    // `error: /tmp/dlrun-XXXXXX/input.safetensors: …`
    let words = rendered.split(separator: " ", omittingEmptySubsequences: false).map { word in
      word.contains("/dlrun-") ? word.split(separator: "/").last ?? word : word
    }
    return words.joined(separator: " ")
  }
}
