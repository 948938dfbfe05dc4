import DataFiles
import DataSources
import ModelFiles
import ModelOracles
import Networks
import Oracles
import Testing

@Suite("Wiring")
struct WiringTests {
  private static let mlp = [
    "name: ip1, type: Linear, num_output: 5", "name: relu1, type: ReLU",
    "name: ip2, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
    "name: accuracy, type: Accuracy, phase: test",
  ]

  @Test("reads the previous layer by default, and scores the last that is not a score")
  func defaults() throws {
    let text = network(WiringTests.mlp)
    #expect(
      try graph(text).outline == [
        "ip1(data#0) → #2 20x5", "relu1(ip1#2) → #3 20x5", "ip2(relu1#3) → #4 20x3",
        "loss(ip2#4, label#1) → #5 scalar",
      ])
    let train = try graph(text)
    #expect(
      try graph(text, .test, sharing: train).outline.last
        == "accuracy(ip2#4, label#1) → #6 scalar")
  }

  @Test("leaves out layers of the other phase, and their names")
  func phases() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 3", "name: extra, type: ReLU, phase: train",
      "name: loss, type: SoftmaxWithLoss",
    ])
    let train = try graph(text)
    #expect(
      train.outline == [
        "ip1(data#0) → #2 20x3", "extra(ip1#2) → #3 20x3", "loss(extra#3, label#1) → #4 scalar",
      ])
    #expect(
      try graph(text, .test, sharing: train).outline == [
        "ip1(data#0) → #2 20x3", "loss(ip1#2, label#1) → #3 scalar",
      ])
  }

  /// A graph with a fork and a join. Every order of its layers gives the same graph.
  private static let fork = [
    "name: a, type: Linear, num_output: 4, bottom: data",
    "name: b, type: Linear, num_output: 3, bottom: a",
    "name: c, type: Linear, num_output: 3, bottom: a",
    "name: loss, type: SoftmaxWithLoss, bottom: [b, label]",
    "name: near, type: EuclideanLoss, bottom: [b, c]",
  ]

  static var orders: [[Int]] { permutations(of: [0, 1, 2, 3, 4]) }

  private static func permutations(of items: [Int]) -> [[Int]] {
    guard !items.isEmpty else { return [[]] }
    return items.flatMap { first in
      permutations(of: items.filter { $0 != first }).map { [first] + $0 }
    }
  }

  @Test("takes layers in any order", arguments: orders)
  func anyOrder(order: [Int]) throws {
    let graph = try graph(network(order.map { WiringTests.fork[$0] }))
    let names = graph.nodes.map { node in
      "\(node.name)(\(node.bottoms.map { graph.blobs[$0].name }.joined(separator: ",")))"
    }
    #expect(Set(names) == ["a(data)", "b(a)", "c(a)", "loss(b,label)", "near(b,c)"])
    // Each layer comes after the layers that it reads.
    for (place, node) in graph.nodes.enumerated() {
      for bottom in node.bottoms { #expect((graph.blobs[bottom].producer ?? -1) < place) }
    }
  }

  @Test("keeps the order of the file as far as possible")
  func fileOrder() throws {
    let listed = [2, 4, 0, 3, 1].map { WiringTests.fork[$0] }
    #expect(try graph(network(listed)).nodes.map(\.name) == ["a", "c", "b", "near", "loss"])
  }

  @Test("gives a top that repeats a bottom's name to the layers below")
  func inPlace() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 4, top: x",
      "name: before, type: Linear, num_output: 3, bottom: x",
      "name: relu, type: ReLU, bottom: x, top: x", "name: tanh, type: TanH, bottom: x, top: x",
      "name: after, type: Linear, num_output: 3, bottom: x",
      "name: loss, type: EuclideanLoss, bottom: [before, after]",
    ])
    #expect(
      try graph(text).outline == [
        "ip1(data#0) → #2 20x4", "before(x#2) → #3 20x3", "relu(x#2) → #4 20x4",
        "tanh(x#4) → #5 20x4", "after(x#5) → #6 20x3", "loss(before#3, after#6) → #7 scalar",
      ])
  }

  @Test("resolves names computed in place only by the order of the file")
  func inPlaceOutOfOrder() throws {
    // `before` waits for `late`, but still reads the x above `relu`.
    let text = network([
      "name: ip1, type: Linear, num_output: 3, top: x",
      "name: before, type: EuclideanLoss, bottom: [x, late]",
      "name: relu, type: ReLU, bottom: x, top: x",
      "name: late, type: Linear, num_output: 3, bottom: x",
    ])
    #expect(
      try graph(text).outline == [
        "ip1(data#0) → #2 20x3", "relu(x#2) → #3 20x3", "late(x#3) → #4 20x3",
        "before(x#2, late#4) → #5 scalar",
      ])
  }

  @Test("computes the data in place")
  func dataInPlace() throws {
    let text = network([
      "name: squash, type: TanH, bottom: data, top: data",
      "name: ip1, type: Linear, num_output: 3, bottom: data", "name: loss, type: SoftmaxWithLoss",
    ])
    #expect(
      try graph(text).outline.prefix(2) == ["squash(data#0) → #2 20x2", "ip1(data#2) → #3 20x3"])
  }

  // MARK: Mistakes

  @Test("suggests a name for a bottom that no layer makes, at its place in the list")
  func unknownBottoms() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 3, bottom: dta",
      "name: ip2, type: Linear, num_output: 3, bottom: data",
      "name: loss, type: EuclideanLoss, bottom: [ip2, ipp2]",
      "name: more, type: EuclideanLoss, bottom: [nothing, label]",
    ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered == """
        model.yaml:4:54: error: layer 'ip1' (Linear): bottom 'dta' is not made by any layer; did \
        you mean 'data'?
            4 |   - {name: ip1, type: Linear, num_output: 3, bottom: dta}
              |                                                      ^
        model.yaml:6:53: error: layer 'loss' (EuclideanLoss): bottom 'ipp2' is not made by any \
        layer; did you mean 'ip2'?
            6 |   - {name: loss, type: EuclideanLoss, bottom: [ip2, ipp2]}
              |                                                     ^
        model.yaml:7:48: error: layer 'more' (EuclideanLoss): bottom 'nothing' is not made by any \
        layer
            7 |   - {name: more, type: EuclideanLoss, bottom: [nothing, label]}
              |                                                ^
        """)
  }

  @Test("says where a bottom is made in the other phase")
  func otherPhase() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 3", "name: prob, type: Softmax, phase: test",
      "name: loss, type: SoftmaxWithLoss, bottom: [prob, label]",
    ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered == """
        model.yaml:6:50: error: layer 'loss' (SoftmaxWithLoss): bottom 'prob' is made only in the \
        test phase
            6 |   - {name: loss, type: SoftmaxWithLoss, bottom: [prob, label]}
              |                                                  ^
        """)
  }

  @Test("refuses a second maker of a name, and shows the first")
  func secondMaker() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 3",
      "name: ip2, type: Linear, num_output: 3, bottom: data, top: ip1",
      "name: label, type: Linear, num_output: 3, bottom: data",
      "name: loss, type: SoftmaxWithLoss, bottom: [ip1, label]",
    ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered == """
        model.yaml:5:65: error: layer 'ip2' (Linear): top 'ip1' is already made
            5 | …{name: ip2, type: Linear, num_output: 3, bottom: data, top: ip1}
              |                                                              ^
        model.yaml:4:5: note: made here by 'ip1'
            4 |   - {name: ip1, type: Linear, num_output: 3}
              |     ^
        model.yaml:6:5: error: layer 'label' (Linear): top 'label' is already made by the data
            6 |   - {name: label, type: Linear, num_output: 3, bottom: data}
              |     ^
        """)
  }

  @Test("names the layers of every cycle, and checks the other layers")
  func cycles() throws {
    let text = network([
      "name: a, type: ReLU, bottom: c", "name: b, type: ReLU, bottom: a",
      "name: c, type: ReLU, bottom: b", "name: below, type: ReLU, bottom: c",
      "name: x, type: ReLU, bottom: y", "name: y, type: ReLU, bottom: x",
      "name: ip, type: Linear, num_output: 3, bottom: dat",
      "name: loss, type: SoftmaxWithLoss, bottom: [below, label]",
    ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered == """
        model.yaml:4:5: error: the layers 'a', 'c', 'b' form a cycle: a network has no cycles
            4 |   - {name: a, type: ReLU, bottom: c}
              |     ^
        model.yaml:8:5: error: the layers 'x', 'y' form a cycle: a network has no cycles
            8 |   - {name: x, type: ReLU, bottom: y}
              |     ^
        model.yaml:10:53: error: layer 'ip' (Linear): bottom 'dat' is not made by any layer; did \
        you mean 'data'?
           10 |   - {name: ip, type: Linear, num_output: 3, bottom: dat}
              |                                                     ^
        """)
  }

  @Test("refuses a layer that computes a blob in place before another layer makes it")
  func inPlaceOfNothing() throws {
    let text = network([
      "name: relu, type: ReLU, bottom: x, top: x",
      "name: loss, type: SoftmaxWithLoss, bottom: [x, label]",
    ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered == """
        model.yaml:4:38: error: layer 'relu' (ReLU): reads its own top 'x', which no earlier \
        layer makes: a network has no cycles
            4 |   - {name: relu, type: ReLU, bottom: x, top: x}
              |                                      ^
        """)
  }

  @Test("orders ten thousand layers listed from the last to the first")
  func manyLayers() throws {
    var layers = ["name: l0, type: Linear, num_output: 3, bottom: data"]
    for index in 1..<9_999 {
      layers.append("name: l\(index), type: ReLU, bottom: l\(index - 1)")
    }
    layers.append("name: loss, type: SoftmaxWithLoss, bottom: [l9998, label]")
    let graph = try graph(network(layers.reversed()))
    #expect(graph.nodes.map(\.name) == (0..<9_999).map { "l\($0)" } + ["loss"])
  }
}
