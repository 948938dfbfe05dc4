import Layers
import Oracles
import Testing
import YAML

@Suite("ReLU") struct ReLUTests {
  @Test("has no slope that would hide the sign of the input")
  func negativeSlope() {
    let diagnostics = #expect(throws: Diagnostics.self) {
      try LayerCatalog.all.decoded("{type: ReLU, negative_slope: -0.1}")
    }
    #expect(
      diagnostics?.rendered == """
        test.yaml:1:30: error: negative_slope: expected a number from 0 to 1000000, received '-0.1'
            1 | {type: ReLU, negative_slope: -0.1}
              |                              ^
        """)
  }
}
