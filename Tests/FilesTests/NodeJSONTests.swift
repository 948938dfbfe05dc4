import Files
import Oracles
import Testing
import YAML

@Suite struct NodeJSONTests {
  @Test func isIndentedByTwo() throws {
    let node = try parsed("a: 1\nb: {c: [1, x, ~], d: [], e: {}}\nf: [{g: true}, [2]]\n")
    #expect(
      node.json == """
        {
          "a": 1,
          "b": {
            "c": [1, "x", null],
            "d": [],
            "e": {}
          },
          "f": [
            {
              "g": true
            },
            [2]
          ]
        }

        """)
  }

  private static let scalars: [(text: String, json: String)] = [
    ("~", "null"), ("''", #""""#), ("true", "true"), ("FALSE", "false"), ("0", "0"), ("-7", "-7"),
    ("+7", "7"), ("007", "7"), ("0x1F", "31"), ("0o17", "15"), ("1e-3", "0.001"), ("1.", "1.0"),
    (".5", "0.5"), ("-0.0", "-0.0"), ("1e300", "1e+300"), ("1e-300", "1e-300"),
    (".inf", #"".inf""#),
    ("-.INF", #""-.inf""#), (".NaN", #"".nan""#), ("1e999", #"".inf""#),
    ("9223372036854775808", "9223372036854775808"),
    ("-0099999999999999999999", "-99999999999999999999"),
    ("+99999999999999999999", "99999999999999999999"),
    ("0xFFFFFFFFFFFFFFFFFF", #""0xFFFFFFFFFFFFFFFFFF""#), ("'1'", #""1""#), ("yes", #""yes""#),
    (#""a\"\\/\b\n\r\t\e\0""#, #""a\"\\/\u0008\n\r\t\u001b\u0000""#),
    (#""\x7f\N\L\u200b\uFEFF\U000E0001""#, #""\u007f\u0085\u2028\u200b\ufeff\udb40\udc01""#),
    ("é字😀", #""é字😀""#),
  ]

  @Test(arguments: scalars) func scalarsAreWrittenAsTheirValues(_ text: String, _ json: String)
    throws
  {
    #expect(try parsed("- \(text)").json == "[\(json)]\n")
    #expect(try parsed("{\"\\tk\": \(text)}").json == "{\n  \"\\tk\": \(json)\n}\n")
  }

  @Test func keysAreTexts() throws {
    #expect(
      try parsed("{1: a, ~: b, true: c, 'q\"': d}").json
        == "{\n  \"1\": \"a\",\n  \"~\": \"b\",\n  \"true\": \"c\",\n  \"q\\\"\": \"d\"\n}\n")
  }
}
