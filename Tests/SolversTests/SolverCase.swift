import Kernels
import Layers
import Networks
import Oracles
import Tensors
import Testing
import YAML

/// A reference case: the gradients of every batch and the parameters after every update.
struct SolverCase: CustomTestStringConvertible {
  let testDescription: String
  let fields: Node
  let parameters: [(values: [Double], options: Node)]
  let gradients: [[[Double]]]
  let expected: [[[Double]]]
  let tolerance: Double
  /// The averages of the weights after the last update, in cases that average them.
  let averages: [[Double]]?
  /// The regularizers' share of the objective before each update, in cases that report it.
  let penalties: [Double]?

  init(_ node: Node) throws {
    testDescription = try node.required("name").requiredText()
    fields = try node.required("fields")
    parameters = try node.required("parameters").requiredItems().map {
      (try $0.required("values").numbers(), try $0.required("options"))
    }
    gradients = try node.required("gradients").requiredItems().map { try $0.lists() }
    expected = try node.required("expected").requiredItems().map { try $0.lists() }
    tolerance = try node.required("tolerance").number()
    averages = try node["averages"]?.lists()
    penalties = try node["penalties"]?.numbers()
  }

  static func all(_ solver: String) throws -> [SolverCase] {
    let file = try ReferenceFile(solver)
    try #require(file.document.required("entry").scalar?.text == solver)
    return try file.cases().map { try SolverCase($0) }
  }

  /// Two linear layers, the first with a bias: weights [4, 3], [4] and [2, 4].
  func training() throws -> Training {
    func layer(_ outputs: Int, _ bias: Bool, _ options: [Node]) -> Node {
      Node.mapping([
        ("type", .text("Linear")), ("num_output", .plain(String(outputs))),
        ("bias_term", .plain(bias ? "true" : "false")), ("param", .sequence(options)),
      ])
    }
    let options = parameters.map(\.options)
    let training = try Training(
      layers: [
        layer(4, true, [options[0], options[1]]), layer(2, false, [options[2]]),
        .mapping([("type", .text("SoftmaxWithLoss"))]),
      ], solver: fields, inputs: 3, batchSize: 1)
    for (index, parameter) in parameters.enumerated() {
      training.store.set(index, rowMajor: parameter.values.map(Float.init))
    }
    return training
  }
}

extension Training {
  /// Sets the gradient of a parameter from values in file order. A frozen parameter has none.
  func setGradient(_ index: Int, rowMajor values: [Double]) {
    guard let gradient = store.gradient(index) else { return }
    let declaration = store.parameters[index].declaration
    let rows = declaration.shape.rank > 1 ? declaration.shape[0] : 1
    let columns = values.count / rows
    for (element, value) in values.enumerated() {
      let place =
        declaration.order == .rowMajor ? element : element % columns * rows + element / columns
      gradient[place] = Float(value)
    }
  }
}

extension Node {
  fileprivate func lists() throws -> [[Double]] { try requiredItems().map { try $0.numbers() } }
}
