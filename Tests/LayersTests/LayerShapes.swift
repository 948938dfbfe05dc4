import Layers
import Oracles
import Tensors
import Testing

/// The result of a layer for input shapes: output shapes, or the message of the refusal.
struct ShapeCase: CustomTestStringConvertible {
  enum Outcome: Equatable {
    case shapes([[Int]])
    case refusal(String)
  }

  let yaml: String
  let inputs: [[Int]]
  let outcome: Outcome

  init(_ yaml: String, _ inputs: [[Int]], gives shapes: [[Int]]) {
    (self.yaml, self.inputs, outcome) = (yaml, inputs, .shapes(shapes))
  }

  init(_ yaml: String, _ inputs: [[Int]], refuses message: String) {
    (self.yaml, self.inputs, outcome) = (yaml, inputs, .refusal(message))
  }

  var testDescription: String {
    "\(yaml) of \(inputs.map { Shape($0).description }.joined(separator: " and "))"
  }

  /// The result of the layer.
  func received() throws -> Outcome {
    let layer = try LayerCatalog.all.decoded(yaml)
    do throws(ShapeFailure) {
      return .shapes(try layer.outputShapes(inputs.map { Shape($0) }).map(\.axes))
    } catch {
      return .refusal(error.message)
    }
  }
}
