package import Fields
internal import Kernels
package import Plans
package import Tensors

/// y = value, in every example
///
/// The layer has no bottom. value is a parameter with the shape of one example, and y is [N,
/// shape…]. ∂value is the sum of ∂y over the examples.
///
/// Caffe's layer has no axis of examples, and its parameter always starts at 0.
package struct Parameter: Layer {
  /// The shape of one example, and of the parameter.
  var extents: [Int] = []
  /// The initial values of the parameter.
  var filler = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "Parameter",
    formula: "y = value",
    discussion: """
      A learned tensor without a bottom: `shape` is the shape of one example, and every example of
      the batch has the same values. Parameter: value. Caffe's layer always starts at 0 and has no
      axis of examples.
      """,
    example: "{name: prior, type: Parameter, shape: [3], filler: {type: gaussian, std: 0.01}}")

  package static let fields: [Field<Parameter>] = [
    .required("shape", \.extents, .exampleShape, "The shape of one example."),
    .optional("filler", \.filler, "Initial values."),
  ]

  package var inputCount: ClosedRange<Int> { 0...0 }

  /// - Throws: ``ShapeFailure`` if the batch has too many values.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    [try .batch(of: extents, like: inputs[0])]
  }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    [ParameterDeclaration("value", Shape(extents), filler.value, role: .value)]
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let count = pass.outputShapes[0].example.count
    plan.move("repeat", pass.parameters[0].value, to: pass.outputs[0]) { examples in
      [CopyRegion([.init(examples, source: 0, target: count), .init(count, source: 1, target: 1)])]
    }
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dy = pass.outputGradients[0], let gradient = pass.parameterGradients[0] else {
      return
    }
    plan.columnSum(
      dy, rowsPerExample: 1, columns: pass.outputShapes[0].example.count, to: gradient)
  }
}
