import Fields
import Oracles
import Testing
import YAML

/// A type with a field of each kind.
private struct Everything: FieldOwner {
  enum Mode: String, FieldChoice {
    case fast
    case slow
    case fastest
  }

  var count = 1
  var rate = 0.5
  var ratio = 0.25
  var isOn = false
  var name = "none"
  var sizes = [3]
  var mode = Mode.slow
  var limit: Double?
  var kernel: [Int]?

  static let fields: [Field<Everything>] = [
    .required("count", \.count, .atLeast(1), "The count."),
    .optional("rate", \.rate, .above(0), "The rate."),
    .optional("ratio", \.ratio, .within(0..<1), "The ratio."),
    .optional("is_on", \.isOn, "Whether it is on."),
    .optional("name", \.name, "The name."),
    .optional("sizes", \.sizes, .each(.within(1...64)), "The sizes."),
    .optional("mode", \.mode, "The mode."),
    .optional("limit", \.limit, .given(.atLeast(0)), "The limit."),
    .optional("kernel", \.kernel, .given(.each(.atLeast(1))), "The kernel size."),
  ]
}

/// A type with choices that have an alias from another program.
private struct Window: FieldOwner {
  enum Function: String, FieldChoice {
    case max
    case average

    static var aliases: KeyValuePairs<String, Function> { ["AVE": .average] }
  }

  var pool = Function.max
  var further: [Function] = []

  static let fields: [Field<Window>] = [
    .optional("pool", \.pool, "The function."),
    .optional("further", \.further, "Further functions."),
  ]
}

@Suite struct FieldTests {
  /// The messages from decoding a text. Empty if the text is right.
  private func mistakes(_ text: String) throws -> String {
    var diagnostics = Diagnostics()
    let value = try parsed(text).decode(Everything.self, of: "thing", &diagnostics)
    #expect((value == nil) == diagnostics.hasErrors)
    return diagnostics.rendered
  }

  private func message(_ field: String) throws -> [String] {
    var diagnostics = Diagnostics()
    _ = try parsed("{count: 1, \(field)}").decode(Everything.self, of: "thing", &diagnostics)
    return diagnostics.all.map { "\($0.mark.column): \($0.message)" }
  }

  @Test func readsWhatIsStatedAndKeepsTheRest() throws {
    var diagnostics = Diagnostics()
    let value = try parsed(
      "{count: 7, rate: 1e-3, is_on: true, sizes: 5, mode: fast, limit: 2, kernel: [1, 2]}"
    ).decode(Everything.self, of: "thing", &diagnostics)
    #expect(value?.count == 7)
    #expect(value?.rate == 0.001)
    #expect(value?.ratio == 0.25)
    #expect(value?.isOn == true)
    #expect(value?.name == "none")
    #expect(value?.sizes == [5])
    #expect(value?.mode == .fast)
    #expect(value?.limit == 2)
    #expect(value?.kernel == [1, 2])
    #expect(diagnostics.all.isEmpty)
  }

  @Test func nullKeepsTheDefaultOfAnOptionalField() throws {
    #expect(try mistakes("{count: 1, rate: ~, sizes: , limit: null}").isEmpty)
  }

  /// Tries every kind of value for an integer field.
  @Test(arguments: [
    ("0", ["12: count: expected an integer of at least 1, received '0'"]),
    ("-1", ["12: count: expected an integer of at least 1, received '-1'"]),
    ("99999999999", []),
    ("9223372036854775807", []),
    (
      "9223372036854775808",
      [
        "12: count: expected an integer from 1 to 9223372036854775807, received '9223372036854775808'"
      ]
    ),
    (
      "-9223372036854775809",
      [
        "12: count: expected an integer from 1 to 9223372036854775807, received "
          + "'-9223372036854775809'"
      ]
    ),
    (".nan", ["12: count: expected an integer of at least 1, received '.nan'"]),
    (".inf", ["12: count: expected an integer of at least 1, received '.inf'"]),
    ("0.5", ["12: count: expected an integer of at least 1, received '0.5'"]),
    ("1.0", []), ("1e3", []),
    ("abc", ["12: count: expected an integer of at least 1, received 'abc'"]),
    ("'1'", ["12: count: expected an integer of at least 1, received the text '1' (in quotes)"]),
    ("true", ["12: count: expected an integer of at least 1, received 'true'"]),
    ("~", ["12: count: expected an integer of at least 1, received nothing"]),
    ("[1]", ["12: count: expected an integer of at least 1, received a list of 1"]),
    ("{a: 1}", ["12: count: expected an integer of at least 1, received a mapping"]),
  ]) func integers(_ value: String, _ messages: [String]) throws {
    var diagnostics = Diagnostics()
    _ = try parsed("   {count: \(value)}").decode(Everything.self, of: "thing", &diagnostics)
    #expect(diagnostics.all.map { "\($0.mark.column): \($0.message)" } == messages)
  }

  @Test(arguments: [
    ("rate: 0", ["18: rate: expected a number above 0, received '0'"]),
    ("rate: -0.0", ["18: rate: expected a number above 0, received '-0.0'"]),
    ("rate: -1", ["18: rate: expected a number above 0, received '-1'"]),
    ("rate: 99999999999", []),
    ("rate: 9223372036854775808", []),
    ("rate: 0xFFFFFFFFFFFFFFFFFF", []),
    ("rate: 5e-324", []),
    ("rate: 1e999", ["18: rate: expected a number above 0, received '1e999'"]),
    ("rate: .nan", ["18: rate: expected a number above 0, received '.nan'"]),
    ("rate: .inf", ["18: rate: expected a number above 0, received '.inf'"]),
    ("rate: abc", ["18: rate: expected a number above 0, received 'abc'"]),
    ("rate: [1]", ["18: rate: expected a number above 0, received a list of 1"]),
    ("rate: {}", ["18: rate: expected a number above 0, received an empty mapping"]),
    ("ratio: 0", []),
    ("ratio: 1", ["19: ratio: expected a number from 0 to below 1, received '1'"]),
    ("ratio: 0.999", []),
    ("ratio: -1e-9", ["19: ratio: expected a number from 0 to below 1, received '-1e-9'"]),
    ("limit: 0", []),
    ("limit: -1", ["19: limit: expected a number of at least 0, received '-1'"]),
    ("limit: abc", ["19: limit: expected a number of at least 0, received 'abc'"]),
    ("is_on: yes", ["19: is_on: expected true or false, received 'yes'"]),
    ("is_on: 1", ["19: is_on: expected true or false, received '1'"]),
    ("name: 17", []),
    ("name: [a]", ["18: name: expected a text, received a list of 1"]),
    (
      "mode: fasst",
      ["18: mode: expected one of fast, slow, fastest, received 'fasst'; did you mean 'fast'?"]
    ),
    ("mode: quick", ["18: mode: expected one of fast, slow, fastest, received 'quick'"]),
    ("mode: {}", ["18: mode: expected one of fast, slow, fastest, received an empty mapping"]),
  ]) func numbersTextsAndChoices(_ field: String, _ messages: [String]) throws {
    #expect(try message(field) == messages)
  }

  @Test(arguments: [
    (
      "sizes: []",
      ["19: sizes: expected a list, each item an integer from 1 to 64, received an empty list"]
    ),
    ("sizes: 65", ["19: sizes: expected a list, each item an integer from 1 to 64, received '65'"]),
    ("sizes: x", ["19: sizes: expected a list, each item an integer from 1 to 64, received 'x'"]),
    ("sizes: [1, 64]", []),
    (
      "sizes: [1, 65, 0]",
      ["23: sizes: expected a list, each item an integer from 1 to 64, received '65'"]
    ),
    (
      "sizes: [1, a, 2, [3]]",
      [
        "23: sizes: expected a list, each item an integer from 1 to 64, received 'a'",
        "29: sizes: expected a list, each item an integer from 1 to 64, received a list of 1",
      ]
    ),
    (
      "sizes: {a: 1}",
      ["19: sizes: expected a list, each item an integer from 1 to 64, received a mapping"]
    ),
    (
      "kernel: [3, 0]",
      ["24: kernel: expected a list, each item an integer of at least 1, received '0'"]
    ),
  ]) func lists(_ field: String, _ messages: [String]) throws {
    #expect(try message(field) == messages)
  }

  /// A misspelt name cannot mean a field that the mapping already states. The next nearest name is
  /// suggested.
  @Test func noFieldIsSuggestedThatIsThere() throws {
    #expect(try message("size: 2") == ["12: thing: unknown field 'size'; did you mean 'sizes'?"])
    #expect(try message("sizes: 1, size: 2") == ["22: thing: unknown field 'size'"])
    #expect(try message("mode: fast, moda: 2") == ["24: thing: unknown field 'moda'"])
  }

  @Test(arguments: [
    ("max", "max"), ("MAX", "max"), ("Average", "average"), ("AVE", "average"), ("ave", "average"),
  ]) func choicesAreReadInAnyCaseAndByTheirAliases(_ text: String, _ name: String) throws {
    var diagnostics = Diagnostics()
    let window = try parsed("{pool: \(text)}").decode(Window.self, of: "window", &diagnostics)
    #expect(window?.pool.rawValue == name)
    #expect(window?.encodedFields.map(\.value.outline) == ["\"\(name)\"", "[]"])
  }

  @Test func aWrongChoiceIsReportedWithItsField() throws {
    var diagnostics = Diagnostics()
    let text = "pool: AVG\nfurther: [max, maxx, [ave], averag]\n"
    _ = try parsed(text).decode(Window.self, of: "window", &diagnostics)
    #expect(
      diagnostics.rendered == """
        test.yaml:1:7: error: pool: expected one of max, average (or AVE), received 'AVG'; did you \
        mean 'AVE'?
            1 | pool: AVG
              |       ^
        test.yaml:2:16: error: further: expected one of max, average (or AVE), received 'maxx'; did \
        you mean 'max'?
            2 | further: [max, maxx, [ave], averag]
              |                ^
        test.yaml:2:22: error: further: expected one of max, average (or AVE), received a list of 1
            2 | further: [max, maxx, [ave], averag]
              |                      ^
        test.yaml:2:29: error: further: expected one of max, average (or AVE), received 'averag'; \
        did you mean 'average'?
            2 | further: [max, maxx, [ave], averag]
              |                             ^
        """)
    #expect(Window.fieldDescriptions.allSatisfy { $0.isChoice })
    #expect(Everything.fieldDescriptions.filter(\.isChoice).map(\.name) == ["mode"])
  }

  @Test func everyMistakeIsReported() throws {
    #expect(
      try mistakes("rate: -1\nmomentum: 0.9\nmodes: fast\nratio:1: 2\n") == """
        test.yaml:1:1: error: thing: 'count' is missing: expected an integer of at least 1
            1 | rate: -1
              | ^
        test.yaml:1:7: error: rate: expected a number above 0, received '-1'
            1 | rate: -1
              |       ^
        test.yaml:2:1: error: thing: unknown field 'momentum'
            2 | momentum: 0.9
              | ^
        test.yaml:3:1: error: thing: unknown field 'modes'; did you mean 'mode'?
            3 | modes: fast
              | ^
        test.yaml:4:1: error: thing: unknown field 'ratio:1': a space is missing after ':'
            4 | ratio:1: 2
              | ^
        """)
  }

  @Test(arguments: [("[1]", "a list of 1"), ("3", "'3'"), ("~", "nothing")])
  func onlyMappingsHaveFields(_ text: String, _ received: String) throws {
    #expect(
      try mistakes("\(text)\n") == """
        test.yaml:1:1: error: thing: expected a mapping, received \(received)
            1 | \(text)
              | ^
        """)
  }

  @Test func namesThatOthersReadAreAllowed() throws {
    var diagnostics = Diagnostics()
    let node = try parsed("{type: T, count: 2, kidn: 1}")
    var reader = try #require(FieldReader(node, of: "thing", &diagnostics))
    reader.allow(["type", "kind"])
    var value = Everything()
    reader.read(into: &value, &diagnostics)
    #expect(reader.isValid)
    reader.finish(&diagnostics)
    #expect(!reader.isValid)
    #expect(value.count == 2)
    #expect(
      diagnostics.all.map(\.message) == ["thing: unknown field 'kidn'; did you mean 'kind'?"])
  }

  @Test func encodingReadsBack() throws {
    var value = Everything()
    (value.count, value.rate, value.name) = (9, 1e-5, "true")
    (value.sizes, value.mode, value.limit) = ([1, 2], .fastest, 3)
    let node = Node(.mapping(value.encodedFields))
    #expect(
      node.outline == """
        {"count": 9, "rate": 1e-05, "ratio": 0.25, "is_on": false, "name": "true", \
        "sizes": [1, 2], "mode": "fastest", "limit": 3}
        """)
    var diagnostics = Diagnostics()
    let read = try #require(node.decode(Everything.self, of: "thing", &diagnostics))
    #expect(read.encodedFields.map(\.value.outline) == value.encodedFields.map(\.value.outline))
  }

  @Test func fieldsDescribeThemselves() {
    let descriptions = Everything.fieldDescriptions
    #expect(descriptions.map(\.name) == Everything.fields.map(\.name))
    #expect(
      descriptions.map(\.expectation) == [
        "an integer of at least 1", "a number above 0", "a number from 0 to below 1",
        "true or false", "a text", "a list, each item an integer from 1 to 64",
        "one of fast, slow, fastest", "a number of at least 0",
        "a list, each item an integer of at least 1",
      ])
    #expect(descriptions.map(\.isRequired) == [true] + [Bool](repeating: false, count: 8))
    #expect(
      descriptions.map { $0.defaultValue?.outline } == [
        nil, "0.5", "0.25", "false", #""none""#, "[3]", #""slow""#, nil, nil,
      ])
    #expect(descriptions[0].summary == "The count.")
  }

  /// A mapping of half a million unknown keys.
  @Test func hugeMappingsAreQuick() throws {
    let text = (0..<400_000).map { "momentum\($0): 1\n" }.joined()
    let node = try parsed(text + "count: 1\n")
    var diagnostics = Diagnostics()
    let start = threadSeconds()
    _ = node.decode(Everything.self, of: "thing", &diagnostics)
    #expect(diagnostics.errorCount == 400_000)
    #expect(threadSeconds() - start < 1)
  }
}
