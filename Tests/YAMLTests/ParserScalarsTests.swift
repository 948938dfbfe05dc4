import Oracles
import Testing
import YAML

@Suite struct ParserScalarsTests {
  private static let tagged: [(text: String, outline: String)] = [
    ("!!str 1", #""1""#), ("! 1", #""1""#), ("!!str ~", #""~""#), ("!!str", #""""#),
    ("!!int '3'", "3"), ("!!int \"0x1F\"", "31"),
    ("!!int 99999999999999999999", "huge 99999999999999999999"),
    ("!!float 4", "4.0"), ("!!float '4.5'", "4.5"), ("!!float .inf", "inf"),
    ("!!float 99999999999999999999", "huge 99999999999999999999"),
    ("!!bool 'true'", "true"), ("!!null ''", "null"), ("!!null ~", "null"),
    ("!!map {a: !!seq [1], b: ! [2], c: ! {d: 1}}", #"{"a": [1], "b": [2], "c": {"d": 1}}"#),
    ("!<tag:yaml.org,2002:str> 1", #""1""#),
    ("%TAG !e! tag:yaml.org,2002:\n---\n!e!str 1", #""1""#),
  ]

  @Test(arguments: tagged) func coreTagsAreHonoured(_ text: String, _ outline: String) throws {
    #expect(try parsed(text).outline == outline)
  }

  private static let contradictions: [(text: String, message: String)] = [
    ("!!int abc", "the tag '!!int' contradicts 'abc'"),
    ("!!int 1.5", "the tag '!!int' contradicts '1.5'"),
    ("!!float abc", "the tag '!!float' contradicts 'abc'"),
    ("!!bool yes", "the tag '!!bool' contradicts 'yes'"),
    ("!!null 0", "the tag '!!null' contradicts '0'"),
    ("!!map abc", "the tag '!!map' contradicts 'abc'"),
    ("!!seq ''", "the tag '!!seq' contradicts ''"),
    ("!!seq {a: 1}", "the tag '!!seq' contradicts a mapping"),
    ("!!map [1, 2]", "the tag '!!map' contradicts a list of 2"),
    ("!!str []", "the tag '!!str' contradicts an empty list"),
  ]

  @Test(arguments: contradictions) func contradictionsAreRefused(_ text: String, _ message: String)
  {
    #expect(headlines(of: text) == ["t:1:1: error: \(message)"])
  }

  private static let unknown: [(text: String, tag: String, suggestion: String)] = [
    ("!foo 1", "!foo", ""), ("!!set {a}", "!!set", "; did you mean '!!seq'?"),
    ("!!flaot 1", "!!flaot", "; did you mean '!!float'?"), ("!!binary abc", "!!binary", ""),
    ("!<tag:example.com,2000:x> [1]", "!<tag:example.com,2000:x>", ""),
    ("!<x> 1", "!<x>", ""),
  ]

  @Test(arguments: unknown)
  func otherTagsAreRefused(_ text: String, _ tag: String, _ suggestion: String) {
    #expect(
      headlines(of: text) == [
        "t:1:1: error: unknown tag '\(tag)' (known tags: !!str, !!int, !!float, !!bool, !!null, "
          + "!!map, !!seq)\(suggestion)"
      ])
  }

  /// Thirty consecutive combining marks are allowed and thirty-one are refused, escaped or not.
  @Test(arguments: ["\u{301}\u{316}", "\\u0301\\u0316", "\u{344}\u{20D0}"])
  func combiningMarksAreLimited(_ pair: String) throws {
    let marks = String(repeating: pair, count: 15)
    let last = pair.hasPrefix("\\") ? "\\u0301" : "\u{301}"
    #expect(try parsed("- \"a\(marks)b\(marks)\"").items?.count == 1)
    let text = "- \"a\(marks)b\(marks)\(last)\""
    #expect(
      headlines(of: text) == ["t:1:3: error: this text has more than 30 combining marks in a row"])
  }
}
