/// A number that a run ends with, under the name of its column: `test_accuracy`.
package struct NamedScore: Sendable {
  package let name: String
  package let value: Double

  package init(name: String, value: Double) {
    self.name = name
    self.value = value
  }
}
