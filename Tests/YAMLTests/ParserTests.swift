import Oracles
import Testing
import YAML

@Suite struct ParserTests {
  private static let documents: [(text: String, outline: String)] = [
    // Block and flow style, nested.
    ("a: 1\nb:\n  - x\n  - y: 2\n    z: 3\n", #"{"a": 1, "b": ["x", {"y": 2, "z": 3}]}"#),
    ("- a\n- - b\n  - c\n-\n  d\n", #"["a", ["b", "c"], "d"]"#),
    ("a:\n- 1\n- 2\nb: 3", #"{"a": [1, 2], "b": 3}"#),
    ("{a: [1, {b: c}], 'd': \"e\"}", #"{"a": [1, {"b": "c"}], "d": "e"}"#),
    ("[a, b,\n c,]", #"["a", "b", "c"]"#),
    ("[a: 1, {b}]", #"[{"a": 1}, {"b": null}]"#),
    ("? a\n: 1\n? b\n", #"{"a": 1, "b": null}"#),
    ("{}", "{}"),
    ("[]", "[]"),
    // Scalars of each style.
    ("plain text # comment", #""plain text""#),
    ("'it''s'", #""it\'s""#),
    (#""a\tb\x41\u00e9\U0001F600\/\0""#, #""a\tbAé😀/\0""#),
    ("|\n a\n  b\n\n c\n", #""a\n b\n\nc\n""#),
    (">\n a\n b\n\n c\n", #""a b\nc\n""#),
    ("|-\n a\n", #""a""#),
    ("|+\n a\n\n", #""a\n\n""#),
    ("|2\n   a\n", #"" a\n""#),
    ("a\n b\n\n c", #""a b\nc""#),
    ("\"a\n  b\\\n  c\"", #""a bc""#),
    ("a: http://example.com:80/x#y", #"{"a": "http://example.com:80/x#y"}"#),
    // The core schema.
    (
      "[~, null, !!null , yes, on, True, 0x1F, 0o17, 1e-3, .inf, -.Inf, .nan]",
      #"[null, null, null, "yes", "on", true, 31, 15, 0.001, inf, -inf, nan]"#
    ),
    ("[1_000, 12:30:45, 2020-01-01]", #"["1_000", "12:30:45", "2020-01-01"]"#),
    (#"['1', "true", '~', '']"#, #"["1", "true", "~", ""]"#),
    ("99999999999999999999", "huge 99999999999999999999"),
    // Directives, document marks, comments, blanks.
    ("%YAML 1.1\n---\na: on\n", #"{"a": "on"}"#),
    ("%YAML 1.2\n--- a\n...\n# end\n", #""a""#),
    ("# first\n\n---\n- 1\n...\n...\n", "[1]"),
    ("--- |\n %a\n", #""%a\n""#),
    ("\n\na: 1 \t # x\n\n", #"{"a": 1}"#),
    ("a:\t1\nb: [\t2,\n\t3]", #"{"a": 1, "b": [2, 3]}"#),
    ("a: ~", #"{"a": null}"#),
    ("~", "null"),
    // Line breaks of all kinds.
    ("a: 1\r\nb: 2\r\n", #"{"a": 1, "b": 2}"#),
    ("a: 1\rb: 2\r", #"{"a": 1, "b": 2}"#),
    ("- |\r\n  x\r\n  y\r\n", #"["x\ny\n"]"#),
    ("a: 1\u{85}b: 2\u{2028}c: 3", #"{"a": 1, "b": 2, "c": 3}"#),
    // Characters beyond ASCII.
    ("größe: 字 😀", #"{"größe": "字 😀"}"#),
    ("\u{FEFF}a: 1", #"{"a": 1}"#),
  ]

  @Test(arguments: documents) func reads(_ text: String, _ outline: String) throws {
    #expect(try parsed(text).outline == outline)
  }

  @Test func everyNodeKnowsItsPlace() throws {
    let node = try parsed("a:\n  - 1\n  - {b: 'x',\n     c: }\n\"d\": |\n  text\n? e\n")
    var places: [String] = []
    func visit(_ node: Node) {
      places.append("\(node.mark.line):\(node.mark.column)")
      for item in node.items ?? [] { visit(item) }
      for pair in node.pairs ?? [] {
        visit(pair.key)
        visit(pair.value)
      }
    }
    visit(node)
    #expect(
      places == [
        "1:1", "1:1", "2:3", "2:5", "3:5", "3:6", "3:9", "4:6", "4:9", "5:1", "5:6", "7:3", "8:1",
      ])
    #expect(node.mark.source.name == "test.yaml")
  }

  @Test func columnsCountScalars() throws {
    let node = try parsed("字é😀: [字, x]\r\n\u{1F600}: 1")
    let items = try #require(node["字é😀"]?.items)
    #expect(items.map(\.mark.column) == [7, 10])
    #expect(node.pairs?.last?.value.mark.description == "test.yaml:2:4")
  }

  @Test(arguments: [
    "", " \n", "# only a comment", "---\n", "---\n...\n", "%YAML 1.2\n---\n", "\u{FEFF}",
  ])
  func anEmptyDocumentIsRefused(_ text: String) {
    #expect(headlines(of: text).map { $0.drop { $0 != " " } } == [" error: the document is empty"])
  }

  @Test func emptinessHasAPlace() {
    #expect(mistakes(in: "") == "test.yaml:1:1: error: the document is empty\n    1 | \n      | ^")
  }

  private static let seconds: [(text: String, messages: [String])] = [
    ("a: 1\n---\nb: 2\n", ["t:2:1: error: a second document begins here; a file contains one"]),
    ("a\n...\n\n# x\n--- b", ["t:5:1: error: a second document begins here; a file contains one"]),
    (
      "a\n...\n%YAML 1.2\n---\nb",
      ["t:3:1: error: a second document begins here; a file contains one"]
    ),
    ("a\n...\nb", ["t:3:1: error: unexpected text after the end of the document"]),
    ("a\n... b", ["t:2:5: error: unexpected text after the end of the document"]),
    ("[1] x", ["t:1:5: error: unexpected text after the end of the document"]),
    ("[1]]", ["t:1:4: error: unexpected text after the end of the document"]),
    (
      "{a: 1, a: 2}\n---\n",
      [
        "t:1:8: error: duplicate key 'a'",
        "t:2:1: error: a second document begins here; a file contains one",
      ]
    ),
  ]

  @Test(arguments: seconds) func aFileHoldsOneDocument(_ text: String, _ messages: [String]) {
    #expect(headlines(of: text) == messages)
  }

  /// Reading continues after a semantic mistake, and stops at a syntax error.
  @Test func allMistakesAreReportedInOneRun() {
    #expect(
      mistakes(in: "a: 1\na: 2\nb: *x\nc: !foo 3\n? [d]\n: 4\ne: {<<: 5}\nf: @\na: 3\n") == """
        test.yaml:2:1: error: duplicate key 'a'
            2 | a: 2
              | ^
        test.yaml:1:1: note: the first one is here
            1 | a: 1
              | ^
        test.yaml:3:4: error: undefined alias '*x': no anchor '&x' precedes it
            3 | b: *x
              |    ^
        test.yaml:4:4: error: unknown tag '!foo' (known tags: !!str, !!int, !!float, !!bool, \
        !!null, !!map, !!seq)
            4 | c: !foo 3
              |    ^
        test.yaml:5:3: error: a key must be a single value, received a list of 1
            5 | ? [d]
              |   ^
        test.yaml:7:9: error: a merge key '<<' takes a mapping or a list of mappings, received '5'
            7 | e: {<<: 5}
              |         ^
        test.yaml:8:4: error: a value cannot begin with '@' here; put the text in quotes
            8 | f: @
              |    ^
        """)
  }
}

@Suite struct AliasTests {
  private static let documents: [(text: String, outline: String)] = [
    ("a: &x [1, 2]\nb: *x", #"{"a": [1, 2], "b": [1, 2]}"#),
    ("- &x 1\n- *x\n- &x 2\n- *x\n", "[1, 1, 2, 2]"),
    ("- &x ~\n- *x", "[null, null]"),
    ("- &x\n- *x", "[null, null]"),
    ("&k a: 1\nb: *k", #"{"a": 1, "b": "a"}"#),
    ("- &k a\n- *k : 1", #"["a", {"a": 1}]"#),
    ("- &x !!str 1\n- *x\n- !!str &y 2\n- *y", #"["1", "1", "2", "2"]"#),
    // A node may contain another anchor with its own name. The inner definition then wins.
    ("- &x [&x 1, *x]\n- *x", "[[1, 1], 1]"),
    ("- &x 0\n- &y {a: &x 1}\n- [*x, *y]", #"[0, {"a": 1}, [1, {"a": 1}]]"#),
  ]

  @Test(arguments: documents) func areExpanded(_ text: String, _ outline: String) throws {
    #expect(try parsed(text).outline == outline)
  }

  @Test func carryThePlaceOfTheirAnchor() throws {
    let items = try #require(try parsed("- &x abc\n- *x\n").items)
    #expect(items.map(\.mark.description) == ["test.yaml:1:3", "test.yaml:1:3"])
  }

  @Test func asKeysTheyStandWhereTheyAre() throws {
    let pairs = try #require(try parsed("a: &k b\n*k : 1\n").pairs)
    #expect(pairs.map(\.key.mark.line) == [1, 2])
  }

  @Test func undefinedOnesAreRefusedWithTheNearestName() {
    #expect(
      mistakes(in: "a: &weights 1\nb: *weigths\nc: *later\nd: &later 1\n") == """
        test.yaml:2:4: error: undefined alias '*weigths': no anchor '&weigths' precedes it; \
        did you mean '*weights'?
            2 | b: *weigths
              |    ^
        test.yaml:3:4: error: undefined alias '*later': no anchor '&later' precedes it
            3 | c: *later
              |    ^
        """)
  }

  @Test func cyclesAreRefused() {
    #expect(
      mistakes(in: "a: &x\n  b: [1, *x]\nc: &x {d: *x}\n") == """
        test.yaml:2:10: error: the alias '*x' is inside the node that it refers to
            2 |   b: [1, *x]
              |          ^
        test.yaml:1:4: note: the node begins here
            1 | a: &x
              |    ^
        test.yaml:3:11: error: the alias '*x' is inside the node that it refers to
            3 | c: &x {d: *x}
              |           ^
        test.yaml:3:4: note: the node begins here
            3 | c: &x {d: *x}
              |    ^
        """)
  }

  @Test func anAliasOfAWrongNodeIsNotReportedAgain() {
    #expect(headlines(of: "- &x !foo 1\n- *x\n- {<<: *x}\n").count == 1)
  }
}
