import ModelOracles
import Oracles
import Testing

@Suite("Mistakes in the call of a block: those")
struct BlockCallTests {
  @Test("in a block are reported once, with notes on the block and its calls")
  func inBlocks() {
    let rendered = blockMistakes(
      """
      inner:
        parameters: {width: ~}
        layers: [{name: ip, type: Linear, num_output: $(8 // width), bais: 1}]
      outer:
        parameters: {width: 0}
        layers:
          - {name: a, block: inner, repeat: 2, width: $(width - index)}
      """,
      [
        "name: x, block: outer, width: 1",
        "name: y, block: outer, width: 1",
      ])
    #expect(
      rendered == """
        model.yaml:4:55: error: '//': division of 8 by zero
            4 |     layers: [{name: ip, type: Linear, num_output: $(8 // width), bais: 1}]
              |                                                       ^
        model.yaml:2:3: note: in the block 'inner', defined here
            2 |   inner:
              |   ^
        model.yaml:8:9: note: called here, where index is 1
            8 |       - {name: a, block: inner, repeat: 2, width: $(width - index)}
              |         ^
        model.yaml:5:3: note: in the block 'outer', defined here
            5 |   outer:
              |   ^
        model.yaml:10:5: note: called here
           10 |   - {name: x, block: outer, width: 1}
              |     ^
        model.yaml:4:66: error: layer 'x/a/0/ip': unknown field 'bais'
            4 | …ayers: [{name: ip, type: Linear, num_output: $(8 // width), bais: 1}]
              |                                                              ^
        model.yaml:2:3: note: in the block 'inner', defined here
            2 |   inner:
              |   ^
        model.yaml:8:9: note: called here, where index is 0
            8 |       - {name: a, block: inner, repeat: 2, width: $(width - index)}
              |         ^
        model.yaml:5:3: note: in the block 'outer', defined here
            5 |   outer:
              |   ^
        model.yaml:10:5: note: called here
           10 |   - {name: x, block: outer, width: 1}
              |     ^
        """)
  }

  @Test("in a call are reported with the block's line")
  func calls() {
    let rendered = blockMistakes(
      """
      one:
        parameters: {width: ~, depth: ~, slope: 0}
        layers: [{name: relu, type: ReLU, negative_slope: $(slope)}]
      two:
        inputs: [x, y]
        layers: [{name: relu, type: ReLU, bottom: x}]
      """,
      [
        "name: a, block: onne, width: 3",
        "name: b, block: one, witdh: 3, depth: 1",
        "name: c, block: one",
        "name: d, block: one, depth: 1",
        "name: e, block: two",
        "name: f, block: two, bottom: [a, b, c]",
        "block: one, width: 1, depth: 1",
        "name: h, block: one, type: ReLU, width: 1, depth: 1",
        "name: i, block: [one], width: 1",
        "name: j, block: one, width: 1, depth: 1, top: [k, l]",
        "name: m, block: two, bottom: [{a: 1}, b]",
        "name: n, block: one, width: 1, depth: $(1 // 0)",
      ])
    #expect(
      rendered == """
        model.yaml:9:22: error: unknown block 'onne' (known blocks: one, two); did you mean 'one'?
            9 |   - {name: a, block: onne, width: 3}
              |                      ^
        model.yaml:10:27: error: call 'b': block 'one' has no parameter 'witdh'; did you mean \
        'width'?
           10 |   - {name: b, block: one, witdh: 3, depth: 1}
              |                           ^
        model.yaml:2:3: note: the block is defined here
            2 |   one:
              |   ^
        model.yaml:11:5: error: call 'c': block 'one' needs the parameters 'width', 'depth'
           11 |   - {name: c, block: one}
              |     ^
        model.yaml:2:3: note: the block is defined here
            2 |   one:
              |   ^
        model.yaml:12:5: error: call 'd': block 'one' needs the parameter 'width'
           12 |   - {name: d, block: one, depth: 1}
              |     ^
        model.yaml:2:3: note: the block is defined here
            2 |   one:
              |   ^
        model.yaml:13:5: error: call 'e': block 'two' has 2 inputs (x, y): expected as many \
        bottoms, received none
           13 |   - {name: e, block: two}
              |     ^
        model.yaml:5:3: note: the block is defined here
            5 |   two:
              |   ^
        model.yaml:14:35: error: call 'f': block 'two' has 2 inputs (x, y): expected as many \
        bottoms, received 3
           14 |   - {name: f, block: two, bottom: [a, b, c]}
              |                                   ^
        model.yaml:5:3: note: the block is defined here
            5 |   two:
              |   ^
        model.yaml:15:5: error: call: 'name' is missing: expected a name of 1 to 200 printable \
        characters
           15 |   - {block: one, width: 1, depth: 1}
              |     ^
        model.yaml:16:22: error: call 'h': expected either 'type' or 'block', received both
           16 |   - {name: h, block: one, type: ReLU, width: 1, depth: 1}
              |                      ^
        model.yaml:17:22: error: block: expected the name of a block, received a list of 1
           17 |   - {name: i, block: [one], width: 1}
              |                      ^
        model.yaml:18:52: error: call 'j': expected 1 top, received 2
           18 |   - {name: j, block: one, width: 1, depth: 1, top: [k, l]}
              |                                                    ^
        model.yaml:19:35: error: bottom: expected a list, each item a name, received a list of 2
           19 |   - {name: m, block: two, bottom: [{a: 1}, b]}
              |                                   ^
        model.yaml:20:48: error: '//': division of 1 by zero
           20 |   - {name: n, block: one, width: 1, depth: $(1 // 0)}
              |                                                ^
        """)
  }

  @Test("in names that grow too long")
  func longNames() {
    let rendered = blockMistakes(
      """
      one: {layers: [{name: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, block: \
      two}]}
      two: {layers: [{name: cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc, type: \
      ReLU}, {name: short, type: ReLU}]}
      """,
      [
        "name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, block: one"
      ])
    #expect(
      rendered == """
        model.yaml:3:25: error: name: expected a name of 1 to 200 printable characters, received \
        'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc'
            3 |   two: {layers: [{name: \
        cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc…
              |                         ^
        model.yaml:3:3: note: in the block 'two', defined here
            3 |   two: {layers: [{name: cccccccccccccccccccccccccccccccccccccc…
              |   ^
        model.yaml:2:18: note: called here
            2 |   one: {layers: [{name: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…
              |                  ^
        model.yaml:2:3: note: in the block 'one', defined here
            2 |   one: {layers: [{name: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…
              |   ^
        model.yaml:5:5: note: called here
            5 |   - {name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…
              |     ^
        """)
  }

  @Test("through lists and mappings in place of a text")
  func structures() {
    let rendered = blockMistakes(
      """
      one:
        parameters: {list: ~, map: ~}
        layers:
          - {name: a, type: Linear, num_output: $(list)}
          - {name: b, type: Linear, num_output: $(1 + map)}
          - {name: c$(list), type: ReLU}
      """,
      [
        "name: a, block: one, list: [3], map: {a: 1}"
      ])
    #expect(
      rendered == """
        model.yaml:5:45: error: num_output: expected an integer from 1 to 2147483647, received a \
        list of 1
            5 |       - {name: a, type: Linear, num_output: $(list)}
              |                                             ^
        model.yaml:2:3: note: in the block 'one', defined here
            2 |   one:
              |   ^
        model.yaml:9:5: note: called here
            9 |   - {name: a, block: one, list: [3], map: {a: 1}}
              |     ^
        model.yaml:6:51: error: 'map' is a mapping, which must be used alone: $(map)
            6 |       - {name: b, type: Linear, num_output: $(1 + map)}
              |                                                   ^
        model.yaml:2:3: note: in the block 'one', defined here
            2 |   one:
              |   ^
        model.yaml:9:5: note: called here
            9 |   - {name: a, block: one, list: [3], map: {a: 1}}
              |     ^
        model.yaml:7:19: error: 'list' is a list of 1, which must be used alone: $(list)
            7 |       - {name: c$(list), type: ReLU}
              |                   ^
        model.yaml:2:3: note: in the block 'one', defined here
            2 |   one:
              |   ^
        model.yaml:9:5: note: called here
            9 |   - {name: a, block: one, list: [3], map: {a: 1}}
              |     ^
        """)
  }
}
