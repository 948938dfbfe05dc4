import Fields
import Files
import Inspection
import Layers
import Networks
import Oracles
import RunOracles
import Tensors
import Testing
import Training
import YAML

@Suite("A trace") struct ModelTraceTests {
  /// The network of `trace.json`. The test does not read its data.
  private static let images = """
    data:
      train: {source: csv, file: none.csv, target: label, shape: [2, 4, 4], classes: 4}
    network:
    - {name: conv1, type: Convolution, num_output: 3, kernel_size: 3, pad: 1}
    - {name: bn1, type: BatchNorm}
    - {name: relu1, type: ReLU, bottom: bn1, top: bn1}
    - {name: pool1, type: Pooling, pool: average, kernel_size: 2, stride: 2}
    - {name: ip1, type: Linear, num_output: 4}
    - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.1, max_iter: 1}
    """

  private static func tensors(_ node: Node) throws -> Safetensors {
    Safetensors(
      try (node.pairs ?? []).map { pair in
        let tensor = try pair.value.tensor()
        return Safetensors.Tensor(
          name: try pair.key.requiredText(), shape: tensor.shape, values: tensor.floats)
      })
  }

  @Test("contains the same tensors and gradients as PyTorch, in any memory layout")
  func reference() throws {
    let document = try ReferenceFile("trace").document
    let input = try ModelTraceTests.tensors(document.required("inputs"))
    let weights = try ModelTraceTests.tensors(document.required("parameters"))
    let step = try firstStep(ModelTraceTests.images, weights: weights, input: input)
    let trace = try ModelTrace.tensors(of: step)
    let expected = try document.required("tensors").pairs ?? []
    let names = try expected.map { try $0.key.requiredText() } + ["label"]
    #expect(trace.tensors.map(\.name).sorted() == names.sorted())
    #expect(trace["label"]?.values == input["label"]?.values)
    for pair in expected {
      let name = try pair.key.requiredText()
      let tensor = try #require(trace[name])
      let mismatch = try pair.value.tensor().mismatch(tensor.values, shape: tensor.shape)
      #expect(mismatch == nil, "\(name)")
    }
  }

  @Test("lists the values first, then the gradients")
  func names() throws {
    let step = try firstStep(
      spiralModel(network: [
        "name: ip1, type: Linear, num_output: 8, param: [{}, {lr_mult: 0}]",
        "name: relu1, type: ReLU, bottom: ip1, top: ip1",
        "name: relu2, type: ReLU, bottom: ip1, top: ip1",
        "name: ip2, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
        "name: accuracy, type: Accuracy, bottom: [ip2, label]",
      ]))
    let trace = try ModelTrace.tensors(of: step)
    #expect(
      trace.tensors.map { "\($0.name) \($0.shape.description)" } == [
        "ip1.weight 8x2", "ip1.bias 8", "ip2.weight 3x8", "ip2.bias 3", "data 16x2", "label 16",
        "ip1 16x8", "ip1.relu1 16x8", "ip1.relu2 16x8", "ip2 16x3", "loss scalar",
        "accuracy scalar", "objective scalar", "grad.ip1.weight 8x2", "grad.ip2.weight 3x8",
        "grad.ip2.bias 3", "grad.data 16x2", "grad.ip1 16x8", "grad.ip1.relu1 16x8",
        "grad.ip1.relu2 16x8", "grad.ip2 16x3",
      ])
    #expect(trace["objective"]?.values == trace["loss"]?.values)
    // The file can be read again.
    let read = try Safetensors(trace.bytes, name: "trace")
    #expect(read.tensors.map(\.name) == trace.tensors.map(\.name))
    #expect(read["ip2"]?.values == trace["ip2"]?.values)
  }

  @Test("gives a tensor another name if its own is taken")
  func takenNames() throws {
    let step = try firstStep(
      spiralModel(network: [
        "name: grad.data, type: Linear, num_output: 4, param: [{name: ip2}]",
        "name: ip2, type: Linear, num_output: 3", "name: objective, type: SoftmaxWithLoss",
      ]))
    let names = try ModelTrace.tensors(of: step).tensors.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.contains("grad.data") && names.contains("grad.data.grad.data"))
    #expect(names.contains("ip2") && names.contains("ip2.ip2"))
    #expect(names.contains("objective") && names.contains("objective.objective"))
  }

  /// The batch, the noise and the parameters are those of the first iteration.
  @Test("shows the first step of the training")
  func firstIteration() throws {
    let text = spiralModel(solver: "base_lr: 0.5, max_iter: 1")
    let trace = try ModelTrace.tensors(of: try firstStep(text))
    let trainer = try trainer(text)
    #expect(trainer.run { _ in true } == .completed)
    let loss = try #require(trace["objective"]?.values.first)
    #expect(trainer.history.losses.map { Float($0) } == [loss])
    for (index, parameter) in trainer.store.parameters.enumerated() {
      let before = try #require(trace[parameter.name]?.values)
      let gradient = try #require(trace["grad.\(parameter.name)"]?.values)
      for (value, (before, gradient)) in zip(trainer.store.rowMajor(index), zip(before, gradient)) {
        #expect(abs(value - (before - 0.5 * gradient)) <= 1e-6, "\(parameter.name)")
      }
    }
  }

  @Test("refuses an input batch that does not fit")
  func inputs() {
    func refused(_ tensors: [(String, [Int], [Float])]) -> String {
      refusal(
        spiralModel(),
        input: Safetensors(
          tensors.map { Safetensors.Tensor(name: $0.0, shape: Shape($0.1), values: $0.2) }))
    }
    let data: (String, [Int], [Float]) = ("data", [2, 2], [1, 2, 3, 4])
    let file = "error: input.safetensors: "
    #expect(refused([data, ("label", [2], [0, 2]), ("else", [1], [.nan])]) == "")
    #expect(refused([data, ("label", [2, 1], [0, 2])]) == "")
    #expect(refused([("label", [2], [0, 2])]) == file + "tensor 'data' is missing")
    #expect(
      refused([data]) == file + "tensor 'label' is missing, which the network reads")
    #expect(
      refused([("data", [2, 3], [1, 2, 3, 4, 5, 6])])
        == file + "'data': expected a shape such as 16x2, received 2x3")
    #expect(
      refused([("data", [0, 2], [])])
        == file + "'data': expected a shape such as 16x2, received 0x2")
    #expect(
      refused([("data", [], [1])])
        == file + "'data': expected a shape such as 16x2, received scalar")
    #expect(
      refused([("data", [1, 2], [1, .infinity])])
        == file + "'data' has the value inf, which is not finite")
    #expect(
      refused([data, ("label", [3], [0, 1, 2])])
        == file + "'label': expected 2, received 3")
    for label in [-1, 3, 0.5, Float.nan] {
      #expect(
        refused([data, ("label", [2], [0, label])])
          == file + "'label' has the value \(label): expected the number of a class from 0 to 2")
    }
  }

  @Test("uses the statistics of a weights file")
  func standardization() throws {
    let model = spiralModel(
      train: "{source: spiral, points_per_class: 20, batch_size: 16, standardize: true}")
    let plain = try ModelTrace.tensors(of: try firstStep(spiralModel()))
    let data = try #require(plain["data"]?.values)
    let own = try firstStep(model)
    let parameters = own.store.parameters.indices.map { own.store.rowMajor($0) }
    let weights = zip(own.store.parameters, parameters).map {
      Safetensors.Tensor(name: $0.name, shape: $0.declaration.shape, values: $1)
    }
    let statistics = [("data.mean", [0.5, -1]), ("data.deviation", [2, 4])].map {
      Safetensors.Tensor(name: $0.0, shape: Shape([2]), values: $0.1.map { Float($0) })
    }
    let trace = try ModelTrace.tensors(
      of: try firstStep(model, weights: Safetensors(weights + statistics)))
    let (mean, deviation): ([Float], [Float]) = ([0.5, -1], [2, 4])
    let expected = data.indices.map { (data[$0] - mean[$0 % 2]) / deviation[$0 % 2] }
    #expect(trace["data"]?.values == expected)
  }
}
