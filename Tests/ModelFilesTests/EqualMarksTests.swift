import ModelOracles
import Testing

/// The marks in the numbers of a table, as a model file states them.
@Suite struct EqualMarksTests {
  @Test(arguments: [
    (
      "thousands: .",
      "model.yaml:1:82: error: thousands: expected different marks in 'decimal' and 'thousands', "
        + "received '.' twice"
    ),
    (
      "decimal: \",\", inputs: [a, {column: b, thousands: \",\"}]",
      "model.yaml:1:97: error: column 'b': expected different marks in 'decimal' and 'thousands', "
        + "received ',' twice"
    ),
  ])
  func equalMarksAreRefused(_ fields: String, _ message: String) throws {
    let text = network(
      ["name: ip, type: Linear, num_output: 1", "name: loss, type: EuclideanLoss"],
      data: "{source: csv, file: t.csv, target: y, task: regression, \(fields)}")
    #expect(headlines(in: text) == [message])
  }
}
