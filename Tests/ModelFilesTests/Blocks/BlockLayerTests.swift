import ModelOracles
import Oracles
import Testing

@Suite("Mistakes in the layers of a block: those")
struct BlockLayerTests {
  @Test("in a field's range are reported at the block's line")
  func ranges() {
    let rendered = blockMistakes(
      """
      wide:
        parameters: {width: ~}
        layers:
          - {name: ip, type: Linear, num_output: $(width / 2)}
          - {name: relu, type: ReLU}
      """,
      [
        "name: a, block: wide, width: 4",
        "name: b, block: wide, width: 5",
      ])
    #expect(
      rendered == """
        model.yaml:5:46: error: num_output: expected an integer from 1 to 2147483647, received \
        '2.5'
            5 |       - {name: ip, type: Linear, num_output: $(width / 2)}
              |                                              ^
        model.yaml:2:3: note: in the block 'wide', defined here
            2 |   wide:
              |   ^
        model.yaml:9:5: note: called here
            9 |   - {name: b, block: wide, width: 5}
              |     ^
        """)
  }

  @Test("in the name and the bottoms of a block's layer")
  func bottoms() {
    let rendered = blockMistakes(
      """
      one:
        inputs: [x]
        output: relu3
        layers:
          - {name: relu, type: ReLU, bottom: outside}
          - {name: relu2, type: ReLU, bottom: [input, rleu]}
          - {name: x, type: ReLU}
          - {name: label, type: ReLU, bottom: [a, 3]}
          - {name: y, type: ReLU, top: x}
          - {name: z, type: ReLU, bottom: {a: 1}}
      """,
      [
        "name: outside, type: ReLU",
        "name: a, block: one",
      ])
    #expect(
      rendered == """
        model.yaml:4:13: error: block 'one': output 'relu3' is not made by any of its layers; did \
        you mean 'relu'?
            4 |     output: relu3
              |             ^
        model.yaml:2:3: note: in the block 'one', defined here
            2 |   one:
              |   ^
        model.yaml:14:5: note: called here
           14 |   - {name: a, block: one}
              |     ^
        model.yaml:6:42: error: bottom 'outside' is not a layer, call or input of the block (its \
        inputs: x)
            6 |       - {name: relu, type: ReLU, bottom: outside}
              |                                          ^
        model.yaml:2:3: note: in the block 'one', defined here
            2 |   one:
              |   ^
        model.yaml:14:5: note: called here
           14 |   - {name: a, block: one}
              |     ^
        model.yaml:7:44: error: bottom 'input' is not a layer, call or input of the block (its \
        inputs: x)
            7 |       - {name: relu2, type: ReLU, bottom: [input, rleu]}
              |                                            ^
        model.yaml:2:3: note: in the block 'one', defined here
            2 |   one:
              |   ^
        model.yaml:14:5: note: called here
           14 |   - {name: a, block: one}
              |     ^
        model.yaml:7:51: error: bottom 'rleu' is not a layer, call or input of the block (its \
        inputs: x); did you mean 'relu'?
            7 |       - {name: relu2, type: ReLU, bottom: [input, rleu]}
              |                                                   ^
        model.yaml:2:3: note: in the block 'one', defined here
            2 |   one:
              |   ^
        model.yaml:14:5: note: called here
           14 |   - {name: a, block: one}
              |     ^
        model.yaml:8:9: error: layer 'x': 'x' is the name of an input of the block: expected \
        another name
            8 |       - {name: x, type: ReLU}
              |         ^
        model.yaml:2:3: note: in the block 'one', defined here
            2 |   one:
              |   ^
        model.yaml:14:5: note: called here
           14 |   - {name: a, block: one}
              |     ^
        model.yaml:9:9: error: layer 'label': 'label' is the name of the data: expected another \
        name
            9 |       - {name: label, type: ReLU, bottom: [a, 3]}
              |         ^
        model.yaml:2:3: note: in the block 'one', defined here
            2 |   one:
              |   ^
        model.yaml:14:5: note: called here
           14 |   - {name: a, block: one}
              |     ^
        model.yaml:10:9: error: layer 'y': 'x' is the name of an input of the block: expected \
        another name
           10 |       - {name: y, type: ReLU, top: x}
              |         ^
        model.yaml:2:3: note: in the block 'one', defined here
            2 |   one:
              |   ^
        model.yaml:14:5: note: called here
           14 |   - {name: a, block: one}
              |     ^
        model.yaml:11:39: error: bottom: expected a list, each item a name of 1 to 200 printable \
        characters, received a mapping
           11 |       - {name: z, type: ReLU, bottom: {a: 1}}
              |                                       ^
        model.yaml:2:3: note: in the block 'one', defined here
            2 |   one:
              |   ^
        model.yaml:14:5: note: called here
           14 |   - {name: a, block: one}
              |     ^
        """)
  }
}
