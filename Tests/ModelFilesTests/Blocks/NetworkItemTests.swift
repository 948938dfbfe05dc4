import ModelOracles
import Oracles
import Testing

@Suite("Mistakes in the items of a network: those")
struct NetworkItemTests {
  @Test("in calls and repeated layers with the same name")
  func sameNames() {
    let rendered = blockMistakes(
      """
      one: {layers: [{name: a, type: ReLU}, {name: a, type: ReLU}]}
      """,
      [
        "name: a, block: one",
        "name: a, type: ReLU",
        "name: b, type: ReLU",
        "name: b, type: ReLU, repeat: 2",
      ])
    #expect(
      rendered == """
        model.yaml:2:41: error: duplicate layer name 'a/a'
            2 |   one: {layers: [{name: a, type: ReLU}, {name: a, type: ReLU}]}
              |                                         ^
        model.yaml:2:18: note: the first is here
            2 |   one: {layers: [{name: a, type: ReLU}, {name: a, type: ReLU}]}
              |                  ^
        model.yaml:2:3: note: in the block 'one', defined here
            2 |   one: {layers: [{name: a, type: ReLU}, {name: a, type: ReLU}]…
              |   ^
        model.yaml:4:5: note: called here
            4 |   - {name: a, block: one}
              |     ^
        model.yaml:5:5: error: duplicate layer name 'a'
            5 |   - {name: a, type: ReLU}
              |     ^
        model.yaml:4:5: note: the first is here
            4 |   - {name: a, block: one}
              |     ^
        model.yaml:7:5: error: duplicate layer name 'b'
            7 |   - {name: b, type: ReLU, repeat: 2}
              |     ^
        model.yaml:6:5: note: the first is here
            6 |   - {name: b, type: ReLU}
              |     ^
        """)
  }

  @Test("in the number of copies")
  func copies() {
    let rendered = blockMistakes(
      "",
      [
        "name: a, type: ReLU, repeat: 0",
        "name: b, type: ReLU, repeat: -1",
        "name: c, type: ReLU, repeat: 1.5",
        "name: d, type: ReLU, repeat: 1000000000",
        "name: e, type: ReLU, repeat: $(n / 2)",
        "name: f, type: ReLU, repeat: many",
        "name: g, type: ReLU, repeat: [1]",
        "name: h, type: ReLU, repeat: $(index)",
        "name: i$(index), type: ReLU, repeat: 2",
        "name: j, type: ReLU, bottom: data, top: data, repeat: 2",
      ], variables: "{n: 3}")
    #expect(
      rendered == """
        model.yaml:2:35: error: repeat: expected an integer from 1 to 10000, received '0'
            2 |   - {name: a, type: ReLU, repeat: 0}
              |                                   ^
        model.yaml:3:35: error: repeat: expected an integer from 1 to 10000, received '-1'
            3 |   - {name: b, type: ReLU, repeat: -1}
              |                                   ^
        model.yaml:4:35: error: repeat: expected an integer from 1 to 10000, received '1.5'
            4 |   - {name: c, type: ReLU, repeat: 1.5}
              |                                   ^
        model.yaml:5:35: error: repeat: expected an integer from 1 to 10000, received '1000000000'
            5 |   - {name: d, type: ReLU, repeat: 1000000000}
              |                                   ^
        model.yaml:6:35: error: repeat: expected an integer from 1 to 10000, received '1.5'
            6 |   - {name: e, type: ReLU, repeat: $(n / 2)}
              |                                   ^
        model.yaml:13:16: note: 'n' has its value here
           13 | variables: {n: 3}
              |                ^
        model.yaml:7:35: error: repeat: expected an integer from 1 to 10000, received 'many'
            7 |   - {name: f, type: ReLU, repeat: many}
              |                                   ^
        model.yaml:8:35: error: repeat: expected an integer from 1 to 10000, received a list of 1
            8 |   - {name: g, type: ReLU, repeat: [1]}
              |                                   ^
        model.yaml:9:37: error: 'index' has no value here: it counts the copies of a layer or \
        call with 'repeat', in all its fields except 'name', 'top' and 'repeat'
            9 |   - {name: h, type: ReLU, repeat: $(index)}
              |                                     ^
        model.yaml:10:15: error: 'index' has no value here: it counts the copies of a layer or \
        call with 'repeat', in all its fields except 'name', 'top' and 'repeat'
           10 |   - {name: i$(index), type: ReLU, repeat: 2}
              |               ^
        model.yaml:11:35: error: layer 'j': expected a top that is not a bottom, since each copy \
        has its own, received 'data'
           11 |   - {name: j, type: ReLU, bottom: data, top: data, repeat: 2}
              |                                   ^
        model.yaml:11:60: note: where index is 0
           11 |   - {name: j, type: ReLU, bottom: data, top: data, repeat: 2}
              |                                                            ^
        """)
  }

  @Test("in the condition of a layer")
  func conditions() {
    let rendered = blockMistakes(
      "",
      [
        "name: a, type: ReLU, when: 1",
        "name: b, type: ReLU, when: $(n)",
        "name: c, type: ReLU, when: $(m > 1)",
        "name: d, type: ReLU, when: yes, repeat: 2",
      ], variables: "{n: 3}")
    #expect(
      rendered == """
        model.yaml:2:33: error: when: expected true or false, received '1'
            2 |   - {name: a, type: ReLU, when: 1}
              |                                 ^
        model.yaml:3:33: error: when: expected true or false, received '3'
            3 |   - {name: b, type: ReLU, when: $(n)}
              |                                 ^
        model.yaml:7:16: note: 'n' has its value here
            7 | variables: {n: 3}
              |                ^
        model.yaml:4:35: error: unknown name 'm' in '$(…)'
            4 |   - {name: c, type: ReLU, when: $(m > 1)}
              |                                   ^
        model.yaml:5:33: error: when: expected true or false, received 'yes'
            5 |   - {name: d, type: ReLU, when: yes, repeat: 2}
              |                                 ^
        model.yaml:5:46: note: where index is 0
            5 |   - {name: d, type: ReLU, when: yes, repeat: 2}
              |                                              ^
        """)
  }
}
