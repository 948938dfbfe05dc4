package import Fields
internal import Kernels
package import Plans
package import Tensors
internal import YAML

/// y = weight[x] + bias
///
/// x is [N, …] and holds integers from 0 to `input_dim` − 1, as floats. y is [N, …, num_output],
/// weight is [input_dim, num_output], and bias is [num_output].
///
/// Without `input_dim`, the weight has a row for each category of the bottom: a column of a table
/// with the encoding `index`, or the classes of a target. If the bottom holds several columns, the
/// one with the most categories counts.
///
/// ∂weight[r] is the sum of ∂y where x is r, in the order of the examples. x has no gradient. A
/// value that is not such an integer gives a row of NaN. The training then stops with a message
/// that names the layer.
///
/// A batch reads few rows of a large vocabulary. With `lazy_update`, a step changes only these rows,
/// with their momentum and decay: the others are as if the step had not happened. Norms over the
/// weight in ``LAMB`` then cover the changed rows.
///
/// Reference: Y. Bengio, R. Ducharme, P. Vincent, C. Jauvin, "A neural probabilistic language
/// model", 2003.
package struct Embed: CategoryReader {
  /// The number of rows, `input_dim` in model files. float32 represents every smaller integer
  /// exactly. Nil until the categories of the bottom show it.
  private var rowCount: Int?
  /// The number of values in a row.
  var outputCount = 0
  /// True if the layer adds a bias to every row.
  var hasBias = true
  /// True if a step changes only the rows that the batch reads.
  var isLazy = false
  /// The initial values of the weight.
  var weightFiller = FillerField(Xavier())
  /// The initial values of the bias.
  var biasFiller = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "Embed",
    formula: "y = weight[x] + bias",
    discussion: """
      Replaces each number of its bottom by a row of `num_output` values: [N, …] becomes [N, …,
      num_output]. Parameters: weight [input_dim, num_output], bias [num_output]. A number that is
      not an integer from 0 to input_dim − 1 gives a row of NaN. The training then stops with a
      message that names the layer. Without input_dim, there is a row for each category of the
      table's column (encoding: index). The numbers themselves have no gradient. Caffe's fillers are
      constant 0; here the weights are xavier. With lazy_update, a step changes only the rows that
      the batch reads, with their momentum and decay. This saves most of the time of a step with a
      large vocabulary, and differs from the usual form of solvers with momentum, as
      torch.optim.SparseAdam does.
      """,
    example: "{name: words, type: Embed, input_dim: 1000, num_output: 16, bias_term: false}")

  package static let fields: [Field<Embed>] = [
    .optional(
      "input_dim", \.rowCount, .given(.within(1...16_777_216)),
      "The number of rows; the numbers of the bottom are below it. Default: the number of its "
        + "categories."),
    .required(
      "num_output", \.outputCount, .within(1...2_147_483_647), "The number of values in a row."),
    .optional("bias_term", \.hasBias, "Whether to add a bias to every row."),
    .optional(
      "lazy_update", \.isLazy,
      "Whether a step changes only the rows that the batch reads; num_output is then a multiple of 8."
    ),
    .optional("weight_filler", \.weightFiller, "Initial values of the weights."),
    .optional("bias_filler", \.biasFiller, "Initial values of the bias."),
  ]

  package var idleFields: [IdleField] { .biasFiller(hasBias) }

  package static let sizeField = "input_dim"

  package mutating func takeCategories(
    _ categories: [IndexedCategories?]
  ) throws(ShapeFailure) {
    let known = categories.compactMap { $0 }
    guard let greatest = known.max(by: { $0.count < $1.count }),
      rowCount != nil || known.count == categories.count
    else {
      guard rowCount == nil else { return }
      throw ShapeFailure(
        "'input_dim' is missing: expected the number of rows, since the bottom does not hold "
          + "indices of known categories alone")
    }
    guard let stated = rowCount else {
      rowCount = greatest.count
      return
    }
    guard stated < greatest.count else { return }
    throw ShapeFailure(
      "input_dim: expected at least \(greatest.count), the number of categories of "
        + "'\(greatest.name.quotable)', received \(stated)")
  }

  /// The number of rows. 1 before the categories of the bottom are known.
  private var inputCountLimit: Int { rowCount ?? 1 }

  /// - Throws: ``ShapeFailure`` if the output or the weight is too large, or if rows of a lazy update
  ///   are not a multiple of eight values.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    guard let output = Shape(checking: inputs[0].axes + [outputCount]),
      Shape(checking: [inputCountLimit, outputCount]) != nil
    else { throw ShapeFailure("\(outputCount) outputs are too many to count") }
    guard !isLazy || outputCount % 8 == 0 else {
      throw ShapeFailure("lazy_update: expected a multiple of 8 as num_output")
    }
    return [output]
  }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    let weight = ParameterDeclaration(
      "weight", Shape([inputCountLimit, outputCount]), weightFiller.value, role: .weight,
      isUpdatedByRows: isLazy)
    let bias = ParameterDeclaration("bias", Shape([outputCount]), biasFiller.value, role: .bias)
    return hasBias ? [weight, bias] : [weight]
  }

  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    hasBias ? Double(outputs[0].count) : 0
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, weight) = (pass.inputs[0], pass.outputs[0], pass.parameters[0].value)
    let bias = hasBias ? pass.parameters[1].value : nil
    let (rows, width) = (inputCountLimit, outputCount)
    plan.record("embed", reads: [x, weight] + (bias.map { [$0] } ?? []), writes: [y]) { binding in
      embedding(
        binding.floats(x), weight: binding.floats(weight), bias: bias.map(binding.floats),
        rows: rows, width: width, to: binding.floats(y))
    }
  }

  /// Records ∂weight and ∂bias. The numbers have a gradient of 0, if the pass requests one.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    if let dx = pass.inputGradients[0] { plan.zero(dx) }
    guard let dy = pass.outputGradients[0] else { return }
    let (x, rows, width) = (pass.inputs[0], inputCountLimit, outputCount)
    if let gradient = pass.parameterGradients[0] {
      plan.sumOverSlices(gradient) { builder, part in
        builder.record("embed gradient", reads: [x, dy], writes: [part]) { binding in
          embeddingGradient(
            binding.floats(x), dy: binding.floats(dy), rows: rows, width: width,
            to: binding.floats(part))
        }
      }
    }
    if hasBias, let gradient = pass.parameterGradients[1] {
      plan.columnSum(
        dy, rowsPerExample: pass.inputShapes[0].example.count, columns: width, to: gradient)
    }
  }
}
