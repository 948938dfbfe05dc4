import ModelFiles
import ModelOracles
import Oracles
import Testing
import YAML

@Suite("Networks of blocks")
struct NetworkExpansionTests {
  private let pair = """
    pair:
      parameters: {width: ~, slope: 0}
      layers:
        - {name: ip, type: Linear, num_output: $(width)}
        - {name: relu, type: ReLU, negative_slope: $(slope)}
    """

  @Test("become plain layers, whose names begin with the call's name")
  func calls() throws {
    let layers = try expanded(
      pair, ["name: a, block: pair, width: 4", "name: ip, type: Linear, num_output: 3"])
    #expect(layers == ["a/ip(…)", "a/relu(…) → a", "ip(…)"])
  }

  @Test("set parameters by name, or use their defaults")
  func parameters() throws {
    let model = try model(
      blockModel(
        pair,
        [
          "name: a, block: pair, width: 4", "name: b, block: pair, width: $(w * 2), slope: 0.5",
          "name: c, block: pair, width: 5, slope: ~", "name: loss, type: SoftmaxWithLoss",
        ], variables: "{w: 3, slope: 9}"))
    #expect(
      model.network.map { $0.encoded["num_output"]?.valueText ?? "-" } == [
        "4", "-", "6", "-", "5", "-", "-",
      ])
    #expect(
      model.network.map { $0.encoded["negative_slope"]?.valueText ?? "-" } == [
        "-", "0", "-", "0.5", "-", "0", "-",
      ])
  }

  @Test("may have defaults that use variables and earlier parameters, and values of any kind")
  func values() throws {
    let model = try model(
      blockModel(
        """
        wide:
          parameters: {width: ~, inner: $(width * factor), filler: {type: xavier}}
          layers:
            - {name: a, type: Linear, num_output: $(inner), weight_filler: $(filler)}
            - {name: b, block: narrow, options: {num: $(width)}}
        narrow:
          parameters: {options: ~}
          layers: [{name: c, type: Linear, num_output: 1, param: [$(options)]}]
        """.replacing("{num: $(width)}", with: "{lr_mult: $(width)}"),
        [
          "name: x, block: wide, width: 2, filler: {type: gaussian, std: $(1 / 8)}",
          "name: y, block: wide, width: 3, filler: xavier", "name: loss, type: SoftmaxWithLoss",
        ], variables: "{factor: 4}"))
    #expect(
      model.network.map { $0.encoded["num_output"]?.valueText ?? "-" } == [
        "8", "1", "12", "1", "-",
      ])
    #expect(
      model.network[0].encoded["weight_filler"]?.valueText
        == "{type: 'gaussian', mean: 0, std: 0.125}")
    #expect(model.network[1].header.parameters?.first?.rateMultiplier == 2)
    #expect(model.network[3].header.parameters?.first?.rateMultiplier == 3)
  }

  @Test("stack copies of a block, and each copy reads the previous one")
  func repeatedCalls() throws {
    let layers = try expanded(
      pair,
      [
        "name: a, block: pair, repeat: 3, width: $(8 - 2 * index)",
        "name: ip, type: Linear, num_output: 3, bottom: a",
      ])
    #expect(
      layers == [
        "a/0/ip(…)", "a/0/relu(…) → a/0", "a/1/ip(…)", "a/1/relu(…) → a/1", "a/2/ip(…)",
        "a/2/relu(…) → a", "ip(a)",
      ])
  }

  @Test("stack copies of a layer")
  func repeatedLayers() throws {
    let model = try model(
      blockModel(
        "",
        [
          "name: ip, type: Linear, repeat: $(n), num_output: $(2 ** (index + 1))",
          "name: one, type: ReLU, repeat: 1, top: top", "name: loss, type: SoftmaxWithLoss",
        ], variables: "{n: 3}"))
    #expect(
      model.network.map(\.name) == ["ip/0", "ip/1", "ip/2", "one/0", "loss"])
    #expect(model.network.map(\.tops) == [["ip/0"], ["ip/1"], ["ip"], ["top"], ["loss"]])
    #expect(
      model.network.prefix(3).map { $0.encoded["num_output"]?.valueText ?? "" } == ["2", "4", "8"])
  }

  @Test("replace the first bottom of a copy by the previous copy, and keep the others")
  func repeatedBottoms() throws {
    let layers = try expanded(
      """
      add:
        inputs: [x, skip]
        layers: [{name: sum, type: EuclideanLoss, bottom: [x, skip]}, {name: ip, type: ReLU, bottom: x}]
      """,
      [
        "name: one, type: ReLU", "name: two, type: ReLU, repeat: 2, bottom: data",
        "name: c, block: add, bottom: [two, one], repeat: 2",
      ])
    #expect(
      layers == [
        "one(…)", "two/0(data)", "two/1(two/0) → two", "c/0/sum(two, one)", "c/0/ip(two) → c/0",
        "c/1/sum(c/0, one)", "c/1/ip(c/0) → c",
      ])
  }

  @Test("repeat losses and metrics in parallel")
  func repeatedScores() throws {
    let layers = try expanded(
      "", ["name: ip, type: Linear, num_output: 3", "name: acc, type: Accuracy, repeat: 2"])
    #expect(layers == ["ip(…)", "acc/0(…)", "acc/1(…)"])
  }

  // MARK: Names

  private let residual = """
    residual:
      parameters: {width: ~, shrinks: false}
      layers:
        - {name: ip1, type: Linear, num_output: $(width)}
        - {name: ip2, type: Linear, num_output: $(width)}
        - {name: grow, type: Linear, bottom: input, num_output: $(width), when: $(shrinks)}
        - {name: sum, type: EuclideanLoss, bottom: [ip2, grow]}
        - {name: relu, type: ReLU, bottom: ip2}
    """

  @Test("replace a layer that 'when' removes by the blob that it would read")
  func leftOut() throws {
    let layers = try expanded(
      residual,
      [
        "name: ip, type: Linear, num_output: 4",
        "name: s, block: residual, repeat: 2, width: 4, shrinks: $(index == 1)",
      ])
    #expect(
      layers == [
        "ip(…)", "s/0/ip1(…)", "s/0/ip2(…)", "s/0/sum(s/0/ip2, ip)", "s/0/relu(s/0/ip2) → s/0",
        "s/1/ip1(…)", "s/1/ip2(…)", "s/1/grow(s/0)", "s/1/sum(s/1/ip2, s/1/grow)",
        "s/1/relu(s/1/ip2) → s",
      ])
  }

  @Test("pass on their input if all their layers are removed")
  func empty() throws {
    let layers = try expanded(
      """
      maybe:
        parameters: {is_there: true}
        layers: [{name: relu, type: ReLU, when: $(is_there)}]
      """,
      [
        "name: a, type: ReLU", "name: b, type: ReLU",
        "name: c, block: maybe, bottom: a, is_there: false", "name: d, type: ReLU",
        "name: e, block: maybe, repeat: 3, is_there: $(index == 1)",
        "name: f, type: ReLU, bottom: [e]", "name: g, type: ReLU, repeat: 2, when: false",
        "name: h, type: ReLU, bottom: g", "name: i, type: ReLU, bottom: c",
        "name: j, type: ReLU, phase: test, when: false", "name: k, type: ReLU, bottom: j",
      ])
    #expect(
      layers == [
        "a(…)", "b(…)", "d(a)", "e/1/relu(…) → e", "f(e)", "h(f)", "i(a)", "k(i)",
      ])
  }

  @Test("read their own layers, in any order, in preference to layers outside the block")
  func hygiene() throws {
    let layers = try expanded(
      """
      mix:
        inputs: [x]
        layers:
          - {name: first, type: ReLU, bottom: ip}
          - {name: ip, type: Linear, num_output: 2, bottom: data}
          - {name: x2, type: ReLU, bottom: x}
          - {name: score, type: Accuracy, bottom: [first, label]}
      """,
      [
        "name: ip, type: Linear, num_output: 4", "name: first, type: ReLU",
        "name: m, block: mix, bottom: first", "name: last, type: ReLU, bottom: m/ip",
      ])
    #expect(
      layers == [
        "ip(…)", "first(…)", "m/first(m/ip)", "m/ip(data)", "m/x2(first) → m",
        "m/score(m/first, label)", "last(m/ip)",
      ])
  }

  @Test("compute in place within a block, and name their output and their tops")
  func tops() throws {
    let layers = try expanded(
      """
      inner:
        output: a
        layers:
          - {name: a, type: Linear, num_output: 2}
          - {name: a_relu, type: ReLU, bottom: a, top: a}
          - {name: b, type: Linear, num_output: 3}
      outer:
        layers:
          - {name: i, block: inner, top: j}
          - {name: k, type: ReLU, bottom: i/b}
          - {name: l, type: ReLU, bottom: j}
          - {name: i2, block: inner}
      """,
      ["name: o, block: outer", "name: r, type: ReLU, bottom: o, top: o", "name: s, type: ReLU"])
    #expect(
      layers == [
        "o/i/a(…) → o/j", "o/i/a_relu(o/j) → o/j", "o/i/b(…)", "o/k(o/i/b)", "o/l(o/j)",
        "o/i2/a(…) → o", "o/i2/a_relu(o) → o", "o/i2/b(…)", "r(o) → o", "s(…)",
      ])
  }

  @Test("state a default bottom if the plain list would have another default")
  func defaults() throws {
    let layers = try expanded(
      """
      early:
        output: a
        layers: [{name: a, type: ReLU}, {name: b, type: ReLU}]
      scored:
        layers: [{name: a, type: ReLU}, {name: acc, type: Accuracy}]
      """,
      [
        "name: e, block: early", "name: acc, type: Accuracy", "name: c, type: ReLU",
        "name: s, block: scored, bottom: e", "name: d, type: ReLU",
      ])
    #expect(
      layers == [
        "e/a(…) → e", "e/b(…)", "acc(e, label)", "c(e)", "s/a(e) → s", "s/acc(…)", "d(…)",
      ])
  }

  @Test("handle layers in only one phase")
  func phases() throws {
    let layers = try expanded(
      """
      early:
        output: a
        layers: [{name: a, type: ReLU}, {name: b, type: ReLU, phase: train}]
      late:
        layers: [{name: a, type: ReLU}, {name: b, type: ReLU, phase: train}]
      """,
      [
        "name: t, type: ReLU, phase: train", "name: e, block: early", "name: c, type: ReLU",
        "name: l, block: late", "name: d, type: ReLU",
      ])
    #expect(
      layers == [
        "t(…)", "e/a(…) → e", "e/b(…)", "c(e)", "l/a(…)", "l/b(…)", "d(…)",
      ])
    #expect(
      blockMistakes(
        "late: {layers: [{name: a, type: ReLU}, {name: b, type: ReLU, phase: train}]}",
        ["name: l, block: late", "name: d, type: ReLU, bottom: l"])
          == """
          model.yaml:5:38: error: bottom 'l' is a different blob in each phase: expected the name \
          of a layer
              5 |   - {name: d, type: ReLU, bottom: l}
                |                                   ^
          """.replacing(":38:", with: ":35:"))
  }

  @Test("share parameters only by names that a call passes")
  func sharedParameters() throws {
    let model = try model(
      blockModel(
        """
        shared:
          parameters: {weights: ~}
          layers:
            - {name: a, type: Linear, num_output: 3, param: [{name: $(weights)}, {name: own}]}
            - {name: b, type: Linear, num_output: 3, repeat: 2, param: {name: own}}
        """,
        [
          "name: x, block: shared, weights: common, repeat: 2",
          "name: y, type: Linear, num_output: 3, repeat: 2, param: {name: rest}",
          "name: loss, type: SoftmaxWithLoss",
        ]))
    #expect(
      model.network.map { $0.header.parameters?.map { $0.name ?? "-" } ?? [] } == [
        ["common", "x/0/own"], ["x/0/own"], ["x/0/own"], ["common", "x/1/own"], ["x/1/own"],
        ["x/1/own"], ["rest"], ["rest"], [],
      ])
  }

  @Test("are wired into the graph of a residual network")
  func graph() throws {
    let graph = try ModelOracles.graph(
      blockModel(
        """
        residual:
          parameters: {width: ~}
          layers:
            - {name: ip1, type: Linear, num_output: $(width)}
            - {name: relu1, type: ReLU}
        """,
        [
          "name: s, block: residual, repeat: 2, width: $(4 * (index + 1))",
          "name: out, type: Linear, num_output: 3, bottom: s", "name: loss, type: SoftmaxWithLoss",
        ]))
    #expect(
      graph.outline == [
        "s/0/ip1(data#0) → #2 32x4", "s/0/relu1(s/0/ip1#2) → #3 32x4",
        "s/1/ip1(s/0#3) → #4 32x8", "s/1/relu1(s/1/ip1#4) → #5 32x8", "out(s#5) → #6 32x3",
        "loss(out#6, label#1) → #7 scalar",
      ])
  }
}
