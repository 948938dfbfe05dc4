import Testing
import YAML

@Suite struct NodeTests {
  @Test func mappingGivesTheFirstValueOfAKey() {
    #expect(Node.mapping([("a", .plain("1"))])["a"]?.scalar?.resolved == .integer(1))
  }
}
