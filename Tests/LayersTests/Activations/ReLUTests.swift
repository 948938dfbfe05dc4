import Layers
import Oracles
import Testing
import YAML

@Suite("ReLU") struct ReLUTests {
  @Test("has a slope of at most a million, of either sign")
  func negativeSlope() {
    let diagnostics = #expect(throws: Diagnostics.self) {
      try LayerCatalog.all.decoded("{type: ReLU, negative_slope: -1e7}")
    }
    #expect(
      diagnostics?.rendered == """
        test.yaml:1:30: error: negative_slope: expected a number from -1000000 to 1000000, received \
        '-1e7'
            1 | {type: ReLU, negative_slope: -1e7}
              |                              ^
        """)
  }
}
