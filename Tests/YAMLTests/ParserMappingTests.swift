import Oracles
import Testing
import YAML

@Suite struct ParserMappingTests {
  private static let documents: [(text: String, outline: String)] = [
    (
      "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  e: 3\n",
      #"{"a": {"b": 1, "c": 2}, "d": {"b": 1, "c": 2, "e": 3}}"#
    ),
    // The mapping's own keys have priority in any position, and keep their place.
    ("{c: 0, <<: {b: 1, c: 2}, d: 3}", #"{"c": 0, "b": 1, "d": 3}"#),
    ("{<<: {b: 1, c: 2}, c: 0}", #"{"b": 1, "c": 0}"#),
    // The earlier of several mappings has priority.
    ("{<<: [{a: 1, b: 2}, {b: 3, c: 4}]}", #"{"a": 1, "b": 2, "c": 4}"#),
    (
      "- &x {a: 1}\n- &y {a: 2, b: 2}\n- <<: [*y, *x]\n",
      #"[{"a": 1}, {"a": 2, "b": 2}, {"a": 2, "b": 2}]"#
    ),
    // A merged mapping may itself contain a merge.
    (
      "- &x {a: 1}\n- &y {<<: *x, b: 2}\n- {<<: *y, c: 3}\n",
      #"[{"a": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}]"#
    ),
    ("{<<: {}}", "{}"), ("{<<: []}", "{}"),
    // A quoted or tagged `<<` is an ordinary key. So is a `<<` outside a mapping's key.
    ("{'<<': {a: 1}}", #"{"<<": {"a": 1}}"#), ("{!!str <<: 1}", #"{"<<": 1}"#),
    ("[<<, {a: <<}]", #"["<<", {"a": "<<"}]"#),
  ]

  @Test(arguments: documents) func merges(_ text: String, _ outline: String) throws {
    #expect(try parsed(text).outline == outline)
  }

  @Test func mergedValuesKeepTheirPlaces() throws {
    let node = try parsed("- &x {a: 1}\n- {<<: *x}\n")
    let pair = try #require(node.items?.last?.pairs?.first)
    #expect(pair.key.mark.description == "test.yaml:1:7")
    #expect(pair.value.mark.description == "test.yaml:1:10")
  }

  @Test func onlyMappingsAreMerged() {
    #expect(
      mistakes(in: "a: &s 3\nb: {<<: *s}\nc: {<<: [{}, *s, [1]]}\n") == """
        test.yaml:2:9: error: a merge key '<<' takes a mapping or a list of mappings, received '3'
            2 | b: {<<: *s}
              |         ^
        test.yaml:3:9: error: a merge key '<<' takes a mapping or a list of mappings; received \
        '3' in the list
            3 | c: {<<: [{}, *s, [1]]}
              |         ^
        test.yaml:1:4: note: this is not a mapping
            1 | a: &s 3
              |    ^
        test.yaml:3:9: error: a merge key '<<' takes a mapping or a list of mappings; received \
        a list of 1 in the list
            3 | c: {<<: [{}, *s, [1]]}
              |         ^
        test.yaml:3:18: note: this is not a mapping
            3 | c: {<<: [{}, *s, [1]]}
              |                  ^
        """)
  }

  @Test func aMergeKeyStandsOnce() {
    #expect(
      mistakes(in: "<<: {a: 1}\nb: 2\n<<: {c: 3}\n") == """
        test.yaml:3:1: error: duplicate key '<<'
            3 | <<: {c: 3}
              | ^
        test.yaml:1:1: note: the first one is here
            1 | <<: {a: 1}
              | ^
        """)
  }

  private static let duplicates: [(text: String, places: [String])] = [
    ("{a: 1, b: 2, a: 3}", ["t:1:14: error: duplicate key 'a'"]),
    (
      "{a: 1, 'a': 2, \"\\x61\": 3}",
      ["t:1:8: error: duplicate key 'a'", "t:1:16: error: duplicate key 'a'"]
    ),
    ("{1: a, '1': b, 0x1: c}", ["t:1:8: error: duplicate key '1'"]),
    (
      "{~: 1, null: 2, '': 3, \"\": 4, ? : 5}",
      [
        "t:1:8: error: duplicate key '~'", "t:1:24: error: duplicate key ''",
        "t:1:33: error: duplicate key '~'",
      ]
    ),
    ("{é: 1, e\u{301}: 2}", ["t:1:8: error: duplicate key 'e\u{301}'"]),
    ("{a: &k b, *k : 1, b: 2}", ["t:1:19: error: duplicate key 'b'"]),
    ("{a: {a: 1}, b: [{a: 1}, {a: 2}]}", []),
    (
      "{a: *x, a: 1}",
      [
        "t:1:5: error: undefined alias '*x': no anchor '&x' precedes it",
        "t:1:9: error: duplicate key 'a'",
      ]
    ),
  ]

  @Test(arguments: duplicates) func keysAreComparedByTheirTexts(_ text: String, _ places: [String])
  {
    #expect(headlines(of: text) == places)
  }

  /// A few keys are compared one by one. More keys are found in a table that grows.
  @Test(arguments: [2, 7, 8, 9, 10, 16, 17, 33, 1000, 5000])
  func aDuplicateIsFoundAmongAnyNumberOfKeys(_ count: Int) throws {
    let keys = (0..<count).map { "key\($0): \($0)\n" }
    #expect(try parsed(keys.joined()).pairs?.map(\.value.outline) == (0..<count).map { "\($0)" })
    for duplicate in [0, count / 2, count - 1] {
      let text = keys.joined() + "key\(duplicate): again\n"
      var diagnostics = Diagnostics()
      do { _ = try parsed(text) } catch { diagnostics = error }
      #expect(diagnostics.all.map(\.message) == ["duplicate key 'key\(duplicate)'"])
      #expect(diagnostics.all.map(\.mark.line) == [count + 1])
      #expect(diagnostics.all.map { $0.notes.map(\.mark.line) } == [[duplicate + 1]])
    }
    // The same holds for merged keys, together with many own keys of the mapping.
    let merged = try parsed("<<: {\(keys.joined(separator: ",")), x: 1}\n" + keys.joined())
    #expect(merged.pairs?.count == count + 1)
    #expect(merged.pairs?.first?.key.scalar?.text == "x")
  }

  private static let complexKeys: [(text: String, message: String)] = [
    ("? [a, b]\n: 1\n", "t:1:3: error: a key must be a single value, received a list of 2"),
    ("{[a]: 1}", "t:1:2: error: a key must be a single value, received a list of 1"),
    ("{{a: b}: 1}", "t:1:2: error: a key must be a single value, received a mapping"),
    ("- &x [1]\n- *x : 2\n", "t:2:3: error: a key must be a single value, received a list of 1"),
    ("{{ name }}", "t:1:2: error: a key must be a single value, received a mapping"),
  ]

  @Test(arguments: complexKeys) func keysAreScalars(_ text: String, _ message: String) {
    #expect(headlines(of: text) == [message])
  }
}
