/// A final number of a run, under the name of its column, such as `test_accuracy`.
package struct NamedScore: Sendable {
  package let name: String
  package let value: Double

  package init(name: String, value: Double) {
    self.name = name
    self.value = value
  }
}
