import Models
import Testing
import YAML

@Suite("Durations")
struct DurationTests {
  private func decoded(_ text: String) throws -> Duration? {
    var diagnostics = Diagnostics()
    let node = try #require(try Node.parse(Array("a: \(text)".utf8), name: "t")["a"])
    guard case .value(let duration) = Duration.decode(node, &diagnostics) else { return nil }
    return duration
  }

  @Test(
    "are iterations, or a number with its unit",
    arguments: [
      ("1", .iterations(1)), ("3000", .iterations(3000)), ("0x10", .iterations(16)),
      ("1000000000000", .iterations(1_000_000_000_000)), ("1 epoch", .epochs(1)),
      ("10 epochs", .epochs(10)), ("'10  epochs'", .epochs(10)), ("7 iterations", .iterations(7)),
      ("1 iteration", .iterations(1)), ("1000000000000 epochs", .epochs(1_000_000_000_000)),
    ] as [(String, Duration)])
  func values(text: String, duration: Duration) throws {
    #expect(try decoded(text) == duration)
    #expect(try decoded(duration.encoded.scalar?.text ?? "") == duration)
  }

  @Test(
    "are nothing else",
    arguments: [
      "0", "-1", "1.5", "1e3", ".nan", ".inf", "1000000000001", "9223372036854775808", "'3000'",
      "epochs", "0 epochs", "-1 epochs", "1.5 epochs", "1000000000001 epochs",
      "99999999999999999999 epochs",
      "1 Epoch", "1 day", "1 epoch more", "1epochs", "[1]", "{a: 1}", "true", "~",
    ])
  func refused(text: String) throws {
    #expect(try decoded(text) == nil)
  }

  @Test("say what they expect, and what they received")
  func message() throws {
    let text = """
      data: {train: {source: spiral}}
      network: [{name: ip, type: Linear, num_output: 3}, {name: loss, type: SoftmaxWithLoss}]
      solver: {base_lr: 0.1, max_iter: 9223372036854775808, test_interval: 2 days}
      """
    let rendered = mistakes(in: text)
    #expect(
      rendered == """
        model.yaml:3:34: error: max_iter: expected a number of iterations from 1 to 1000000000000, \
        or a text such as '10 epochs', received '9223372036854775808'
            3 | solver: {base_lr: 0.1, max_iter: 9223372036854775808, test_interval: 2 days}
              |                                  ^
        model.yaml:3:70: error: test_interval: expected a number of iterations from 1 to \
        1000000000000, or a text such as '10 epochs', received '2 days'
            3 | …base_lr: 0.1, max_iter: 9223372036854775808, test_interval: 2 days}
              |                                                              ^
        """)
  }

  @Test("count iterations by those of an epoch")
  func iterations() {
    #expect(Duration.iterations(5).iterations(perEpoch: 100) == 5)
    #expect(Duration.epochs(5).iterations(perEpoch: 100) == 500)
    #expect(Duration.epochs(Duration.limit).iterations(perEpoch: 1 << 40) == nil)
  }
}
