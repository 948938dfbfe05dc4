import ModelFiles
import ModelOracles
import Oracles
import Testing

/// Tests layers outside the network: in blocks without a call, and removed by `when`.
@Suite("Absent layers")
struct AbsentLayerTests {
  private let fine = ["name: ip, type: Linear, num_output: 3"]

  @Test("are checked in blocks without a call, as far as values are known")
  func uncalled() {
    let rendered = blockMistakes(
      """
      residual:
        parameters: {channels: ~, stride: 0, filler: {type: xaver}, deep: $(stride * 2)}
        layers:
          - {name: conv, type: Convolutoin, num_output: 3}
          - {name: ip, type: Linear, num_output: $(channels), wieght_filler: xavier}
          - {name: two, type: Linear, num_output: $(2 * channels), weight_filler: $(filler)}
          - {name: pool, type: Pooling, kernel_size: $(deep), stride: 2, bottom: convv}
          - {name: act, type: ReLU, negative_slope: 1e7, repeat: $(channels)}
          - {name: inner, block: other, size: 3}
      other:
        parameters: {width: ~}
        inputs: [a, b]
        output: nothing
        layers: [{name: sum, type: Eltwise, operation: summ, bottom: [a, b]}]
      """, fine)
    #expect(
      rendered == """
        model.yaml:3:57: error: unknown filler type 'xaver' (known types: constant, gaussian, \
        uniform, xavier, msra, lecun, truncated_gaussian, orthogonal, positive_unitball, \
        bilinear, identity); did you mean 'xavier'?
            3 |     parameters: {channels: ~, stride: 0, filler: {type: xaver}, deep: $(stride * 2)}
              |                                                         ^
        model.yaml:5:28: error: unknown layer type 'Convolutoin' ('dlrun help-layer' lists them); \
        did you mean 'Convolution'?
            5 |       - {name: conv, type: Convolutoin, num_output: 3}
              |                            ^
        model.yaml:6:59: error: layer 'ip': unknown field 'wieght_filler'; did you mean \
        'weight_filler'?
            6 |       - {name: ip, type: Linear, num_output: $(channels), wieght_filler: xavier}
              |                                                           ^
        model.yaml:8:50: error: kernel_size: expected a list, each item an integer from 1 to \
        1000000, received '0'
            8 |       - {name: pool, type: Pooling, kernel_size: $(deep), stride: 2, bottom: convv}
              |                                                  ^
        model.yaml:8:78: error: bottom 'convv' is not a layer, call or input of the block (its \
        inputs: input); did you mean 'conv'?
            8 | …ol, type: Pooling, kernel_size: $(deep), stride: 2, bottom: convv}
              |                                                              ^
        model.yaml:9:49: error: negative_slope: expected a number from -1000000 to 1000000, received '1e7'
            9 |       - {name: act, type: ReLU, negative_slope: 1e7, repeat: $(channels)}
              |                                                 ^
        model.yaml:9:62: note: where index is 0
            9 | …     - {name: act, type: ReLU, negative_slope: 1e7, repeat: $(channels)}
              |                                                              ^
        model.yaml:10:9: error: call 'inner': block 'other' has 2 inputs (a, b): expected as many \
        bottoms, received none
           10 |       - {name: inner, block: other, size: 3}
              |         ^
        model.yaml:11:3: note: the block is defined here
           11 |   other:
              |   ^
        model.yaml:14:13: error: block 'other': output 'nothing' is not made by any of its layers
           14 |     output: nothing
              |             ^
        model.yaml:15:52: error: operation: expected one of SUM, PROD, MAX, received 'summ'; did you mean \
        'SUM'?
           15 |     layers: [{name: sum, type: Eltwise, operation: summ, bottom: [a, b]}]
              |                                                    ^
        """)
  }

  @Test("are checked in blocks that cannot be called")
  func broken() {
    let rendered = blockMistakes(
      """
      wrong:
        outputs: x
        layers: [{name: ip, type: Linear, num_output: 0}, {name: other, block: absent}]
      """, ["name: call, block: wrong"] + fine)
    #expect(
      rendered == """
        model.yaml:3:5: error: block 'wrong': unknown field 'outputs'; did you mean 'output'?
            3 |     outputs: x
              |     ^
        model.yaml:4:51: error: num_output: expected an integer from 1 to 2147483647, received '0'
            4 |     layers: [{name: ip, type: Linear, num_output: 0}, {name: other, block: absent}]
              |                                                   ^
        model.yaml:4:76: error: unknown block 'absent' (known blocks: wrong)
            4 | …ame: ip, type: Linear, num_output: 0}, {name: other, block: absent}]
              |                                                              ^
        """)
  }

  @Test("may have wrong values that a condition guards against")
  func guarded() throws {
    let text = blockModel(
      """
      halves:
        parameters: {width: ~, half: $(8 // width)}
        layers: [{name: ip, type: Linear, num_output: $(half)}]
      maybe:
        parameters: {stride: 1, size: ~, kind: Linear}
        layers:
          - {name: pool, type: Pooling, kernel_size: $(8 // (stride - 1)), when: $(stride > 1)}
          - {name: fit, type: $(kind), num_output: $(size), when: $(size > 0)}
          - {name: last, type: Linear, num_output: $(size), repeat: $(size), when: $(index > 9)}
      """,
      [
        "name: pool, type: Pooling, kernel_size: $(width), when: $(width > 0)",
        "name: some, block: maybe, size: $(1 // width), when: $(width > 0)",
        "name: other, block: halves, width: 0, when: false",
      ] + fine + ["name: loss, type: SoftmaxWithLoss"], variables: "{width: 0}")
    #expect(mistakes(in: text) == "")
    #expect(try model(text).network.map(\.name) == ["ip", "loss"])
  }

  @Test("are checked if a condition removes them")
  func leftOut() {
    let rendered = blockMistakes(
      """
      one:
        parameters: {width: ~}
        layers: [{name: ip, type: Linear, num_output: $(width), when: false, bias: 1}]
      """,
      [
        "name: a, type: Linaer, when: false",
        "name: b, type: Linear, num_output: 0, bias_term: $(flag), when: $(flag), repeat: 3",
        "name: c, block: one, width: 3", "name: d, block: one, widht: 3, when: false",
        "name: e, block: two, when: false",
      ] + fine, variables: "{flag: false}")
    #expect(
      rendered == """
        model.yaml:4:74: error: layer 'c/ip': unknown field 'bias'
            4 | …{name: ip, type: Linear, num_output: $(width), when: false, bias: 1}]
              |                                                              ^
        model.yaml:2:3: note: in the block 'one', defined here
            2 |   one:
              |   ^
        model.yaml:8:5: note: called here
            8 |   - {name: c, block: one, width: 3}
              |     ^
        model.yaml:6:21: error: unknown layer type 'Linaer' ('dlrun help-layer' lists them); did \
        you mean 'Linear'?
            6 |   - {name: a, type: Linaer, when: false}
              |                     ^
        model.yaml:7:41: error: num_output: expected an integer from 1 to 2147483647, received '0'
            7 |   - {name: b, type: Linear, num_output: 0, bias_term: $(flag), when: $(flag), repeat: 3}
              |                                         ^
        model.yaml:7:87: note: where index is 0
            7 | …, num_output: 0, bias_term: $(flag), when: $(flag), repeat: 3}
              |                                                              ^
        model.yaml:9:27: error: call 'd': block 'one' has no parameter 'widht'; did you mean \
        'width'?
            9 |   - {name: d, block: one, widht: 3, when: false}
              |                           ^
        model.yaml:2:3: note: the block is defined here
            2 |   one:
              |   ^
        model.yaml:10:22: error: unknown block 'two' (known blocks: one)
           10 |   - {name: e, block: two, when: false}
              |                      ^
        """)
  }
}
