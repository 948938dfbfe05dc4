import Fields
import Oracles
import Testing
import YAML

private struct Constant: CatalogType {
  var value = 0.0
  static let reference = Reference(
    "constant", aliases: ["fixed"], formula: "w = value", discussion: "",
    example: "{type: constant}")
  static let fields: [Field<Constant>] = [.optional("value", \.value, "The value of every weight.")]
}

private struct Uniform: CatalogType {
  var minimum = 0.0
  var maximum = 1.0
  static let reference = Reference(
    "uniform", formula: "w ~ U(min, max)", discussion: "", example: "{type: uniform, max: 1}")
  static let fields: [Field<Uniform>] = [
    .optional("min", \.minimum, "The least."), .required("max", \.maximum, "The greatest."),
  ]
}

@Suite struct CatalogTests {
  private let catalog = Catalog<String>(
    of: "filler",
    [
      Catalog.Entry(Constant.self) { "constant \($0.value)" },
      Catalog.Entry(Uniform.self) { "uniform \($0.minimum) \($0.maximum)" },
    ])

  private func decode(_ text: String) throws -> (product: String?, mistakes: String) {
    var diagnostics = Diagnostics()
    let node = try #require(try parsed("f: \(text)\n")["f"])
    return (catalog.decode(node, of: "weight_filler", &diagnostics), diagnostics.rendered)
  }

  @Test(arguments: [
    ("{type: constant, value: 3}", "constant 3.0"), ("{type: fixed}", "constant 0.0"),
    ("constant", "constant 0.0"), ("{max: 2, type: uniform, min: -1}", "uniform -1.0 2.0"),
  ]) func decodes(_ text: String, _ product: String) throws {
    let decoded = try decode(text)
    #expect(decoded.product == product)
    #expect(decoded.mistakes.isEmpty)
  }

  @Test(arguments: [
    (
      "{type: constnat}",
      "11: unknown filler type 'constnat' (known types: constant, uniform); "
        + "did you mean 'constant'?"
    ),
    (
      "fixd",
      "4: unknown filler type 'fixd' (known types: constant, uniform); did you mean 'fixed'?"
    ),
    ("{type: [a]}", "11: unknown filler type a list of 1 (known types: constant, uniform)"),
    ("{type: xavier}", "11: unknown filler type 'xavier' (known types: constant, uniform)"),
    (
      "{value: 1}",
      "4: weight_filler: 'type' is missing: expected a filler type (constant, uniform)"
    ),
    (
      "[constant]",
      "4: weight_filler: 'type' is missing: expected a filler type (constant, uniform)"
    ),
    ("uniform", "4: filler uniform: 'max' is missing: expected a number"),
    (
      "{type: constant, valeu: 1}",
      "21: filler constant: unknown field 'valeu'; did you mean 'value'?"
    ),
    ("{type: constant, value: x}", "28: value: expected a number, received 'x'"),
  ]) func refuses(_ text: String, _ message: String) throws {
    let decoded = try decode(text)
    #expect(decoded.product == nil)
    #expect(
      decoded.mistakes.split(separator: "\n").first.map(String.init)
        == "test.yaml:1:" + message.replacing(": ", with: ": error: ", maxReplacements: 1))
  }

  @Test func entriesAreFoundByNameAndAlias() {
    #expect(catalog.entry(named: "fixed")?.reference.name == "constant")
    #expect(catalog.entry(named: "Constant") == nil)
    #expect(catalog.names == ["constant", "uniform"])
    #expect(catalog.suggestion(for: "uniformm") == "uniform")
  }

  @Test func entriesEncodeThemselves() {
    #expect(
      Node(.mapping(Constant().encodedEntry)).outline == #"{"type": "constant", "value": 0}"#)
  }
}
