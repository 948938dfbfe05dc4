import ModelOracles
import Oracles
import Testing

@Suite("Mistakes in the section of blocks: those")
struct BlockTableTests {
  @Test("in a call in a file without blocks")
  func noBlocks() {
    let rendered = blockMistakes(
      "",
      [
        "name: a, block: one"
      ])
    #expect(
      rendered == """
        model.yaml:2:22: error: unknown block 'one' (the file has no blocks)
            2 |   - {name: a, block: one}
              |                      ^
        """)
  }

  @Test("in the section itself")
  func sections() {
    let rendered = blockMistakes(
      "",
      [
        "name: a, type: ReLU"
      ], variables: "{a: 1}\nblocks: [a]")
    #expect(
      rendered == """
        model.yaml:5:9: error: blocks: expected a mapping of names to blocks, received a list of 1
            5 | blocks: [a]
              |         ^
        """)
  }

  @Test("of blocks that call themselves show the chain of calls")
  func cycles() {
    let rendered = blockMistakes(
      """
      one: {layers: [{name: a, block: one}]}
      two: {layers: [{name: a, block: three}]}
      three: {layers: [{name: a, type: ReLU}, {name: b, block: four, when: false}]}
      four: {layers: [{name: a, block: two}, {name: b, block: five}]}
      five: {layers: [{name: a, type: ReLU}]}
      """,
      [
        "name: a, block: three"
      ])
    #expect(
      rendered == """
        model.yaml:2:35: error: block 'one' calls itself: 'one' → 'one'
            2 |   one: {layers: [{name: a, block: one}]}
              |                                   ^
        model.yaml:5:36: error: block 'two' calls itself: 'two' → 'three' → 'four' → 'two'
            5 |   four: {layers: [{name: a, block: two}, {name: b, block: five}]}
              |                                    ^
        model.yaml:3:35: note: 'three' is called here
            3 |   two: {layers: [{name: a, block: three}]}
              |                                   ^
        model.yaml:4:60: note: 'four' is called here
            4 |   three: {layers: [{name: a, type: ReLU}, {name: b, block: four, when: false}]}
              |                                                            ^
        """)
  }

  @Test("in duplicate names")
  func twice() {
    let rendered = blockMistakes(
      """
      one: {layers: [{name: a, type: ReLU}, {name: a, type: ReLU}]}
      one: {layers: [{name: a, type: ReLU}]}
      """,
      [
        "name: a, type: ReLU"
      ])
    #expect(
      rendered == """
        model.yaml:3:3: error: duplicate key 'one'
            3 |   one: {layers: [{name: a, type: ReLU}]}
              |   ^
        model.yaml:2:3: note: the first one is here
            2 |   one: {layers: [{name: a, type: ReLU}, {name: a, type: ReLU}]…
              |   ^
        """)
  }
}
