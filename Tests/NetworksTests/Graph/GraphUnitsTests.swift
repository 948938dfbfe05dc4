import ModelOracles
import Networks
import Oracles
import Testing

@Suite("Units of a network") struct GraphUnitsTests {
  private func graph(_ layers: [String]) throws -> Graph {
    try ModelOracles.graph(network(layers + ["name: loss, type: SoftmaxWithLoss"]))
  }

  @Test(
    "are hidden if losses reach them only through other units",
    arguments: [
      (["name: a, type: Linear, num_output: 3"], []),
      (
        [
          "name: a, type: Linear, num_output: 4", "name: t, type: TanH",
          "name: b, type: Linear, num_output: 4", "name: c, type: Linear, num_output: 3",
          "name: s, type: Scale",
        ], ["a", "b"]
      ),
      (
        [
          "name: a, type: Linear, num_output: 4",
          "name: l, type: Reduction, bottom: a, loss_weight: 1",
          "name: b, type: Linear, num_output: 3, bottom: a",
        ], []
      ),
      (
        [
          "name: a, type: Linear, num_output: 4",
          "name: l, type: Reduction, bottom: a, loss_weight: 0",
          "name: b, type: Linear, num_output: 3, bottom: a",
        ], ["a"]
      ),
    ] as [([String], [String])])
  func hidden(layers: [String], expected: [String]) throws {
    let graph = try graph(layers)
    #expect(graph.nodesOfHiddenUnits.map { graph.nodes[$0].name } == expected)
  }

  /// Rectified units as `rectifier: parameter to check, units, origin's weight and bias`.
  @Test(
    "before a rectifier are checked by a bias, or by weights",
    arguments: [
      (
        ["name: a, type: Linear, num_output: 4", "name: r, type: ReLU"],
        ["r: a.bias of 4 by 1, from z.weight and z.bias"]
      ),
      (
        ["name: a, type: Linear, num_output: 4, bias_term: false", "name: r, type: ReLU"],
        ["r: a.weight of 4 by 2, from z.weight and z.bias"]
      ),
      (
        [
          "name: a, type: Linear, num_output: 4", "name: n, type: BatchNorm",
          "name: r, type: ReLU", "name: d, type: Dropout", "name: f, type: Flatten",
        ], ["r: n.bias of 4 by 1, from z.weight and z.bias"]
      ),
      (
        [
          "name: a, type: Linear, num_output: 4", "name: r, type: ReLU",
          "name: b, type: Linear, num_output: 5, bias_term: false", "name: n, type: BatchNorm",
          "name: q, type: ReLU",
        ],
        [
          "r: a.bias of 4 by 1, from b.weight and n.bias",
          "q: n.bias of 5 by 1, from z.weight and z.bias",
        ]
      ),
      (
        [
          "name: a, type: Linear, num_output: 4", "name: r, type: ReLU",
          "name: b, type: Linear, num_output: 5, bias_term: false", "name: t, type: TanH",
        ], ["r: a.bias of 4 by 1"]
      ),
      (["name: a, type: Linear, num_output: 4", "name: r, type: ReLU, negative_slope: 0.1"], []),
      (["name: a, type: Linear, num_output: 4", "name: r, type: ReLU6"], []),
      (
        [
          "name: a, type: Linear, num_output: 4", "name: r, type: ReLU",
          "name: t, type: TanH",
        ], []
      ),
      (["name: r, type: ReLU"], []),
    ] as [([String], [String])])
  func rectified(layers: [String], expected: [String]) throws {
    let graph = try graph(layers + ["name: z, type: Linear, num_output: 3"])
    let found = graph.rectifiedUnits.map { units in
      func name(_ parameter: Int) -> String { graph.parameters[parameter].name }
      let origin = units.origin.map { ", from \(name($0.weight)) and \(name($0.bias))" } ?? ""
      return "\(graph.nodes[units.rectifier].name): \(name(units.parameter)) of "
        + "\(units.unitCount) by \(units.run)\(origin)"
    }
    #expect(found == expected)
  }
}
