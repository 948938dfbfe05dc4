import Oracles
import Solvers
import Testing
import YAML

@Suite("Regularizers") struct RegularizerTests {
  @Test("put their strength where the update reads it")
  func decay() throws {
    #expect(try RegularizerCatalog.all.decoded("L2").decay(strength: 0.5) == Decay(l1: 0, l2: 0.5))
    #expect(try RegularizerCatalog.all.decoded("L1").decay(strength: 0.5) == Decay(l1: 0.5, l2: 0))
  }
}
