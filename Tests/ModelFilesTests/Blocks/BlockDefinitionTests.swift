import ModelOracles
import Oracles
import Testing

@Suite("Mistakes in the definition of a block: those")
struct BlockDefinitionTests {
  @Test("in a name are reported once, at the block, with or without a call")
  func unknownNames() {
    let rendered = blockMistakes(
      """
      one:
        parameters: {width: 4, height: $(widht), depth: $(later), later: 1}
        layers:
          - {name: ip, type: Linear, num_output: $(withd), bias_term: $(index == 0)}
          - {name: a$(index), type: ReLU, repeat: 2, negative_slope: "$(index / ${width})"}
          - {name: b, type: ReLU, $(width): 1, bottom: "${width}"}
      """,
      [
        "name: a, type: ReLU",
        "name: b, block: one",
      ], variables: "{w: 1}")
    #expect(
      rendered == """
        model.yaml:3:38: error: unknown name 'widht' in '$(…)'; did you mean 'width'?
            3 |     parameters: {width: 4, height: $(widht), depth: $(later), later: 1}
              |                                      ^
        model.yaml:3:55: error: parameter 'later' is used before its definition
            3 |     parameters: {width: 4, height: $(widht), depth: $(later), later: 1}
              |                                                       ^
        model.yaml:5:48: error: unknown name 'withd' in '$(…)'
            5 |       - {name: ip, type: Linear, num_output: $(withd), bias_term: $(index == 0)}
              |                                                ^
        model.yaml:5:69: error: 'index' has no value here: it counts the copies of a layer or \
        call with 'repeat', in all its fields except 'name', 'top' and 'repeat'
            5 | …{name: ip, type: Linear, num_output: $(withd), bias_term: $(index == 0)}
              |                                                              ^
        model.yaml:6:19: error: 'index' has no value here: it counts the copies of a layer or \
        call with 'repeat', in all its fields except 'name', 'top' and 'repeat'
            6 |       - {name: a$(index), type: ReLU, repeat: 2, negative_slope: "$(index / ${…
              |                   ^
        model.yaml:6:77: error: '$(…)': unexpected '$': write the name without '$'
            6 | …$(index), type: ReLU, repeat: 2, negative_slope: "$(index / ${width})"}
              |                                                              ^
        model.yaml:7:31: error: '$(…)' is not allowed in the name of a field
            7 |       - {name: b, type: ReLU, $(width): 1, bottom: "${width}"}
              |                               ^
        model.yaml:7:52: error: 'width' is a parameter: write $(width)
            7 |       - {name: b, type: ReLU, $(width): 1, bottom: "${width}"}
              |                                                    ^
        """)
  }

  @Test("in a definition are reported without a call")
  func definitions() {
    let rendered = blockMistakes(
      """
      one: {layers: []}
      two: {}
      three: [a]
      four: {layers: [{name: a, type: ReLU}, b], layer: 1, inputs: [x, x]}
      five:
        parameters: {index: 1, repeat: 2, type: 3, and: 4, if: 5, a-b: 6, 1a: 7}
        inputs: [data]
        layers: [{name: a, type: ReLU}]
      six: {parameters: [a], layers: 3}
      seven: {layers: [{name: a, block: eight}], output: ''}
      """,
      [
        "name: a, type: ReLU"
      ])
    #expect(
      rendered == """
        model.yaml:2:17: error: block 'one': layers: expected a list of layers, received an empty \
        list
            2 |   one: {layers: []}
              |                 ^
        model.yaml:3:8: error: block 'two': 'layers' is missing: expected a list of layers
            3 |   two: {}
              |        ^
        model.yaml:4:10: error: block 'three': expected a mapping, received a list of 1
            4 |   three: [a]
              |          ^
        model.yaml:5:42: error: block 'four': expected a layer's mapping, received 'b'
            5 |   four: {layers: [{name: a, type: ReLU}, b], layer: 1, inputs: [x, x]}
              |                                          ^
        model.yaml:5:46: error: block 'four': unknown field 'layer'
            5 |   four: {layers: [{name: a, type: ReLU}, b], layer: 1, inputs: [x, x]}
              |                                              ^
        model.yaml:5:64: error: block 'four': duplicate input 'x'
            5 | …our: {layers: [{name: a, type: ReLU}, b], layer: 1, inputs: [x, x]}
              |                                                              ^
        model.yaml:7:18: error: block 'five': the parameter name 'index' is reserved: expected \
        another name
            7 |     parameters: {index: 1, repeat: 2, type: 3, and: 4, if: 5, a-b: 6, 1a: 7}
              |                  ^
        model.yaml:7:28: error: block 'five': the parameter name 'repeat' is reserved: expected \
        another name
            7 |     parameters: {index: 1, repeat: 2, type: 3, and: 4, if: 5, a-b: 6, 1a: 7}
              |                            ^
        model.yaml:7:39: error: block 'five': the parameter name 'type' is reserved: expected \
        another name
            7 |     parameters: {index: 1, repeat: 2, type: 3, and: 4, if: 5, a-b: 6, 1a: 7}
              |                                       ^
        model.yaml:7:48: error: block 'five': the parameter name 'and' is reserved: expected \
        another name
            7 |     parameters: {index: 1, repeat: 2, type: 3, and: 4, if: 5, a-b: 6, 1a: 7}
              |                                                ^
        model.yaml:7:56: error: block 'five': the parameter name 'if' is reserved: expected \
        another name
            7 |     parameters: {index: 1, repeat: 2, type: 3, and: 4, if: 5, a-b: 6, 1a: 7}
              |                                                        ^
        model.yaml:7:63: error: block 'five': parameters: expected a name of letters, digits and \
        _ that does not begin with a digit, received 'a-b'
            7 | …  parameters: {index: 1, repeat: 2, type: 3, and: 4, if: 5, a-b: 6, 1a: 7}
              |                                                              ^
        model.yaml:7:71: error: block 'five': parameters: expected a name of letters, digits and \
        _ that does not begin with a digit, received '1a'
            7 | …ters: {index: 1, repeat: 2, type: 3, and: 4, if: 5, a-b: 6, 1a: 7}
              |                                                              ^
        model.yaml:8:14: error: inputs: expected a list, each item a name of letters, digits and \
        _, received 'data'
            8 |     inputs: [data]
              |              ^
        model.yaml:10:21: error: block 'six': parameters: expected a mapping of at most 100 names \
        to defaults (~ for none), received a list of 1
           10 |   six: {parameters: [a], layers: 3}
              |                     ^
        model.yaml:10:34: error: block 'six': layers: expected a list of layers, received '3'
           10 |   six: {parameters: [a], layers: 3}
              |                                  ^
        model.yaml:11:37: error: unknown block 'eight' (known blocks: one, two, three, four, \
        five, six, seven)
           11 |   seven: {layers: [{name: a, block: eight}], output: ''}
              |                                     ^
        model.yaml:11:54: error: output: expected a name of 1 to 200 printable characters, \
        received ''
           11 |   seven: {layers: [{name: a, block: eight}], output: ''}
              |                                                      ^
        """)
  }
}
