import ModelFiles
import ModelOracles
import Oracles
import Testing

@Suite("Expectations")
struct ExpectationTests {
  private func text(_ expect: String) -> String {
    network(["name: ip, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss"])
      + "expect: \(expect)\n"
  }

  @Test("compare a metric with a number")
  func values() throws {
    let model = try model(
      text(#"{a: ">= 0.97", b: "<= 1e-3", c: "> -2", d: "< 0x10"}"#))
    #expect(model.expectations.map(\.metric) == ["a", "b", "c", "d"])
    #expect(model.expectations.map(\.description) == [">= 0.97", "<= 0.001", "> -2.0", "< 16.0"])
  }

  @Test(
    "hold at an included bound, and never for NaN",
    arguments: [
      (">=", true, false, true), ("<=", true, true, false), (">", false, false, true),
      ("<", false, true, false),
    ])
  func holds(comparison: String, at: Bool, below: Bool, above: Bool) throws {
    let expectation = try #require(
      try model(text("{loss: \"\(comparison) 0.5\"}")).expectations.first)
    #expect(expectation.holds(for: 0.5) == at)
    #expect(expectation.holds(for: 0.25) == below)
    #expect(expectation.holds(for: 0.75) == above)
    #expect(!expectation.holds(for: .nan))
  }

  @Test("are refused at their places if they are not comparisons")
  func mistakes() {
    let rendered = ModelOracles.mistakes(
      in: text(
        """

          a: 0.97
          b: ">=0.97"
          c: "== 1"
          d: "> .nan"
          e: "> x"
          f: ["> 1"]
          g: "> 1 2"
          h:
        """))
    #expect(
      rendered == """
        model.yaml:7:6: error: a: expected a comparison such as ">= 0.97" (>=, <=, > or < and a \
        number), received '0.97'
            7 |   a: 0.97
              |      ^
        model.yaml:8:6: error: b: expected a comparison such as ">= 0.97" (>=, <=, > or < and a \
        number), received '>=0.97'
            8 |   b: ">=0.97"
              |      ^
        model.yaml:9:6: error: c: expected a comparison such as ">= 0.97" (>=, <=, > or < and a \
        number), received '== 1'
            9 |   c: "== 1"
              |      ^
        model.yaml:10:6: error: d: expected a comparison such as ">= 0.97" (>=, <=, > or < and a \
        number), received '> .nan'
           10 |   d: "> .nan"
              |      ^
        model.yaml:11:6: error: e: expected a comparison such as ">= 0.97" (>=, <=, > or < and a \
        number), received '> x'
           11 |   e: "> x"
              |      ^
        model.yaml:12:6: error: f: expected a comparison such as ">= 0.97" (>=, <=, > or < and a \
        number), received a list of 1
           12 |   f: ["> 1"]
              |      ^
        model.yaml:13:6: error: g: expected a comparison such as ">= 0.97" (>=, <=, > or < and a \
        number), received '> 1 2'
           13 |   g: "> 1 2"
              |      ^
        model.yaml:14:5: error: h: expected a comparison such as ">= 0.97" (>=, <=, > or < and a \
        number), received nothing
           14 |   h:
              |     ^
        """)
  }

  @Test(
    "are a mapping",
    arguments: [("[loss]", "a list of 1"), ("loss", "'loss'"), ("[]", "an empty list")])
  func kind(value: String, received: String) {
    #expect(
      headlines(in: text(value)) == [

        """
        model.yaml:6:9: error: expect: expected a mapping of metrics to bounds, received \
        \(received)
        """
      ])
  }

  @Test("may be left empty")
  func empty() throws {
    #expect(try model(text("")).expectations.isEmpty)
    #expect(try model(text("{}")).expectations.isEmpty)
  }
}
